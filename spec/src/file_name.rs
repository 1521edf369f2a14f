//! File names: what they say, how they are written, and the near misses people really make.
//!
//! Clauses: the file-name rules of every layout table (`L`), S 2.4, S 3.4, V3 2.4.

use std::fmt;

use crate::calendar;
use crate::file_kind::{FileKind, StandardVersion};
use crate::office_number;
use crate::sequence;
use crate::text::{Text, nearest};

/// One side of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Party {
    /// Office number, ten ASCII characters.
    pub office: [u8; 10],
    /// Service kind, two ASCII characters; `None` in version 3.
    pub service_kind: Option<[u8; 2]>,
}

impl Party {
    /// The office number; empty where it is no text, which it is in no name that was read.
    pub fn office(&self) -> &str {
        std::str::from_utf8(&self.office).unwrap_or_default()
    }

    /// The service kind; empty where it is no text.
    pub fn service_kind(&self) -> Option<&str> {
        Some(std::str::from_utf8(self.service_kind.as_ref()?).unwrap_or_default())
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.office())?;
        match self.service_kind() {
            Some(kind) => write!(f, "/{kind}"),
            None => Ok(()),
        }
    }
}

/// A file name of the standard, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileName {
    /// The kind of file.
    pub kind: FileKind,
    /// Which version's grammar.
    pub version: StandardVersion,
    /// Service month, YYYYMM; `000000` where a UPHOSOKU belongs to a plan.
    pub month: Option<[u8; 6]>,
    /// Who sends.
    pub sender: Party,
    /// Who receives.
    pub receiver: Party,
    /// ファイル連番, 14 digits.
    pub sequence: [u8; 14],
    /// 枝番 of an image, four digits.
    pub branch: Option<[u8; 4]>,
}

/// What the files of one send unit have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitKey {
    /// The version of the standard.
    pub version: StandardVersion,
    /// Who sends.
    pub sender: Party,
    /// Who receives.
    pub receiver: Party,
    /// The sequence.
    pub sequence: [u8; 14],
}

impl FileName {
    /// The name as the standard writes it: `.CSV`, images `.jpg`.
    ///
    /// ```
    /// use careplan_spec::file_name::{self, Reading};
    ///
    /// let name = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";
    /// let Reading::Standard { name: mut read, .. } = file_name::read(name) else { panic!() };
    /// assert_eq!(read.compose(), name);
    /// std::mem::swap(&mut read.sender, &mut read.receiver);
    /// assert!(read.compose().starts_with("UPPLAN_202606_4779000183_11_4779000118_43_"));
    /// ```
    pub fn compose(&self) -> String {
        let mut out = String::from(self.kind.prefix());
        let mut part = |bytes: &[u8]| {
            out.push('_');
            out.push_str(&String::from_utf8_lossy(bytes));
        };
        if let Some(month) = &self.month {
            part(month);
        }
        for party in [&self.sender, &self.receiver] {
            part(&party.office);
            if let Some(kind) = &party.service_kind {
                part(kind);
            }
        }
        part(&self.sequence);
        if let Some(branch) = &self.branch {
            part(branch);
        }
        out.push_str(if self.kind.is_csv() { ".CSV" } else { ".jpg" });
        out
    }

    /// Service month as a number; `None` without one or for `000000`.
    pub fn service_month(&self) -> Option<u32> {
        calendar::parse_month(self.month.as_ref()?).map(calendar::Month::number)
    }

    /// The send unit the file belongs to.
    pub const fn unit_key(&self) -> UnitKey {
        UnitKey {
            version: self.version,
            sender: self.sender,
            receiver: self.receiver,
            sequence: self.sequence,
        }
    }
}

/// A harmless departure from the grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quirk {
    /// `.csv` instead of `.CSV`.
    LowerCaseExtension,
    /// `UPKIHON_000000_…`, as an example in the body of the standard shows it.
    MonthInBasicInformation,
    /// `.JPG` instead of `.jpg`, as an example of the annex shows it.
    UpperCaseImageExtension,
}

/// A part of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamePart {
    /// Service month.
    Month,
    /// Sender's office number.
    Sender,
    /// Sender's service kind.
    SenderKind,
    /// Receiver's office number.
    Receiver,
    /// Receiver's service kind.
    ReceiverKind,
    /// Sequence.
    Sequence,
    /// Branch number of an image.
    Branch,
}

