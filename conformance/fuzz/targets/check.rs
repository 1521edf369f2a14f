//! Files of any content under any settings: no panic, and a report that adds up.
#![no_main]

use careplan_conformance::repair::{Repair, Replacements};
use careplan_conformance_fuzz::case::Case;
use careplan_conformance_fuzz::invariant::check_case;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let case = Case::read(data);
    check_case(&case);
    if case.pieces.is_none()
        && let [(name, content)] = &case.files[..]
    {
        let _ = Repair::of(name, content, &Replacements::default());
    }
});
