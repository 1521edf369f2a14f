//! A failing export as one that can be shared: invented people, the same defects.
//!
//! Two passes: [`Anonymiser::learn`] reads who is in the files, [`Anonymiser::file`] writes each
//! again, cell by cell, whatever else stands between the cells left as it is. What stands in the
//! place of a value follows from the value and a secret key, so that it is the same everywhere and
//! nobody without the key finds the way back. Where columns cannot be trusted, whatever could be
//! somebody's is replaced wherever it stands.
//!
//! No document says how exports are to be made anonymous: what is replaced is this project's
//! choice (Assumed). Days of service and of certification, codes, counts and amounts stay.

use std::collections::BTreeSet;

use careplan_judge::Profile;
use careplan_judge::baseline::Key;
use careplan_reader::masking::Showable;
use careplan_reader::{FileHeader, Foreign, Preamble, Reader, Record, Stretch, look};
use careplan_spec::layout::Format;
use careplan_spec::{Text, ms932};

use self::people::Sex;
use self::values::Values;
use self::writing::{Writing, Written};

mod dice;
mod people;
mod values;
mod writing;

/// What is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Numbers and names of offices stay.
    pub keep_offices: bool,
}

/// Why a file is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// Its name is none of the standard's, so nothing is known of what is in it.
    OtherName,
    /// It is a text that could not be written with the same bytes again.
    NotReversible,
}

impl LeftOut {
    /// What to tell people.
    pub fn text(self) -> Text<String> {
        match self {
            Self::OtherName => Text::made(
                "標準仕様の名前のファイルではないため、中身が分かりません",
                "its name is none of the standard's, so what is in it is not known",
            ),
            Self::NotReversible => Text::made(
                "文字コードが混ざっていて、同じバイト列に書き戻せません",
                "it mixes encodings and could not be written with the same bytes again",
            ),
        }
    }
}

/// A file that may be shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// Its content.
    pub bytes: Vec<u8>,
    /// What it is, where nothing of it but its kind was kept.
    pub emptied: Option<Foreign>,
}

/// How much was invented, by what it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Invented {
    /// Names of people.
    pub people: usize,
    /// Numbers: insured people, offices, insurers, telephones, postal codes, birth dates.
    pub numbers: usize,
    /// Texts and names of anything else.
    pub texts: usize,
}

/// Makes files anonymous, all of a set with the same people.
///
/// ```
/// use careplan_compare::anonymise::{Anonymiser, Options};
/// use careplan_fixtures::mutant;
/// use careplan_judge::baseline::Key;
/// use careplan_judge::{Profile, Report};
///
/// // Its times have lost their leading zeros.
/// let (files, _) = mutant::find("time-without-zero").expect("a mutant").build();
/// let mut anonymiser = Anonymiser::new(Key::new([7; 32]), Options::default());
/// for file in &files {
///     anonymiser.learn(&file.name, &file.bytes);
/// }
/// anonymiser.learnt();
/// let mut shared = Vec::new();
/// for file in &files {
///     let one = anonymiser.file(&file.name, &file.bytes).expect("a file with records");
///     assert_eq!(one.bytes.len(), file.bytes.len());
///     shared.push((anonymiser.name(&file.name), one.bytes));
/// }
/// let report = Report::collect(&shared, &Profile::default());
/// assert_eq!(report.findings[0].rule.code, "F006");
/// ```
pub struct Anonymiser {
    values: Values,
    profile: Profile,
    /// Names without kana beside them, met when all with kana are known.
    names: BTreeSet<String>,
    /// Other texts that are replaced wherever they stand.
    texts: BTreeSet<String>,
}

impl Anonymiser {
    /// With a secret key that must not be where the files go.
    pub fn new(key: Key, options: Options) -> Self {
        Self {
            values: Values::new(key, options),
            profile: Profile::default(),
            names: BTreeSet::new(),
            texts: BTreeSet::new(),
        }
    }

    /// Takes down who is in a file. `base_name` is its name without folders.
    pub fn learn(&mut self, base_name: &str, bytes: &[u8]) {
        self.values.note_day(base_name);
        let Ok(Opened::Records(header, written)) = opened(base_name, bytes) else { return };
        let profile = self.profile.clone();
        let text = written.writing.as_ms932(&written.text);
        let mut reader = Reader::as_written(*header, &*text, profile.reading());
        while let Ok(Some(stretch)) = reader.next_stretch() {
            if let Stretch::Record(record) = stretch {
                self.learn_record(&record);
            }
        }
    }