impl NamePart {
    /// What the part is called.
    pub const fn label(self) -> Text {
        match self {
            Self::Month => Text::new("提供年月（6桁）", "service month (6 digits)"),
            Self::Sender => Text::new("送信元事業所番号（10桁）", "sender's office number (10)"),
            Self::SenderKind => Text::new("送信元サービス種類（2桁）", "sender's service kind (2)"),
            Self::Receiver => {
                Text::new("送信先事業所番号（10桁）", "receiver's office number (10)")
            }
            Self::ReceiverKind => {
                Text::new("送信先サービス種類（2桁）", "receiver's service kind (2)")
            }
            Self::Sequence => {
                Text::new("年月日時分秒の連番（14桁）", "date and time, the sequence (14 digits)")
            }
            Self::Branch => Text::new("枝番（4桁）", "branch number (4 digits)"),
        }
    }
}

/// What keeps a name from being one of the standard's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Defect {
    /// ` (1)`, ` - コピー`: renamed by a browser or a file manager.
    RenamedCopy(String),
    /// The prefix is no file kind.
    UnknownPrefix {
        /// As found.
        found: String,
        /// The kind that was probably meant.
        did_you_mean: Option<FileKind>,
    },
    /// The prefix is not in upper case.
    LowerCasePrefix,
    /// Full-width characters.
    FullWidth,
    /// Spaces.
    Spaces,
    /// Hyphens instead of underscores.
    WrongSeparator,
    /// Another extension, or none.
    Extension(String),
    /// A service kind of three characters: the form of version 4.0.
    ThreeDigitServiceKind,
    /// A part that is empty.
    Empty(NamePart),
    /// A part that does not have its form.
    Malformed(NamePart, String),
    /// Too few parts.
    MissingParts,
    /// Too many parts.
    ExtraParts,
    /// A month in a name that has none.
    UnexpectedMonth,
}

impl Defect {
    /// The defect in words, Japanese and English.
    pub fn describe(&self) -> Text<String> {
        match self {
            Self::RenamedCopy(mark) => Text::made(
                format!("「{mark}」が付いています（ブラウザーやコピーで名前が変わっています）"),
                format!("\"{mark}\" was added by a browser or by copying"),
            ),
            Self::UnknownPrefix { found, did_you_mean: Some(kind) } => Text::made(
                format!("「{found}」という種別はありません（{}ではありませんか）", kind.prefix()),
                format!("there is no kind {found} (did you mean {}?)", kind.prefix()),
            ),
            Self::UnknownPrefix { found, did_you_mean: None } => Text::made(
                format!("「{found}」という種別はありません"),
                format!("there is no kind {found}"),
            ),
            Self::LowerCasePrefix => {
                Text::made("種別は半角大文字で書きます", "the kind is written in upper case")
            }
            Self::FullWidth => {
                Text::made("全角文字が含まれています", "it holds full-width characters")
            }
            Self::Spaces => Text::made("空白が含まれています", "it holds spaces"),
            Self::WrongSeparator => Text::made(
                "区切りは半角アンダースコア（_）です",
                "parts are separated by underscores",
            ),
            Self::Extension(found) if found.is_empty() => {
                Text::made("拡張子がありません", "the extension is missing")
            }
            Self::Extension(found) => Text::made(
                format!("拡張子が「.{found}」です"),
                format!("the extension is .{found}"),
            ),
            Self::ThreeDigitServiceKind => Text::made(
                "サービス種類が3桁です（廃止された4.0の形式。4.1は2桁）",
                "the service kind has three characters (withdrawn version 4.0; 4.1 has two)",
            ),
            Self::Empty(part) => Text::made(
                format!("{}が空です", part.label().ja),
                format!("the {} is empty", part.label().en),
            ),
            Self::Malformed(part, found) => Text::made(
                format!("{}が「{found}」になっています", part.label().ja),
                format!("the {} is {found}", part.label().en),
            ),
            Self::MissingParts => Text::made("要素が足りません", "parts are missing"),
            Self::ExtraParts => Text::made("余分な要素があります", "there are too many parts"),
            Self::UnexpectedMonth => {
                Text::made("この種別の名前に年月は入りません", "this kind has no month in its name")
            }
        }
    }
}

