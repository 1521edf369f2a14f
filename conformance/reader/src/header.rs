//! What is known of a file before its records are read: name, kind, version, layout.

use careplan_spec::file_name::{self, FileName, Reading};
use careplan_spec::{FileKind, Layout, StandardVersion, Text, csv_version};

use crate::scanner::Slot;

/// The file a record belongs to.
#[derive(Debug, Clone)]
pub struct FileHeader {
    /// The name as given, without folders.
    pub base_name: String,
    /// What the name says.
    pub reading: Reading,
    /// The name, also where it had to be repaired to be understood.
    pub name: Option<FileName>,
    /// The kind of file.
    pub kind: FileKind,
    /// The version whose layout is used: by content (CSVバージョン, columns) before name.
    pub version: StandardVersion,
    /// The layout; `None` for the JPEG.
    pub layout: Option<&'static Layout>,
}

impl FileHeader {
    /// What the name says; [`Reading`] where that is not even a kind of file. `as_of` is the month
    /// whose version is taken where the name tells none.
    ///
    /// # Errors
    /// A name that is none of the standard's, as it was understood.
    pub fn of(base_name: &str, as_of: Option<u32>) -> Result<Self, Reading> {
        let reading = file_name::read(base_name);
        let (kind, version, name) = match &reading {
            Reading::Standard { name, .. } => (name.kind, Some(name.version), Some(name.clone())),
            Reading::NearMiss { kind: Some(kind), version, name, .. } => {
                (*kind, *version, name.clone())
            }
            Reading::NearMiss { kind: None, .. } | Reading::Foreign => return Err(reading),
        };
        let by_month = || as_of.map_or(StandardVersion::V4_1, csv_version::standard_for_month);
        Ok(Self {
            base_name: base_name.to_owned(),
            reading,
            name,
            kind,
            version: version.unwrap_or_else(by_month),
            layout: None,
        })
    }

    /// Service month of the name (YYYYMM); `None` without one or for `000000`.
    pub fn name_month(&self) -> Option<u32> {
        self.name.as_ref().and_then(FileName::service_month)
    }
}

/// The layout by content before name: CSVバージョン, then a telling number of columns.
pub(crate) fn choose_layout(
    header: &mut FileHeader,
    record: &[u8],
    columns: usize,
) -> &'static Layout {
    let first = record.split(|&byte| byte == b',').next().unwrap_or_default();
    let first = first.strip_prefix(b"\"").unwrap_or(first);
    let first = first.strip_suffix(b"\"").unwrap_or(first);
    let by_value = csv_version::find(first).and_then(|version| version.standard);
    let layout = |version: StandardVersion| header.kind.layout(version);
    let by_columns = [StandardVersion::V4_1, StandardVersion::V3].into_iter().find(|&version| {
        let other = match version {
            StandardVersion::V4_1 => StandardVersion::V3,
            StandardVersion::V3 => StandardVersion::V4_1,
        };
        layout(version).is_some_and(|l| l.columns() == columns)
            && layout(other).is_none_or(|l| l.columns() != columns)
    });
    let version = by_value
        .or(by_columns.filter(|_| csv_version::find(first).is_none()))
        .filter(|&version| layout(version).is_some())
        .unwrap_or(header.version);
    let chosen = layout(version)
        .or_else(|| layout(StandardVersion::V4_1))
        .expect("every CSV kind has a layout in 4.1");
    header.version = chosen.version;
    header.layout = Some(chosen);
    chosen
}

/// The name of the delimiter a line seems to use instead of the comma.
pub(crate) fn other_delimiter(line: &[u8], columns: usize) -> Option<Text> {
    let count = |byte: u8| line.iter().filter(|&&b| b == byte).count();
    if columns < 3 || count(b',') > columns / 4 {
        return None;
    }
    let full_width = line.windows(2).filter(|pair| pair == b"\x81\x43").count();
    let enough = columns / 2;
    if count(b'\t') >= enough {
        Some(Text::new("タブ", "tab"))
    } else if count(b';') >= enough {
        Some(Text::new("セミコロン（;）", "semicolon"))
    } else if count(b'|') >= enough {
        Some(Text::new("縦棒（|）", "vertical bar"))
    } else if full_width >= enough {
        Some(Text::new("全角カンマ（，）", "full-width comma"))
    } else {
        None
    }
}

/// A heading: neither the version nor the insurer number holds a digit, and there is something
/// to read.
pub(crate) fn is_heading(record: &[u8], slots: &[Slot]) -> bool {
    let (Some(first), Some(second)) = (slots.first(), slots.get(1)) else { return false };
    let (first, second) = (first.value(record), second.value(record));
    let has_digit = |value: &[u8]| value.iter().any(u8::is_ascii_digit);
    !first.is_empty() && !second.is_empty() && !has_digit(first) && !has_digit(second)
}

/// A line before the records that a program wrote about the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preamble {
    /// `sep=,`: tells Excel the delimiter.
    Separator,
    /// `#TYPE …`: the class name that PowerShell's Export-Csv writes.
    Type,
}

impl Preamble {
    /// What text of records begins with, and how long the line is with its end.
    pub fn of(text: &[u8]) -> Option<(Self, usize)> {
        let end = text.iter().position(|byte| matches!(byte, b'\r' | b'\n'))?;
        let ends: &[u8] = if text[end..].starts_with(b"\r\n") { b"\r\n" } else { b"\n" };
        Some((preamble(&text[..end])?, end + ends.len()))
    }
}

/// What a line is, where a program wrote it about the file.
pub(crate) fn preamble(line: &[u8]) -> Option<Preamble> {
    let line = line.strip_prefix(b"\"").unwrap_or(line);
    let begins = |word: &[u8]| line.get(..word.len()).is_some_and(|p| p.eq_ignore_ascii_case(word));
    if begins(b"sep=") && line.len() <= 8 {
        Some(Preamble::Separator)
    } else if begins(b"#TYPE ") {
        Some(Preamble::Type)
    } else {
        None
    }
}
