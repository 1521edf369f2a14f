//! One case: settings and files, written as bytes that mutate well.
//!
//! Two bytes of settings, then files separated by [`SEPARATOR`]. The first byte of a file chooses
//! its name: one of [`NAMES`], or, beyond the last of them, the text up to the first LF. The
//! rest is content.

use std::sync::LazyLock;

use careplan_fixtures::request::all_units;
use careplan_fixtures::{Request, generate, mutant};
use careplan_judge::engine::Input;
use careplan_judge::message::Wording;
use careplan_judge::profile::{Profile, Purpose, Scope};
use careplan_judge::severity::Severity;
use careplan_reports::Format;
use careplan_spec::file_name::FileName;
use careplan_spec::{Lang, StandardVersion};

/// Stands between two files; no file of the standard holds it.
pub const SEPARATOR: &[u8] = b"\x1C\x1C\x1C";
/// The first byte of a file that brings its own name.
pub const OWN_NAME: u8 = 0xFF;
/// More files than any send unit has.
const MOST_FILES: usize = 8;
/// Beyond what the checker reads at once to learn the encoding (64 KiB).
const GROWN: usize = 80 * 1024;

/// A run of the checker.
#[derive(Debug, Clone)]
pub struct Case {
    /// Settings.
    pub profile: Profile,
    /// Language and masking.
    pub wording: Wording,
    /// A report format to write besides JSON.
    pub format: Format,
    /// Names and contents.
    pub files: Vec<(String, Vec<u8>)>,
    /// Read in pieces of this many bytes a second time; the reports must not differ.
    pub pieces: Option<usize>,
}

/// The names that one byte can choose: every kind of 4.1 and of version 3.
pub static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut names: Vec<FileName> = Vec::new();
    for unit in all_units() {
        let is_old = unit.version == StandardVersion::V3;
        let month = if is_old { mutant::MONTH_V3 } else { mutant::MONTH };
        let request = Request::new(unit.id, month).expect("a known unit");
        for name in generate::names(&request) {
            if !names.iter().any(|old| (old.kind, old.version) == (name.kind, name.version)) {
                names.push(name);
            }
        }
    }
    names.iter().map(FileName::compose).collect()
});

impl Case {
    /// Reads a case; every input is one.
    pub fn read(data: &[u8]) -> Self {
        let (settings, rest) = data.split_at(data.len().min(2));
        let first = settings.first().copied().unwrap_or(0);
        let second = settings.get(1).copied().unwrap_or(0);
        let mut profile = Profile::new(Purpose::ALL[usize::from(first & 3) % Purpose::ALL.len()]);
        if first & 4 != 0 {
            profile.scope = Scope::File;
        }
        if first & 8 != 0 {
            profile.fail_on = Severity::Info;
        }
        profile.as_of = match first >> 4 & 3 {
            1 => Some(202_406),
            2 => Some(202_606),
            3 => Some(0),
            _ => None,
        };
        if first & 64 != 0 {
            profile.max_record = 200;
        }
        profile.excerpts = if first & 128 != 0 { u32::MAX } else { 1 };
        let wording = Wording {
            lang: if second & 1 != 0 { Lang::En } else { Lang::Ja },
            show_values: second & 2 != 0,
        };
        let format = Format::ALL[usize::from(second >> 2 & 7)];
        let pieces = match second >> 5 {
            7 => Some(4093),
            6 => Some(509),
            5 => Some(251),
            _ => None,
        };
        let names = &*NAMES;
        let mut files: Vec<_> =
            split(rest).into_iter().take(MOST_FILES).map(|file| named(file, names)).collect();
        if pieces.is_some() {
            files.truncate(1);
            files.iter_mut().for_each(|(_, content)| grow(content));
        }
        Self { profile, wording, format, files, pieces }
    }

    /// Writes files with plain settings in the form that [`Case::read`] reads.
    pub fn write(settings: [u8; 2], files: &[(String, Vec<u8>)]) -> Vec<u8> {
        let names = &*NAMES;
        let mut out = settings.to_vec();
        for (at, (name, content)) in files.iter().enumerate() {
            if at > 0 {
                out.extend_from_slice(SEPARATOR);
            }
            match names.iter().position(|known| known == name) {
                Some(known) => out.push(known as u8),
                None => {
                    out.push(OWN_NAME);
                    out.extend_from_slice(name.as_bytes());
                    out.push(b'\n');
                }
            }
            out.extend_from_slice(content);
        }
        out
    }

    /// The files, whole.
    pub fn inputs(&self) -> impl Iterator<Item = Input<'_>> {
        self.files.iter().map(|(name, content)| Input::from_bytes(name.clone(), content))
    }
}

fn split(mut rest: &[u8]) -> Vec<&[u8]> {
    let mut files = Vec::new();
    while let Some(at) = rest.windows(SEPARATOR.len()).position(|part| part == SEPARATOR) {
        files.push(&rest[..at]);
        rest = &rest[at + SEPARATOR.len()..];
    }
    files.push(rest);
    files
}

fn named(file: &[u8], names: &[String]) -> (String, Vec<u8>) {
    let Some((&choice, rest)) = file.split_first() else {
        return (String::new(), Vec::new());
    };
    if let Some(name) = names.get(usize::from(choice)) {
        return (name.clone(), rest.to_vec());
    }
    let end = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
    let content = rest.get(end + 1..).unwrap_or_default();
    (String::from_utf8_lossy(&rest[..end]).into_owned(), content.to_vec())
}

/// Repeats the content until it is longer than the sample, so that reading in pieces matters.
fn grow(content: &mut Vec<u8>) {
    let once = content.len();
    while once > 0 && content.len() < GROWN {
        content.extend_from_within(..once);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_cases_are_read_back() {
        let files = [
            (NAMES[3].clone(), b"1,2\r\n".to_vec()),
            ("UPPLAN (1).csv".to_owned(), b"\"\n\"".to_vec()),
            (NAMES[NAMES.len() - 1].clone(), Vec::new()),
        ];
        let case = Case::read(&Case::write([0, 0], &files));
        assert_eq!(case.files, files);
        assert_eq!(case.pieces, None);
    }

    #[test]
    fn cases_in_pieces_are_longer_than_the_sample() {
        let files = [(NAMES[0].clone(), b"1,2\r\n".to_vec())];
        let case = Case::read(&Case::write([0, 0xE0], &files));
        assert_eq!(case.pieces, Some(4093));
        assert!(case.files[0].1.len() >= GROWN);
    }

    #[test]
    fn a_byte_can_choose_every_name() {
        assert!(NAMES.len() < usize::from(OWN_NAME));
    }
}