/// What a name turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// A name of the standard.
    Standard {
        /// Taken apart.
        name: FileName,
        /// Harmless departures.
        quirks: Vec<Quirk>,
    },
    /// Meant to be one, but not.
    NearMiss {
        /// The kind that was probably meant.
        kind: Option<FileKind>,
        /// The version that was probably meant.
        version: Option<StandardVersion>,
        /// What is wrong, at least one.
        defects: Vec<Defect>,
        /// What the name would be after a mechanical repair, so that the content can be judged.
        name: Option<FileName>,
    },
    /// Nothing to do with the standard.
    Foreign,
}

/// The last part of a path, whichever system wrote it: what the standard calls the file name.
pub fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The same of a path that may lead into an archive: `folder/archive.zip!inner/NAME.CSV`.
pub fn base_name_in_archive(path: &str) -> &str {
    let name = base_name(path);
    name.rsplit('!').next().unwrap_or(name)
}

/// Reads a file name (without folders).
///
/// ```
/// use careplan_spec::FileKind;
/// use careplan_spec::file_name::{self, Reading};
///
/// let name = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";
/// assert!(matches!(file_name::read(name), Reading::Standard { name, .. } if name.kind == FileKind::Upplan));
/// assert!(matches!(file_name::read("UPPLAN.CSV"), Reading::NearMiss { .. }));
/// assert_eq!(file_name::read("議事録.docx"), Reading::Foreign);
/// ```
pub fn read(name: &str) -> Reading {
    match exact(name) {
        Some((name, quirks)) => Reading::Standard { name, quirks },
        None => near_miss(name),
    }
}

/// Reads a name that follows the grammar to the letter, quirks aside.
fn exact(name: &str) -> Option<(FileName, Vec<Quirk>)> {
    let (stem, extension) = name.rsplit_once('.')?;
    let (kind, parts) = split_prefix(stem)?;
    let mut quirks = Vec::new();
    match (kind.is_csv(), extension) {
        (true, "CSV") | (false, "jpg") => {}
        (true, other) if other.eq_ignore_ascii_case("csv") => {
            quirks.push(Quirk::LowerCaseExtension);
        }
        (false, other) if other.eq_ignore_ascii_case("jpg") => {
            quirks.push(Quirk::UpperCaseImageExtension);
        }
        _ => return None,
    }
    let parts: &[&str] = match parts.split_first() {
        Some((&"000000", rest)) if kind == FileKind::Upkihon => {
            quirks.push(Quirk::MonthInBasicInformation);
            rest
        }
        _ => &parts,
    };
    let mut defects = Vec::new();
    let name = assemble(kind, parts, &mut defects)?;
    defects.is_empty().then_some((name, quirks))
}

/// The kind whose prefix starts the stem, the longest one, and the parts behind it.
fn split_prefix(stem: &str) -> Option<(FileKind, Vec<&str>)> {
    let mut kinds = FileKind::ALL;
    kinds.sort_by_key(|kind| std::cmp::Reverse(kind.prefix().len()));
    kinds.into_iter().find_map(|kind| {
        let rest = stem.strip_prefix(kind.prefix())?.strip_prefix('_')?;
        Some((kind, rest.split('_').collect()))
    })
}

