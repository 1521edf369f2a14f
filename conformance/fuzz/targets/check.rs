//! Files of any content under any settings: no panic, a report that adds up, and repairs that do
//! no harm.
#![no_main]

use careplan_conformance_fuzz::case::Case;
use careplan_conformance_fuzz::invariant::{check_case, check_repair};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let case = Case::read(data);
    check_case(&case);
    if case.pieces.is_none()
        && let [(name, content)] = &case.files[..]
    {
        check_repair(name, content);
    }
});