    fn learn_record(&mut self, record: &Record<'_>) {
        let text = |at: usize| Writing::Ms932.text(record.value(at));
        // The insurer stands before the person in every layout, in whatever columns that is.
        for at in 0..record.fields.len().min(4) {
            let value = record.value(at);
            if at == 1 || careplan_spec::insurer_number::doubt(value).is_none() && value.len() == 6
            {
                self.values.note_insurer(&text(at));
            }
        }
        let values = (0..record.fields.len()).map(|at| record.value(at));
        if Showable::of(record.layout, values).is_displaced() {
            return;
        }
        let position = |constant: &str| {
            record.layout.fields.iter().position(|field| field.constant == constant)
        };
        let user = position("USER_NAME");
        for (at, field) in record.layout.fields.iter().enumerate() {
            if field.format != Format::FreeText || record.value(at).is_empty() {
                continue;
            }
            match kind_of(field.constant) {
                Kind::Person if Some(at) == user => {
                    let kana = position("USER_NAME_KANA").map(text);
                    let sex = match position("USER_SEX").map(|at| record.value(at)) {
                        Some(b"1") => Sex::Male,
                        Some(b"2") => Sex::Female,
                        _ => Sex::Unknown,
                    };
                    match kana {
                        Some(kana) => self.values.meet(&text(at), Some(&kana), sex),
                        None => drop(self.names.insert(text(at))),
                    }
                }
                Kind::Person => drop(self.names.insert(text(at))),
                Kind::Place => drop(self.texts.insert(text(at))),
                Kind::Other => {}
            }
        }
    }

    /// Everybody is known now: names and addresses are replaced in every text.
    pub fn learnt(&mut self) {
        for name in std::mem::take(&mut self.names) {
            self.values.meet(&name, None, Sex::Unknown);
        }
        self.values.know_people();
        for text in std::mem::take(&mut self.texts) {
            self.values.know(&text);
        }
    }

    /// How much was invented until now.
    pub fn invented(&self) -> Invented {
        let (people, numbers, texts) = self.values.counts();
        Invented { people, numbers, texts }
    }

    /// The name of a file or folder, with the offices and people in it replaced.
    pub fn name(&mut self, name: &str) -> String {
        self.values.writing = Writing::Utf8;
        self.values.name(name)
    }

    /// The file with everything of a person replaced. An image, and what bears the name of a CSV
    /// file and is none, becomes an empty one of its kind.
    ///
    /// # Errors
    /// Why it must not be written.
    pub fn file(&mut self, base_name: &str, bytes: &[u8]) -> Result<Shared, LeftOut> {
        let (header, written) = match opened(base_name, bytes)? {
            Opened::Records(header, written) => (header, written),
            Opened::Image => {
                let bytes = blank_image(bytes);
                return Ok(Shared { bytes, emptied: Some(Foreign::Image) });
            }
            Opened::Foreign(foreign) => {
                return Ok(Shared { bytes: blank(foreign, bytes), emptied: Some(foreign) });
            }
        };
        let Written { writing, mark, text } = written;
        self.values.writing = writing;
        let as_ms932 = writing.as_ms932(&text);
        let profile = self.profile.clone();
        let mut reader = Reader::as_written(*header, &*as_ms932, profile.reading());
        let mut walk = Walk { text: &text, writing, at: 0, place: 0 };
        let mut out = String::with_capacity(text.len());
        while let Ok(Some(stretch)) = reader.next_stretch() {
            // Whatever cannot be told apart is taken cell by cell, with what stands between records.
            let (Stretch::Record(record) | Stretch::Heading(record)) = stretch else { continue };
            let Some(offset) = record.offset else { continue };
            self.loose(walk.to(offset), &mut out);
            match record.preamble() {
                Some(Preamble::Separator) => {
                    out.push_str(walk.to(offset + record.bytes.len() as u64));
                }
                Some(Preamble::Type) => {
                    let line = walk.to(offset + record.bytes.len() as u64);
                    let (mark, class) = line.split_at(line.find(' ').map_or(0, |at| at + 1));
                    out.push_str(mark);
                    out.push_str(&self.cell(class, Values::text));
                }
                None => self.record(&record, offset, &mut walk, &mut out),
            }
        }
        self.loose(&text[walk.at..], &mut out);
        let bytes = [&bytes[..mark], &writing.bytes(&out)].concat();
        Ok(Shared { bytes, emptied: None })
    }

    fn record(&mut self, record: &Record<'_>, offset: u64, walk: &mut Walk<'_>, out: &mut String) {
        let values = (0..record.fields.len()).map(|at| record.value(at));
        let showable = Showable::of(record.layout, values);
        let fields = record.layout.fields;
        let user = |constant: &str| fields.iter().position(|field| field.constant == constant);
        let kana_at = user("USER_NAME_KANA").filter(|_| !showable.is_displaced());
        let name = kana_at.and(user("USER_NAME"));
        let name = name.map(|at| Writing::Ms932.text(record.value(at)));
        for (at, slot) in record.fields.iter().enumerate() {
            out.push_str(walk.to(offset + u64::from(slot.start)));
            let cell = walk.to(offset + u64::from(slot.end));
            let (quote, value) = match slot.quoted {
                true => ("\"", &cell[1..cell.len() - 1]),
                false => ("", cell),
            };
            out.push_str(quote);
            let made = self.cell(value, |values, value| match fields.get(at) {
                Some(field) if showable.is_displaced() && record.fields.len() == fields.len() => {
                    values.of_displaced(field, value)
                }
                _ if showable.is_displaced() => values.anywhere(value),
                None => values.anywhere(value),
                Some(field) => {
                    let is_number = matches!(
                        field.format,
                        Format::OfficeNumber | Format::OfficeNumberOrNines | Format::InsurerNumber
                    );
                    let read = || values.people.kana(name.as_deref(), value);
                    match kana_at.filter(|kana| *kana == at).and_then(|_| read()) {
                        Some(kana) => kana,
                        None if is_number || field.is_personal() => values.of_field(field, value),
                        None if showable.has(at) => value.to_owned(),
                        None => values.anywhere(value),
                    }
                }
            });
            out.push_str(&made);
            out.push_str(quote);
        }
    }