/// Puts the parts in their places and notes every part that does not fit.
fn assemble(kind: FileKind, parts: &[&str], defects: &mut Vec<Defect>) -> Option<FileName> {
    let mut rest = parts;
    let mut month = None;
    if kind.has_month_in_name() {
        let (first, others) = rest.split_first()?;
        let zeros = *first == "000000" && kind == FileKind::Uphosoku;
        if first.len() == 10 && office_number::shape_is_valid(first.as_bytes()) {
            defects.push(Defect::Empty(NamePart::Month));
        } else {
            rest = others;
            if zeros || calendar::is_month(first.as_bytes()) {
                month = first.as_bytes().try_into().ok();
            } else {
                defects.push(problem(NamePart::Month, first));
            }
        }
    } else if rest.first().is_some_and(|p| p.len() == 6 && p.bytes().all(|b| b.is_ascii_digit())) {
        defects.push(Defect::UnexpectedMonth);
        rest = &rest[1..];
    }
    let mut branch = None;
    if kind == FileKind::UpkihonImage {
        let (last, others) = rest.split_last()?;
        if last.len() == 4 && last.bytes().all(|byte| byte.is_ascii_digit()) {
            branch = last.as_bytes().try_into().ok();
            rest = others;
        } else {
            defects.push(problem(NamePart::Branch, last));
            if last.len() != 14 {
                rest = others;
            }
        }
    }
    let (version, sender, receiver, sequence) = match *rest {
        [sender, sender_kind, receiver, receiver_kind, sequence] => (
            StandardVersion::V4_1,
            (sender, Some(sender_kind)),
            (receiver, Some(receiver_kind)),
            sequence,
        ),
        // An office, its kind and the sequence: the other side is missing, not two letters long.
        [_, sender_kind, _] if sender_kind.len() == 2 => {
            defects.push(Defect::Empty(NamePart::Receiver));
            return None;
        }
        [sender, receiver, sequence] if kind.layout(StandardVersion::V3).is_some() => {
            (StandardVersion::V3, (sender, None), (receiver, None), sequence)
        }
        _ => {
            let few = rest.len() < 5;
            defects.push(if few { Defect::MissingParts } else { Defect::ExtraParts });
            return None;
        }
    };
    let sender = party(sender, NamePart::Sender, NamePart::SenderKind, defects);
    let receiver = party(receiver, NamePart::Receiver, NamePart::ReceiverKind, defects);
    if !sequence::is_valid(sequence.as_bytes()) {
        defects.push(problem(NamePart::Sequence, sequence));
        return None;
    }
    if kind.has_month_in_name() && month.is_none() {
        return None;
    }
    Some(FileName {
        kind,
        version,
        month,
        sender: sender?,
        receiver: receiver?,
        sequence: sequence.as_bytes().try_into().ok()?,
        branch,
    })
}

fn party(
    (office, kind): (&str, Option<&str>),
    office_part: NamePart,
    kind_part: NamePart,
    defects: &mut Vec<Defect>,
) -> Option<Party> {
    let mut sound = true;
    if !office_number::shape_is_valid(office.as_bytes()) {
        defects.push(problem(office_part, office));
        sound = false;
    }
    let service_kind = match kind {
        None => None,
        Some(kind) => {
            let form = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
            if kind.len() == 2 && kind.bytes().all(form) {
                kind.as_bytes().try_into().ok()
            } else {
                sound = false;
                if kind.len() == 3 && kind.bytes().all(form) {
                    if !defects.contains(&Defect::ThreeDigitServiceKind) {
                        defects.push(Defect::ThreeDigitServiceKind);
                    }
                } else {
                    defects.push(problem(kind_part, kind));
                }
                None
            }
        }
    };
    sound.then(|| Some(Party { office: office.as_bytes().try_into().ok()?, service_kind }))?
}

fn problem(part: NamePart, found: &str) -> Defect {
    if found.is_empty() {
        Defect::Empty(part)
    } else {
        Defect::Malformed(part, found.chars().take(40).collect())
    }
}

