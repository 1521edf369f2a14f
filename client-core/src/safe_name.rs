//! File names from elsewhere: what an unsafe one becomes.

use careplan_spec::attachment_name::{MAX_BYTES, is_device, unusable, unusable_character};

/// Whether a name can be used as it is, on Windows and elsewhere, and stays in its folder: the rule
/// the relay goes by too.
pub(crate) fn is_safe(name: &str) -> bool {
    unusable(name).is_none()
}

/// The name itself if it is safe, otherwise one that is: forbidden characters become `_`, reserved
/// names get a `_` in front, long names are cut before their extension.
pub(crate) fn make_safe(name: &str) -> String {
    if is_safe(name) {
        return name.to_owned();
    }
    let mut out: String =
        name.chars().map(|c| if unusable_character(c).is_some() { '_' } else { c }).collect();
    if out.len() > MAX_BYTES {
        let extension = match out.rfind('.') {
            Some(dot) if out.len() - dot <= 16 => out.split_off(dot),
            _ => String::new(),
        };
        let mut end = (MAX_BYTES - 1).saturating_sub(extension.len()).min(out.len());
        while !out.is_char_boundary(end) {
            end -= 1;
        }
        out.truncate(end);
        out.push_str(&extension);
    }
    let is_edge = |c: char| c == '.' || c.is_whitespace();
    let end = out.trim_end_matches(is_edge).len();
    out.truncate(end);
    if out.is_empty() || out.starts_with(is_edge) || is_device(&out) {
        out.insert(0, '_');
    }
    out
}

/// The form in which two names are the same file on Windows.
pub(crate) fn folded(name: &str) -> String {
    name.to_uppercase()
}

/// The name with ` (2)`, ` (3)` … before its extension; the name itself for 1.
pub(crate) fn numbered(name: &str, number: u32) -> String {
    if number <= 1 {
        return name.to_owned();
    }
    match name.rfind('.') {
        Some(dot) if dot > 0 => format!("{} ({number}){}", &name[..dot], &name[dot..]),
        _ => format!("{name} ({number})"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_of_the_standard_and_ordinary_attachments_stay() {
        for name in [
            "UPPLAN_202611_4770190017_43_4770190025_15_20261121100000.CSV",
            "ご案内（11月）.pdf",
            "COM10.txt",
            "console.txt",
        ] {
            assert_eq!(make_safe(name), name);
        }
    }

    #[test]
    fn traps_are_defused() {
        for (name, safe) in [
            ("../../etc/passwd", "_.._.._etc_passwd"),
            ("C:\\Windows\\a.txt", "C__Windows_a.txt"),
            ("con", "_con"),
            ("NUL.txt", "_NUL.txt"),
            ("lpt1 .csv", "_lpt1 .csv"),
            ("a.txt. ", "a.txt"),
            ("..", "_"),
            ("", "_"),
            ("a\0b", "a_b"),
            ("\u{202e}fdp.exe", "_fdp.exe"),
        ] {
            assert_eq!(make_safe(name), safe, "{name:?}");
        }
    }

    #[test]
    fn numbers_go_before_the_extension() {
        assert_eq!(numbered("a.csv", 1), "a.csv");
        assert_eq!(numbered("a.csv", 2), "a (2).csv");
        assert_eq!(numbered("folder", 3), "folder (3)");
    }

    proptest! {
        #[test]
        fn whatever_comes_is_made_safe(name in ".{0,300}") {
            prop_assert!(is_safe(&make_safe(&name)), "{:?}", make_safe(&name));
        }
    }
}
