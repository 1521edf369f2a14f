//! What a desktop leaves lying about beside the files of a person: made by the system or by an
//! office program, never by who exports. One list for who checks and who sends (no public document
//! states one: Assumed).

use crate::file_name::base_name_in_archive;

/// Names that are whole, in lower case.
const NAMES: [&str; 8] = [
    ".ds_store",
    "desktop.ini",
    "ehthumbs.db",
    "ehthumbs_vista.db",
    "icon\r",
    // The same as it is shown.
    "icon〈0d〉",
    "thumbs.db",
    "thumbs.db:encryptable",
];

/// Folders whose whole content is left over, in lower case.
const FOLDERS: [&str; 2] = ["__macosx", "$recycle.bin"];

/// Whether a file or folder of this name, without folders in front, was left by the desktop.
///
/// ```
/// use careplan_spec::left_lying::is_name;
///
/// assert!(is_name("Thumbs.db") && is_name("._UPPLAN.CSV") && is_name("~$案内.xlsx"));
/// assert!(!is_name("案内.xlsx") && !is_name(".settings"));
/// ```
pub fn is_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    // `._X` of macOS, `~$X` while Office has X open, `.~lock.X#` while LibreOffice has.
    name.starts_with("._")
        || name.starts_with("~$")
        || (name.starts_with(".~lock.") && name.ends_with('#'))
        // Where X came from, as Windows notes it; other systems cannot write the colon.
        || [":zone.identifier", "\u{f03a}zone.identifier"].iter().any(|end| lower.ends_with(end))
        || NAMES.contains(&lower.as_str())
        || FOLDERS.contains(&lower.as_str())
}

/// Whether what stands at a path, or in an archive (`archive.zip!folder/name`), was left by the
/// desktop.
pub fn is_path(path: &str) -> bool {
    is_name(base_name_in_archive(path))
        || path.split(['/', '\\', '!']).any(|part| {
            let part = part.to_ascii_lowercase();
            FOLDERS.contains(&part.as_str())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_desktops_leave_is_known_by_name_and_place() {
        let csv = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";
        for name in [
            ".DS_Store",
            "Desktop.ini",
            "THUMBS.DB",
            "ehthumbs.db",
            "Icon\r",
            "__MACOSX",
            "$RECYCLE.BIN",
            &format!("._{csv}"),
            &format!("~${csv}"),
            &format!(".~lock.{csv}#"),
            &format!("{csv}:Zone.Identifier"),
            &format!("{csv}\u{f03a}Zone.Identifier"),
        ] {
            assert!(is_name(name) && is_path(name), "{name:?}");
            assert!(is_path(&format!("a.zip!送信/{name}")), "{name:?}");
        }
        for path in ["a.zip!__MACOSX/送信/x.CSV", "__MACOSX/x.CSV", "D:\\$RECYCLE.BIN\\x.CSV"] {
            assert!(is_path(path), "{path}");
        }
        for name in
            [csv, &format!(".{csv}"), "_X", "Zone.Identifier", "desktop.ini.txt", ".~lock.x", "~x"]
        {
            assert!(!is_name(name) && !is_path(&format!("desktop/{name}")), "{name}");
        }
    }
}