/// Reads a name that is not exact: undoes what people and programs do to names, notes each, and
/// tries again.
fn near_miss(original: &str) -> Reading {
    // Hostile names are no reason to work hard.
    if original.chars().count() > 255 {
        return Reading::Foreign;
    }
    let mut defects = Vec::new();
    let mut name = original.to_owned();
    let half: String = name.chars().map(half_width).collect();
    if half != name {
        defects.push(Defect::FullWidth);
        name = half;
    }
    let (mut stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) => (stem.to_owned(), extension.to_owned()),
        None => (name.clone(), String::new()),
    };
    let extension_as_found = extension.clone();
    let is_csv = extension.eq_ignore_ascii_case("csv");
    if let Some((inner, ext)) = stem.clone().rsplit_once('.')
        && ext.eq_ignore_ascii_case("csv")
    {
        inner.clone_into(&mut stem);
    }
    while let Some((rest, mark)) = strip_copy_mark(&stem) {
        defects.push(Defect::RenamedCopy(mark));
        stem = rest;
    }
    if stem.contains(char::is_whitespace) {
        defects.push(Defect::Spaces);
        stem.retain(|ch| !ch.is_whitespace());
    }
    if !stem.contains('_') && stem.contains('-') {
        defects.push(Defect::WrongSeparator);
        stem = stem.replace('-', "_");
    }
    // The prefix: everything before the first part that starts like a number or is empty.
    let all: Vec<&str> = stem.split('_').collect();
    let numeric = |part: &&str| {
        part.is_empty()
            || part.len() >= 6 && part.bytes().filter(u8::is_ascii_digit).count() * 2 > part.len()
    };
    let cut = all.iter().position(numeric).unwrap_or(all.len());
    let (prefix, parts) = (all[..cut].join("_"), &all[cut..]);
    let upper = prefix.to_ascii_uppercase();
    let kind = match FileKind::from_prefix(&upper) {
        Some(kind) => {
            if upper != prefix {
                defects.push(Defect::LowerCasePrefix);
            }
            kind
        }
        None => {
            let numbers = parts.iter().filter(|part| {
                office_number::shape_is_valid(part.as_bytes())
                    || sequence::is_valid(part.as_bytes())
            });
            let has_tail = numbers.count() >= 2;
            let meant = closest_kind(&upper).filter(|_| !parts.is_empty());
            if meant.is_none() && !has_tail {
                let upper = stem.to_ascii_uppercase();
                let named = split_prefix(&upper).map(|(kind, _)| kind);
                // A CSV that begins like one of the standard apes it, whatever follows.
                let Some(kind) = named.filter(|kind| kind.is_csv() && is_csv) else {
                    return Reading::Foreign;
                };
                defects.push(Defect::MissingParts);
                return Reading::NearMiss { kind: Some(kind), version: None, defects, name: None };
            }
            defects.push(Defect::UnknownPrefix {
                found: prefix.chars().take(40).collect(),
                did_you_mean: meant,
            });
            match meant {
                Some(kind) => kind,
                None => {
                    return Reading::NearMiss { kind: None, version: None, defects, name: None };
                }
            }
        }
    };
    let wanted = if kind.is_csv() { "csv" } else { "jpg" };
    if !extension_as_found.eq_ignore_ascii_case(wanted) {
        defects.push(Defect::Extension(extension_as_found.chars().take(20).collect()));
    }
    let before = defects.len();
    let parts = match parts.split_first() {
        Some((&"000000", rest)) if kind == FileKind::Upkihon => rest,
        _ => parts,
    };
    let name = if parts.is_empty() {
        defects.push(Defect::MissingParts);
        None
    } else {
        assemble(kind, parts, &mut defects)
    };
    let only_month = defects[before..].iter().all(|defect| *defect == Defect::UnexpectedMonth);
    let name = name.filter(|_| only_month);
    if defects.is_empty() {
        // Every departure must be named; an extension in odd case of an image, say.
        defects.push(Defect::Extension(extension_as_found));
    }
    let version = name.as_ref().map(|name| name.version);
    Reading::NearMiss { kind: Some(kind), version, defects, name }
}

fn half_width(ch: char) -> char {
    match ch {
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(ch) - 0xFEE0).expect("full-width ASCII has a half width")
        }
        '\u{3000}' => ' ',
        '\u{332}' => '_',
        other => other,
    }
}

/// Takes a mark such as ` (1)` or ` - コピー` off the end.
fn strip_copy_mark(stem: &str) -> Option<(String, String)> {
    const MARKS: [&str; 8] =
        [" - コピー", "- コピー", "-コピー", "のコピー", "コピー", " - Copy", "_copy", " copy"];
    let trimmed = stem.trim_end();
    for mark in MARKS {
        if let Some(rest) = trimmed.strip_suffix(mark) {
            return Some((rest.to_owned(), mark.trim().to_owned()));
        }
    }
    let open = trimmed.strip_suffix(')')?.rfind('(')?;
    let inside = &trimmed[open + 1..trimmed.len() - 1];
    let numbered = !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_digit());
    numbered.then(|| (trimmed[..open].trim_end().to_owned(), trimmed[open..].to_owned()))
}

