//! The checker as a WebAssembly module: a page checks files where they are, nothing is uploaded.
//!
//! The module imports nothing. A run is four steps, all numbers are 32-bit:
//!
//! 1. [`add_file`] once for every file gives the address of `name_length + content_length` bytes;
//!    write the name in UTF-8 there, then the content. A later call may move the memory of the
//!    module, so take a new view of it after each call.
//! 2. [`check`] checks all of them as one run and gives the address of the JSON report.
//! 3. [`report_length`] tells how long it is. Read it as UTF-8.
//! 4. [`clear`] forgets files and report.
//!
//! The report is byte for byte what `careplan-conformance check --report json` writes for the same
//! names and contents. `check.mjs` shows all of it in use and holds both against each other.

use std::cell::RefCell;

use careplan_judge::message::Wording;
use careplan_judge::profile::{Purpose, Scope};
use careplan_judge::{Input, Profile};
use careplan_reports::{Format, Reports, TextOptions};
use careplan_spec::Lang;

thread_local! {
    // A module has one thread; natively every test has its own.
    static SESSION: RefCell<Session> = const { RefCell::new(Session::new()) };
}

/// The files of the next run and the report of the last.
struct Session {
    files: Vec<File>,
    report: Vec<u8>,
}

/// The name, then the content, in one piece of memory that the host fills.
struct File {
    bytes: Vec<u8>,
    name_length: usize,
}

impl Session {
    const fn new() -> Self {
        Self { files: Vec::new(), report: Vec::new() }
    }

    fn check(&mut self, wording: Wording, profile: &Profile) {
        self.report.clear();
        let mut reports = Reports::new(wording, profile);
        reports.add(Format::Json, &mut self.report, TextOptions::default());
        let inputs = self.files.iter().map(|file| {
            let (name, content) = file.bytes.split_at(file.name_length);
            Input::from_bytes(String::from_utf8_lossy(name), content)
        });
        let summary = careplan_judge::check(inputs, profile, &mut reports);
        reports.finish(&summary).expect("memory takes every report");
    }
}

/// Adds a file to the next run: the address of `name_length + content_length` zero bytes, to be
/// overwritten with the name and the content.
#[expect(unsafe_code, reason = "exported under its plain name")]
#[unsafe(no_mangle)]
pub extern "C" fn add_file(name_length: usize, content_length: usize) -> *mut u8 {
    SESSION.with_borrow_mut(|session| {
        let bytes = vec![0; name_length + content_length];
        session.files.push(File { bytes, name_length });
        session.files.last_mut().map_or(std::ptr::null_mut(), |file| file.bytes.as_mut_ptr())
    })
}

/// Checks the files that were added, in that order: the address of the JSON report.
///
/// - `lang`: 0 Japanese, 1 English.
/// - `purpose`: 0 `vendor`, 1 `relay`, 2 `lenient`.
/// - `scope`: 0 `unit`, 1 `file`.
/// - `show_values`: 0 masks personal values, 1 shows them.
///
/// Any other number stands for 0.
#[expect(unsafe_code, reason = "exported under its plain name")]
#[unsafe(no_mangle)]
pub extern "C" fn check(lang: u32, purpose: u32, scope: u32, show_values: u32) -> *const u8 {
    let wording = Wording {
        lang: if lang == 1 { Lang::En } else { Lang::Ja },
        show_values: show_values == 1,
    };
    let purpose = Purpose::ALL.get(purpose as usize).copied().unwrap_or_default();
    let scope = if scope == 1 { Scope::File } else { Scope::Unit };
    let profile = Profile::new(purpose).with_scope(scope);
    SESSION.with_borrow_mut(|session| {
        session.check(wording, &profile);
        session.report.as_ptr()
    })
}

/// The length of the last report in bytes; 0 before the first and after [`clear`].
#[expect(unsafe_code, reason = "exported under its plain name")]
#[unsafe(no_mangle)]
pub extern "C" fn report_length() -> usize {
    SESSION.with_borrow(|session| session.report.len())
}

/// Forgets the files and the report and gives their memory back.
#[expect(unsafe_code, reason = "exported under its plain name")]
#[unsafe(no_mangle)]
pub extern "C" fn clear() {
    SESSION.with_borrow_mut(|session| *session = Session::new());
}

#[cfg(test)]
mod tests {
    use super::*;
    use careplan_fixtures::mutant::{Base, EditableUnit};

    /// Adds a file as a host would, but for the address.
    fn add(name: &str, content: &[u8]) {
        assert!(!add_file(name.len(), content.len()).is_null());
        SESSION.with_borrow_mut(|session| {
            let file = session.files.last_mut().expect("just added");
            file.bytes[..name.len()].copy_from_slice(name.as_bytes());
            file.bytes[name.len()..].copy_from_slice(content);
        });
    }

    fn report() -> String {
        SESSION.with_borrow(|session| {
            String::from_utf8(session.report.clone()).expect("reports are UTF-8")
        })
    }

    #[test]
    fn a_send_unit_is_checked_as_one_run() {
        for (name, content) in EditableUnit::of(&Base::of("K1")).expect("a unit").files() {
            add(&name, &content);
        }
        assert!(!check(1, 0, 0, 0).is_null());
        assert!(report().contains("\"verdict\":\"accepted\""), "{}", report());
        assert_eq!(report_length(), report().len());
        clear();
        assert_eq!(report_length(), 0);
    }

    #[test]
    fn numbers_choose_language_purpose_and_scope() {
        let mut files = EditableUnit::of(&Base::of("K1")).expect("a unit").files();
        files.truncate(1);
        let (name, content) = &files[0];
        add(name, content);
        check(0, 0, 0, 0);
        assert!(report().contains("\"code\":\"X001\"") || report().contains("\"code\":\"X002\""));
        assert!(!report().contains("relay_message"));
        check(0, 1, 0, 0);
        assert!(report().contains("ファイルの組み合わせが正しくありません"));
        check(1, 1, 0, 0);
        assert!(report().contains("The combination of files is not right"));
        check(9, 9, 1, 0);
        assert!(report().contains("\"findings\":[\n]"), "{}", report());
    }
}