    /// What stands in no record, cell by cell.
    fn loose(&mut self, text: &str, out: &mut String) {
        let parts = |ch: char| matches!(ch, ',' | ';' | '\t' | '|' | '，' | '"' | '\r' | '\n');
        for part in text.split_inclusive(parts) {
            let cell = part.trim_end_matches(parts);
            out.push_str(&self.cell(cell, Values::anywhere));
            out.push_str(&part[cell.len()..]);
        }
    }

    /// A value, also where it is UTF-8 inside of MS932.
    fn cell(&mut self, value: &str, make: impl FnOnce(&mut Values, &str) -> String) -> String {
        if self.values.writing == Writing::Ms932 && !value.is_ascii() {
            let bytes = Writing::Ms932.bytes(value);
            if ms932::looks_like_utf8(&bytes, false) {
                self.values.writing = Writing::Utf8;
                let made = self.values.anywhere(&Writing::Utf8.text(&bytes));
                self.values.writing = Writing::Ms932;
                return Writing::Ms932.text(&Writing::Utf8.bytes(&made));
            }
        }
        make(&mut self.values, value)
    }
}

/// What a text column holds, by its name.
enum Kind {
    Person,
    Place,
    Other,
}

fn kind_of(constant: &str) -> Kind {
    let has = |words: &[&str]| words.iter().any(|word| constant.contains(word));
    if has(&["KANA", "EQUIPMENT", "DISEASE", "IMAGE"]) {
        Kind::Other
    } else if has(&["OFFICE_NAME", "CENTER_NAME", "ADDRESS"]) {
        Kind::Place
    } else if has(&["NAME"]) {
        Kind::Person
    } else {
        Kind::Other
    }
}

/// What a file of the standard's name is.
enum Opened {
    Records(Box<FileHeader>, Written),
    Image,
    Foreign(Foreign),
}

fn opened(base_name: &str, bytes: &[u8]) -> Result<Opened, LeftOut> {
    let header = FileHeader::of(base_name, None).map_err(|_| LeftOut::OtherName)?;
    if !header.kind.is_csv() {
        return Ok(Opened::Image);
    }
    match look(bytes, false).foreign {
        Some(foreign) => Ok(Opened::Foreign(foreign)),
        None => Ok(Opened::Records(Box::new(header), Written::read(bytes)?)),
    }
}

/// The least that is taken for a thing of a kind.
fn blank(foreign: Foreign, bytes: &[u8]) -> Vec<u8> {
    let least: &[u8] = match foreign {
        Foreign::Workbook if bytes.starts_with(b"PK") => b"PK\x03\x04[Content_Types].xml",
        Foreign::Workbook => b"\xD0\xCF\x11\xE0",
        Foreign::Archive if bytes.starts_with(b"PK") => b"PK\x05\x06",
        Foreign::Archive => b"\x1F\x8B",
        Foreign::Html => b"<!DOCTYPE html>\r\n",
        Foreign::Xml => b"<?xml version=\"1.0\"?>\r\n",
        Foreign::Json => b"{}\r\n",
        Foreign::Pdf => b"%PDF-1.4\r\n",
        Foreign::Image => return blank_image(bytes),
    };
    least.to_vec()
}

/// An image that shows nothing: its first bytes, which tell what it is, and the mark of its end,
/// where it has one.
fn blank_image(bytes: &[u8]) -> Vec<u8> {
    const HEAD: usize = 4;
    const TAIL: usize = 4096;
    let mut blank = vec![0; bytes.len()];
    let head = bytes.len().min(HEAD);
    blank[..head].copy_from_slice(&bytes[..head]);
    let tail = &bytes[bytes.len().saturating_sub(TAIL)..];
    if bytes.len() > HEAD + 2 && tail.windows(2).any(|pair| pair == b"\xFF\xD9") {
        let end = blank.len() - 2;
        blank[end..].copy_from_slice(b"\xFF\xD9");
    }
    blank
}

/// Goes over a text by places in its form in MS932.
struct Walk<'t> {
    text: &'t str,
    writing: Writing,
    at: usize,
    place: u64,
}

impl<'t> Walk<'t> {
    /// What stands before a place, from the last one on.
    fn to(&mut self, place: u64) -> &'t str {
        let from = self.at;
        for ch in self.text[from..].chars() {
            if self.place >= place {
                break;
            }
            self.place += self.writing.width(ch);
            self.at += ch.len_utf8();
        }
        &self.text[from..self.at]
    }
}