/// The kind whose prefix differs in at most two letters.
fn closest_kind(prefix: &str) -> Option<FileKind> {
    if prefix.len() < 4 || prefix.len() > 20 {
        return None;
    }
    FileKind::from_prefix(nearest(prefix, FileKind::ALL.map(FileKind::prefix))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standard(name: &str) -> (FileName, Vec<Quirk>) {
        match read(name) {
            Reading::Standard { name, quirks } => (name, quirks),
            other => panic!("{name}: {other:?}"),
        }
    }

    fn defects(name: &str) -> (Option<FileKind>, Vec<Defect>, bool) {
        match read(name) {
            Reading::NearMiss { kind, defects, name, .. } => (kind, defects, name.is_some()),
            other => panic!("{name}: {other:?}"),
        }
    }

    #[test]
    fn the_last_part_of_a_path_is_the_name() {
        let cases = [
            ("NAME.CSV", "NAME.CSV", "NAME.CSV"),
            ("folder/NAME.CSV", "NAME.CSV", "NAME.CSV"),
            (r"C:\folder\NAME.CSV", "NAME.CSV", "NAME.CSV"),
            (r"a/b\NAME.CSV", "NAME.CSV", "NAME.CSV"),
            ("folder/", "", ""),
            ("", "", ""),
            ("a.zip!NAME.CSV", "a.zip!NAME.CSV", "NAME.CSV"),
            ("folder/a.zip!inner/NAME.CSV", "NAME.CSV", "NAME.CSV"),
        ];
        for (path, base, inside) in cases {
            assert_eq!(base_name(path), base, "{path}");
            assert_eq!(base_name_in_archive(path), inside, "{path}");
        }
    }

    const P: &str = "0300000100_43_0300000005_11_20191025200201";

    #[test]
    fn official_examples_are_read_and_composed_back() {
        for name in [
            "UPHOSOKU_000000_0300000100_43_0300000005_11_20191025200201.CSV",
            "UP1KYO_0300000100_43_0300000005_11_20191025200201.CSV",
            "UPPLAN_201912_0300000100_43_0300000005_11_20191025200201.CSV",
            "DLTJSK_201912_0300000005_43_0300000100_11_20191025200201.CSV",
            "UPKIHON_SUB1_0300000100_43_0300000005_11_20191025200201.CSV",
            "UPYOBO_SUB_0300000100_43_0300000005_11_20191025200201.CSV",
            "UPKIHON_IMAGE_0300000100_43_0300000005_11_20191025200201_0001.jpg",
            "UPPLAN_201912_0300000100_0300000005_20191025200201.CSV",
            "UP1KYO_0300000100_0300000005_20191025200201.CSV",
            "UPYOBO_90A0100040_AF_0300000005_A2_20251025200201.CSV",
        ] {
            let (parsed, quirks) = standard(name);
            assert_eq!(parsed.compose(), name);
            assert!(quirks.is_empty(), "{name}: {quirks:?}");
        }
        assert_eq!(
            standard("UPPLAN_201912_0300000100_0300000005_20191025200201.CSV").0.version,
            StandardVersion::V3
        );
    }

    #[test]
    fn quirks_are_tolerated_and_named() {
        let (_, quirks) = standard(&format!("UP1KYO_{P}.csv"));
        assert_eq!(quirks, [Quirk::LowerCaseExtension]);
        let (name, quirks) = standard(&format!("UPKIHON_000000_{P}.CSV"));
        assert_eq!(quirks, [Quirk::MonthInBasicInformation]);
        assert_eq!(name.compose(), format!("UPKIHON_{P}.CSV"));
        let (_, quirks) = standard(&format!("UPKIHON_IMAGE_{P}_0001.JPG"));
        assert_eq!(quirks, [Quirk::UpperCaseImageExtension]);
    }

    #[test]
    fn a_side_that_is_missing_is_not_taken_for_the_kind_of_the_other() {
        let defects = |name| match read(name) {
            Reading::NearMiss { defects, .. } => defects,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            defects("DLTJSK_202611_1370000011_11_20261031102233.csv"),
            [Defect::Empty(NamePart::Receiver)]
        );
        assert_eq!(
            defects("DLTJSK_202611_1370000011_137_20261031102233.csv"),
            [Defect::Malformed(NamePart::Receiver, "137".to_owned())]
        );
    }

    #[test]
    fn near_misses_are_explained() {
        for (name, expected, repaired) in [
            (format!("UP1KYO_{P} (1).CSV"), Defect::RenamedCopy("(1)".into()), true),
            (format!("UP1KYO_{P} - コピー.CSV"), Defect::RenamedCopy("- コピー".into()), true),
            (format!("up1kyo_{P}.CSV"), Defect::LowerCasePrefix, true),
            (format!("ＵＰ1KYO_{P}.CSV"), Defect::FullWidth, true),
            (format!("UP1KYO_{P}.CSV.txt"), Defect::Extension("txt".into()), true),
            (format!("UP1KYO_{P}"), Defect::Extension(String::new()), true),
            (
                format!("UPKHON_{P}.CSV"),
                Defect::UnknownPrefix {
                    found: "UPKHON".into(),
                    did_you_mean: Some(FileKind::Upkihon),
                },
                true,
            ),
            (format!("UP1KYO_202504_{P}.CSV"), Defect::UnexpectedMonth, true),
            (
                "UPPLAN_202504_0300000100_431_0300000005_111_20191025200201.CSV".into(),
                Defect::ThreeDigitServiceKind,
                false,
            ),
            (
                "UPJSK_202504_0300000005_11___20260501100000.CSV".into(),
                Defect::Empty(NamePart::Receiver),
                false,
            ),
            (
                "UP1KYO_0300000100_43_20191025200201.csv".into(),
                Defect::Empty(NamePart::Receiver),
                false,
            ),
            (
                "UPPLAN_202513_0300000100_43_0300000005_11_20191025200201.CSV".into(),
                Defect::Malformed(NamePart::Month, "202513".into()),
                false,
            ),
            (
                "UP1KYO_0300000100_43_0300000005_11_20191325200201.CSV".into(),
                Defect::Malformed(NamePart::Sequence, "20191325200201".into()),
                false,
            ),
            (
                "UP1KYO_123456789_2468135790_20191110102233.CSV".into(),
                Defect::Malformed(NamePart::Sender, "123456789".into()),
                false,
            ),
        ] {
            let (_, found, has_name) = defects(&name);
            assert!(found.contains(&expected), "{name}: {found:?}");
            assert_eq!(has_name, repaired, "{name}: {found:?}");
        }
    }

    #[test]
    fn a_csv_that_apes_the_standard_is_meant_to_be_of_it() {
        for (name, kind) in [
            ("UP1KYO_x.CSV", FileKind::Up1kyo),
            ("up1kyo_memo.csv", FileKind::Up1kyo),
            ("UPPLAN_11月分_20261101.CSV", FileKind::Upplan),
        ] {
            let (meant, found, has_name) = defects(name);
            assert_eq!((meant, has_name), (Some(kind), false), "{name}");
            assert_eq!(found, [Defect::MissingParts], "{name}");
        }
    }

    #[test]
    fn other_names_are_foreign() {
        for name in [
            "利用者一覧.csv",
            "readme.txt",
            "data_20260101.csv",
            "",
            ".CSV",
            "UPLOAD.CSV",
            "UP1KYO_x.pdf",
            "UP1KYOx.csv",
        ] {
            assert_eq!(read(name), Reading::Foreign, "{name}");
        }
    }

    #[test]
    fn only_the_marks_of_copies_are_taken_off() {
        let marks = [
            ("NAME (1)", Some(("NAME", "(1)"))),
            ("NAME(12) ", Some(("NAME", "(12)"))),
            ("NAME - コピー", Some(("NAME", "- コピー"))),
            ("NAME_copy", Some(("NAME", "_copy"))),
            ("NAME (a)", None),
            ("NAME ()", None),
            ("NAME 1)", None),
            ("NAME", None),
        ];
        for (stem, expected) in marks {
            let found = strip_copy_mark(stem);
            let found = found.as_ref().map(|(rest, mark)| (rest.as_str(), mark.as_str()));
            assert_eq!(found, expected, "{stem}");
        }
    }

    #[test]
    fn no_name_makes_it_panic() {
        let pieces = [
            "UPPLAN",
            "_",
            "あ",
            "(",
            ")",
            ".",
            "CSV",
            "0300000100",
            "\u{332}",
            " ",
            "-",
            "20191025200201",
            "000000",
            "𠮷",
        ];
        let mut state = 1u64;
        for _ in 0..20_000 {
            let mut name = String::new();
            for _ in 0..8 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                name.push_str(pieces[(state >> 33) as usize % pieces.len()]);
            }
            let _ = read(&name);
        }
    }
}
