//! Any text as a file name: no panic, and names that are read can be written.
#![no_main]

use careplan_conformance_fuzz::invariant::check_name;

libfuzzer_sys::fuzz_target!(|data: &[u8]| check_name(&String::from_utf8_lossy(data)));
