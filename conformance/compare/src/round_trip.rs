//! Round trip: what a product was given, imported and exported again, compared in meaning.
//!
//! ```
//! use careplan_compare::round_trip;
//!
//! // Names and bytes, lent or owned.
//! let given = [("案内.txt", b"".as_slice())];
//! let returned = [];
//! let comparison = round_trip::compare(&given, &returned);
//! assert_eq!(comparison.verdict(), round_trip::Verdict::NothingToCompare);
//! ```
//!
//! Records are recognised by the keys of the standard ([`identity`]), whatever their order, and
//! compared field by field. The writing does not count: quotes, line ends, encoding of the file,
//! the numbers of a hierarchy as long as order and grouping stay. What else may differ, and why, is
//! data in [`treatment`]. Whether the returned files conform to the standard is not asked here; that
//! is the checker's part.
//!
//! Nothing is dropped silently: what cannot be read is a difference too.

mod cause;
mod hierarchy;
pub mod identity;
mod matching;
mod report;
pub mod treatment;
mod value;
mod view;

use std::collections::{BTreeMap, BTreeSet};

use careplan_judge::message::{self, Wording};
use careplan_judge::profile::Profile;
use careplan_reader::{KeptFile, KeptRecord, Reason, Script};
use careplan_spec::file_name::{self, Reading};
use careplan_spec::layout::{Field, FieldId, Format};
use careplan_spec::{Basis, FileKind, Lang, StandardVersion, Text};
pub use cause::Cause;
use hierarchy::Moved;
use matching::{Pairing, Sides};
pub use treatment::Treatment;
pub use view::page;

/// What a difference means for the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// The standard leaves it free.
    Free,
    /// The standard does not settle it: a person has to look.
    Review,
    /// Something was lost or changed.
    Loss,
}

impl Grade {
    /// Every grade, the worst first.
    pub const ALL: [Self; 3] = [Self::Loss, Self::Review, Self::Free];

    /// The stable identifier.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Review => "review",
            Self::Loss => "loss",
        }
    }

    /// The word for readers.
    pub const fn label(self) -> Text {
        match self {
            Self::Free => Text::new("差し支えない違い", "free"),
            Self::Review => Text::new("要確認", "to review"),
            Self::Loss => Text::new("欠落・変化", "loss"),
        }
    }
}

/// What kind of difference it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// No file of the kind came back, though records were given.
    FileLost,
    /// A record did not come back.
    RecordLost,
    /// A record came back that was not given.
    RecordAdded,
    /// A value is gone.
    ValueLost,
    /// A value stands where there was none.
    ValueAdded,
    /// Another value.
    ValueChanged,
    /// An image did not come back.
    ImageLost,
    /// The bytes of an image are others.
    ImageChanged,
    /// What a deletion that was given should have taken away came back.
    DeletionIgnored,
    /// A stretch could not be read as a record, so it was not compared.
    Unreadable,
}

impl Change {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::FileLost,
        Self::RecordLost,
        Self::RecordAdded,
        Self::ValueLost,
        Self::ValueAdded,
        Self::ValueChanged,
        Self::ImageLost,
        Self::ImageChanged,
        Self::DeletionIgnored,
        Self::Unreadable,
    ];

    /// The stable identifier.
    pub const fn id(self) -> &'static str {
        match self {
            Self::FileLost => "file-lost",
            Self::RecordLost => "record-lost",
            Self::RecordAdded => "record-added",
            Self::ValueLost => "value-lost",
            Self::ValueAdded => "value-added",
            Self::ValueChanged => "value-changed",
            Self::ImageLost => "image-lost",
            Self::ImageChanged => "image-changed",
            Self::DeletionIgnored => "deletion-ignored",
            Self::Unreadable => "unreadable",
        }
    }

    /// What it is called.
    pub const fn label(self) -> Text {
        match self {
            Self::FileLost => Text::new("ファイルがない", "file missing"),
            Self::RecordLost => Text::new("記録の欠落", "record lost"),
            Self::RecordAdded => Text::new("余分な記録", "record added"),
            Self::ValueLost => Text::new("値の欠落", "value lost"),
            Self::ValueAdded => Text::new("値の追加", "value added"),
            Self::ValueChanged => Text::new("値の変化", "value changed"),
            Self::ImageLost => Text::new("画像の欠落", "image lost"),
            Self::ImageChanged => Text::new("画像の変化", "image changed"),
            Self::DeletionIgnored => Text::new("削除が効いていない", "deletion ignored"),
            Self::Unreadable => Text::new("読めない記録", "unreadable"),
        }
    }

    /// What to do where no cause is recognised.
    const fn fix(self) -> Text {
        match self {
            Self::FileLost => Text::new(
                "この種別の取り込みと出力ができるか、出力の対象に選んだかを確認してください。",
                "See whether the product imports and exports this kind, and whether it was chosen for export.",
            ),
            Self::RecordLost => Text::new(
                "取り込み時のエラーや、同じものとみなされて上書きされた記録がないか確認してください。",
                "Look for errors on import, and for records taken for the same and overwritten.",
            ),
            Self::RecordAdded => Text::new(
                "二重に取り込まれていないか、もとからあったデータが混ざっていないか確認してください。",
                "See whether it was imported twice, or whether older data were mixed in.",
            ),
            Self::ValueLost => Text::new(
                "この項目を取り込み、保存し、出力しているか確認してください。",
                "See whether the item is imported, stored and exported.",
            ),
            Self::ValueAdded => Text::new(
                "どこから補った値かを確認してください。",
                "See where the value comes from.",
            ),
            Self::ValueChanged => Text::new(
                "取り込み・保存・出力のどこで変わったかを確認してください。",
                "See whether it changes on import, in storage or on export.",
            ),
            Self::ImageLost | Self::ImageChanged => Text::new(
                "画像ファイルを取り込み、同じ送信単位で出力しているか確認してください。",
                "See whether the image is imported and exported in the same send unit.",
            ),
            Self::DeletionIgnored => Text::new(
                "削除ファイルの取り込みで、対象の記録と連動する記録を削除してください。",
                "On import of a deletion, delete what it names and what goes with it.",
            ),
            Self::Unreadable => Text::new(
                "先に検査（check）の指摘を直してください。",
                "Correct what the check says first.",
            ),
        }
    }
}

/// Which side of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// What the product was given.
    Given,
    /// What it returned.
    Returned,
}

/// A record, or a whole file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileRecord {
    /// Index into the files of the side.
    pub file: u32,
    /// 1-based record; 0 for the whole file.
    pub record: u32,
}

impl FileRecord {
    fn of(record: &KeptRecord) -> Self {
        Self { file: record.file, record: record.number }
    }
}

/// A value as it stood in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    script: Script,
    bytes: Box<[u8]>,
    personal: bool,
}

/// How many characters of a long value stand before the first difference, and in all.
const BEFORE: usize = 20;
const MOST_SHOWN: usize = 120;

impl Held {
    fn of(record: &KeptRecord, id: FieldId) -> Self {
        let personal = !record.may_show(id);
        Self { script: record.script(), bytes: record.bytes(id).into(), personal }
    }

    /// The whole value on one line, or its shape where it must not be shown.
    pub fn words(&self, wording: Wording) -> String {
        self.from(0, wording)
    }

    /// As [`Held::words`], a long value only from 0-based character `first` on.
    fn from(&self, first: usize, wording: Wording) -> String {
        if self.bytes.is_empty() {
            return Text::new("空", "empty").get(wording.lang).to_owned();
        }
        if self.personal && !wording.show_values {
            return self.script.shape(&self.bytes, wording.lang);
        }
        let text = self.script.text(&self.bytes).replace('\n', "␊");
        let mut out = String::new();
        if first > 0 {
            out.push('…');
        }
        out.extend(text.chars().skip(first).take(MOST_SHOWN));
        if text.chars().count() > first + MOST_SHOWN {
            out.push('…');
        }
        out
    }

    /// Whether the value may tell something about a person.
    pub const fn is_personal(&self) -> bool {
        self.personal
    }

    pub(crate) fn text(&self) -> String {
        self.script.text(&self.bytes)
    }
}

/// One thing that is not as it was.
#[derive(Debug, Clone)]
pub struct Difference {
    /// What kind of difference.
    pub change: Change,
    /// What it means.
    pub grade: Grade,
    /// The kind of file.
    pub kind: FileKind,
    /// The given record.
    pub given: Option<FileRecord>,
    /// The returned record.
    pub returned: Option<FileRecord>,
    /// The field, if it is about one.
    pub field: Option<&'static Field>,
    /// The given value.
    pub given_value: Option<Held>,
    /// The returned value.
    pub returned_value: Option<Held>,
    /// What probably happened.
    pub cause: Option<Cause>,
    /// Why it is no loss; `None` for a loss.
    pub reason: Option<&'static Treatment>,
    /// What tells the record apart: fields and values.
    pub key: Vec<(&'static Field, Held)>,
    /// Why a stretch could not be read.
    pub unreadable: Option<Text>,
}

impl Difference {
    fn new(change: Change, grade: Grade, kind: FileKind) -> Self {
        Self {
            change,
            grade,
            kind,
            given: None,
            returned: None,
            field: None,
            given_value: None,
            returned_value: None,
            cause: None,
            reason: None,
            key: Vec::new(),
            unreadable: None,
        }
    }

    fn because(mut self, reason: &'static Treatment) -> Self {
        self.grade = reason.grade;
        self.reason = Some(reason);
        self
    }

    /// The clause: that of the reason, of the field, or of the keys of the kind.
    pub fn clause(&self) -> String {
        match (self.reason, self.field) {
            (Some(reason), _) => reason.clause.to_owned(),
            (None, Some(field)) => field.clause(),
            (None, None) => self.keys_clause().0.to_owned(),
        }
    }

    /// The basis of [`Difference::clause`].
    pub fn basis(&self) -> Basis {
        match (self.reason, self.field) {
            (Some(reason), _) => reason.basis,
            (None, Some(field)) => field.basis(),
            (None, None) => self.keys_clause().1,
        }
    }

    fn keys_clause(&self) -> (&'static str, Basis) {
        match self.change {
            Change::ImageLost | Change::ImageChanged => ("L UPKIHON 62", Basis::Stated),
            Change::Unreadable => ("L", Basis::Stated),
            Change::DeletionIgnored => {
                let deletion = identity::DELETIONS.iter().find(|known| known.by == self.kind);
                (deletion.map_or("—", |deletion| deletion.clause), Basis::Stated)
            }
            _ => identity::of(self.kind)
                .map_or(("—", Basis::Assumed), |identity| (identity.clause, identity.basis)),
        }
    }

    /// What tells the record apart, in words: `保険者番号 999999・被保険者番号 〔半角数字10文字〕`.
    pub fn key_words(&self, wording: Wording) -> String {
        let parts: Vec<String> = self
            .key
            .iter()
            .map(|(field, value)| format!("{} {}", field.name, value.words(wording)))
            .collect();
        parts.join(match wording.lang {
            Lang::Ja => "・",
            Lang::En => ", ",
        })
    }

    /// Given and returned value, long ones around the first difference.
    pub fn values(&self, wording: Wording) -> (Option<String>, Option<String>) {
        let first = match (&self.given_value, &self.returned_value) {
            (Some(given), Some(returned)) => {
                let (given, returned) = (given.text(), returned.text());
                let same = given.chars().zip(returned.chars()).take_while(|(a, b)| a == b).count();
                let longest = given.chars().count().max(returned.chars().count());
                if longest > MOST_SHOWN { same.saturating_sub(BEFORE) } else { 0 }
            }
            _ => 0,
        };
        let words = |held: &Held| held.from(first, wording);
        (self.given_value.as_ref().map(words), self.returned_value.as_ref().map(words))
    }

    /// What happened, as a sentence or two.
    pub fn explanation(&self, wording: Wording) -> String {
        let lang = wording.lang;
        let ja = lang == Lang::Ja;
        let kind = self.kind.title().get(lang);
        let mut out = match (self.field, self.change) {
            (Some(field), _) => {
                let label = message::field_label(field, lang);
                let (given, returned) = self.values(wording);
                let (given, returned) = (given.unwrap_or_default(), returned.unwrap_or_default());
                match (self.change, ja) {
                    (Change::ValueLost, true) => {
                        format!("{label}の値が戻っていません。渡した値：{given}。")
                    }
                    (Change::ValueLost, false) => {
                        format!("{label} did not come back. Given: {given}.")
                    }
                    (Change::ValueAdded, true) => {
                        format!("{label}は空で渡しましたが、値が入って戻りました：{returned}。")
                    }
                    (Change::ValueAdded, false) => {
                        format!("{label} was given empty and came back filled: {returned}.")
                    }
                    (_, true) => {
                        format!("{label}が違います。渡した値：{given} → 戻った値：{returned}。")
                    }
                    (_, false) => {
                        format!("{label} differs. Given: {given} → returned: {returned}.")
                    }
                }
            }
            (None, Change::FileLost) if ja => {
                format!("{kind}（{}）のファイルが戻っていません。", self.kind.prefix())
            }
            (None, Change::FileLost) => {
                format!("No {} file ({kind}) came back.", self.kind.prefix())
            }
            (None, Change::RecordLost) if ja => format!("{kind}の記録が戻っていません。"),
            (None, Change::RecordLost) => format!("A record of {kind} did not come back."),
            (None, Change::RecordAdded) if ja => {
                format!("{kind}に、渡していない記録があります。")
            }
            (None, Change::RecordAdded) => {
                format!("A record of {kind} came back that was not given.")
            }
            (None, Change::ImageLost) if ja => "家族構成の画像が戻っていません。".to_owned(),
            (None, Change::ImageLost) => "The family image did not come back.".to_owned(),
            (None, Change::ImageChanged) if ja => "家族構成の画像の内容が違います。".to_owned(),
            (None, Change::ImageChanged) => "The family image has other bytes.".to_owned(),
            (None, Change::DeletionIgnored) if ja => {
                format!("{kind}で削除を指示した記録が戻っています。")
            }
            (None, Change::DeletionIgnored) => {
                format!("What {kind} deletes came back.")
            }
            (None, _) if ja => format!("{kind}に、読めないため比べられなかった記録があります。"),
            (None, _) => format!("A record of {kind} could not be read, so it was not compared."),
        };
        let mut add = |sentence: &str| {
            if !ja {
                out.push(' ');
            }
            out.push_str(sentence);
        };
        if let Some(text) = self.unreadable {
            add(text.get(lang));
        }
        if let Some(cause) = self.cause {
            add(&cause.sentence(lang));
        }
        if let Some(reason) = self.reason {
            add(reason.why.get(lang));
        }
        out
    }

    /// What to do.
    pub fn fix(&self, lang: Lang) -> &'static str {
        match (self.grade, self.cause) {
            (Grade::Free, _) => {
                Text::new("直す必要はありません。", "Nothing has to be done.").get(lang)
            }
            (_, Some(cause)) => cause.fix().get(lang),
            (_, None) => self.change.fix().get(lang),
        }
    }
}

/// How many records of a kind were compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Records given.
    pub given: u64,
    /// Records returned.
    pub returned: u64,
    /// Records found on both sides.
    pub matched: u64,
}

/// How a round trip ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Everything came back, but for what the standard leaves free.
    Kept,
    /// Nothing was lost, but a person has to look at something.
    Review,
    /// Something was lost or changed.
    Lost,
    /// Nothing was given that could be compared: no pass.
    NothingToCompare,
    /// A file could not be read because of an internal error: no pass.
    InternalError,
}

impl Verdict {
    /// The stable identifier.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Review => "review",
            Self::Lost => "lost",
            Self::NothingToCompare => "nothing-to-compare",
            Self::InternalError => "internal-error",
        }
    }

    /// The sentence for readers.
    pub const fn label(self) -> Text {
        match self {
            Self::Kept => {
                Text::new("渡した内容はすべて戻りました。", "Everything that was given came back.")
            }
            Self::Review => Text::new(
                "失われた内容はありません。仕様に定めのない違いがあるので、人が確認してください。",
                "Nothing was lost. Some differences are not settled by the standard: a person has to look.",
            ),
            Self::Lost => Text::new(
                "失われた、または変わった内容があります。",
                "Something was lost or changed.",
            ),
            Self::InternalError => Text::new(
                "内部エラーのため、比べ終わっていません（合格ではありません）。",
                "Internal error: not everything was compared, which is no pass.",
            ),
            Self::NothingToCompare => Text::new(
                "比べるものがありません（合格ではありません）。",
                "There is nothing to compare, which is no pass.",
            ),
        }
    }
}

/// The outcome of a comparison.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// Every difference, by kind of file, given record and field; what was added comes last.
    pub differences: Vec<Difference>,
    /// Records by kind of file.
    pub tallies: BTreeMap<FileKind, Tally>,
    /// Names of the files, given and returned.
    pub files: (Vec<String>, Vec<String>),
    /// Files whose names are none of the standard's, so that they were not compared.
    pub not_compared: Vec<(Side, u32)>,
    /// Files that could not be read because of an internal error.
    pub failed: Vec<(Side, u32)>,
}

impl Comparison {
    /// How many differences have a grade.
    pub fn count(&self, grade: Grade) -> usize {
        self.differences.iter().filter(|difference| difference.grade == grade).count()
    }

    /// The verdict.
    pub fn verdict(&self) -> Verdict {
        if !self.failed.is_empty() {
            return Verdict::InternalError;
        }
        let nothing = self.tallies.values().all(|tally| tally.given == 0);
        match self.differences.iter().map(|difference| difference.grade).max() {
            Some(Grade::Loss) => Verdict::Lost,
            _ if nothing => Verdict::NothingToCompare,
            Some(Grade::Review) => Verdict::Review,
            _ => Verdict::Kept,
        }
    }

    /// The name of a file.
    pub fn path(&self, side: Side, file: u32) -> &str {
        let files = match side {
            Side::Given => &self.files.0,
            Side::Returned => &self.files.1,
        };
        files.get(file as usize).map_or("", String::as_str)
    }
}

/// Files of one side, read.
struct Files<'f> {
    contents: Vec<KeptFile<'f>>,
    sequences: Vec<[u8; 14]>,
    /// Images by lower-case name; of several, the first.
    images: BTreeMap<String, &'f [u8]>,
}

impl<'f> Files<'f> {
    fn of(contents: Vec<KeptFile<'f>>) -> Self {
        let sequences = contents
            .iter()
            .map(|content| match file_name::read(content.base) {
                Reading::Standard { name, .. } | Reading::NearMiss { name: Some(name), .. } => {
                    name.sequence
                }
                Reading::NearMiss { .. } | Reading::Foreign => [b'0'; 14],
            })
            .collect();
        let mut images = BTreeMap::new();
        for content in &contents {
            if let Some(bytes) = content.image {
                images.entry(content.base.to_ascii_lowercase()).or_insert(bytes);
            }
        }
        Self { contents, sequences, images }
    }

    fn records(&self, kind: FileKind) -> Vec<(&KeptRecord, [u8; 14])> {
        self.contents
            .iter()
            .zip(&self.sequences)
            .flat_map(|(content, sequence)| {
                content.records.iter().map(move |record| (record, *sequence))
            })
            .filter(|(record, _)| record.layout.kind == kind)
            .collect()
    }

    fn people(&self) -> BTreeSet<Person> {
        let records = self.contents.iter().flat_map(|content| &content.records);
        records.map(person_of).collect()
    }

    fn has(&self, kind: FileKind) -> bool {
        self.contents.iter().any(|content| content.kind == Some(kind))
    }
}

/// What is asked of two sets of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    /// What became of files that a product imported and exported again.
    RoundTrip,
    /// How a later export of one product differs from an earlier one: nobody carries out a deletion
    /// in between, and nothing may be replaced by the value of another product.
    TwoExports,
}

/// Compares what was given with what was returned: names and bytes on both sides.
pub fn compare<N: AsRef<str>, B: AsRef<[u8]>>(given: &[(N, B)], returned: &[(N, B)]) -> Comparison {
    ask(Question::RoundTrip, given, returned)
}

/// Asks a question about two sets of files.
pub(crate) fn ask<N: AsRef<str>, B: AsRef<[u8]>>(
    question: Question,
    given: &[(N, B)],
    returned: &[(N, B)],
) -> Comparison {
    compare_read(question, &Files::of(read(given)), &Files::of(read(returned)))
}

fn read<N: AsRef<str>, B: AsRef<[u8]>>(files: &[(N, B)]) -> Vec<KeptFile<'_>> {
    let options = Profile::default().reading();
    (0..)
        .zip(files)
        .map(|(index, (path, bytes))| KeptFile::read(index, path.as_ref(), bytes.as_ref(), options))
        .collect()
}

fn compare_read(question: Question, given: &Files<'_>, returned: &Files<'_>) -> Comparison {
    let names =
        |files: &Files<'_>| files.contents.iter().map(|file| file.path.to_owned()).collect();
    let mut comparison = Comparison {
        differences: Vec::new(),
        tallies: BTreeMap::new(),
        files: (names(given), names(returned)),
        not_compared: Vec::new(),
        failed: Vec::new(),
    };
    for (side, files) in [(Side::Given, given), (Side::Returned, returned)] {
        for (at, content) in (0..).zip(&files.contents) {
            if content.failed {
                comparison.failed.push((side, at));
            } else if content.kind.is_none() {
                comparison.not_compared.push((side, at));
            }
        }
    }
    let mut work = Work { question, given, returned, people: given.people(), comparison };
    let mut kinds = Vec::new();
    for kind in FileKind::ALL {
        if let Some(sides) = Sides::new(kind, given.records(kind), returned.records(kind)) {
            let pairing = sides.pair();
            kinds.push((sides, pairing));
        }
    }
    let deleted = match question {
        Question::RoundTrip => work.deletions(&kinds),
        Question::TwoExports => Deleted::new(),
    };
    for (sides, pairing) in &kinds {
        work.kind(sides, pairing, &deleted);
    }
    work.unnamed_images();
    work.unreadable();
    let mut comparison = work.comparison;
    comparison.differences.sort_by_key(|difference| {
        let field = difference.field.map_or(0, |field| field.no);
        let is_added = difference.given.is_none();
        (difference.kind, is_added, difference.given, difference.returned, field)
    });
    comparison
}

/// What given deletions took away: by kind, places of given records.
type Deleted = BTreeSet<(FileKind, usize)>;

struct Work<'w, 'f> {
    question: Question,
    given: &'w Files<'f>,
    returned: &'w Files<'f>,
    /// Who was given.
    people: BTreeSet<Person>,
    comparison: Comparison,
}

/// Insurer and insured number.
type Person = (String, String);

/// The two stand at 1 and 2 in every layout.
fn person_of(record: &KeptRecord) -> Person {
    let kind = record.layout.kind;
    let number = |index| record.canonical(FieldId { kind, index }).into_owned();
    (number(1), number(2))
}

impl Work<'_, '_> {
    fn push(&mut self, difference: Difference) {
        self.comparison.differences.push(difference);
    }

    /// Deletions that did not come back: either they were carried out, or what they delete is
    /// there.
    fn deletions(&mut self, kinds: &[(Sides<'_>, Pairing)]) -> Deleted {
        let key = |record: &KeptRecord, ids: &[FieldId]| -> Vec<String> {
            ids.iter().map(|&id| record.canonical(id).into_owned()).collect()
        };
        let of = |kind| kinds.iter().find(|(sides, _)| sides.identity.kind == kind);
        let mut deleted = Deleted::new();
        for deletion in &identity::DELETIONS {
            let Some((deleting, pairing)) = of(deletion.by) else { continue };
            for (kind, fields) in deletion.targets {
                let Some((target, target_pairing)) = of(*kind) else { continue };
                let mut orders: BTreeMap<Vec<String>, (usize, [u8; 14])> = BTreeMap::new();
                for &at in &pairing.lost {
                    let item = &deleting.given[at];
                    let ids = &deleting.identity.parent[..fields.len()];
                    orders.insert(key(item.record, ids), (at, item.sequence));
                }
                if orders.is_empty() {
                    continue;
                }
                for &at in target_pairing.lost.iter().chain(&target_pairing.superseded) {
                    let item = &target.given[at];
                    let order = orders.get(&key(item.record, fields));
                    if order.is_some_and(|(_, sequence)| item.sequence <= *sequence) {
                        deleted.insert((*kind, at));
                    }
                }
                // A newer unit about the same may have come after the deletion.
                let mut newer: BTreeSet<Vec<String>> = BTreeSet::new();
                for item in &target.given {
                    let key = key(item.record, fields);
                    if orders.get(&key).is_some_and(|(_, sequence)| item.sequence > *sequence) {
                        newer.insert(key);
                    }
                }
                let mut said = BTreeSet::new();
                for item in &target.returned {
                    let key = key(item.record, fields);
                    let Some(&(at, _)) = orders.get(&key) else { continue };
                    if *kind == FileKind::Uphosoku || newer.contains(&key) || !said.insert(at) {
                        continue;
                    }
                    let mut difference =
                        Difference::new(Change::DeletionIgnored, Grade::Loss, deletion.by);
                    difference.given = Some(FileRecord::of(deleting.given[at].record));
                    difference.returned = Some(FileRecord::of(item.record));
                    difference.key = key_of(deleting, deleting.given[at].record);
                    self.push(difference);
                }
            }
        }
        deleted
    }

    fn kind(&mut self, sides: &Sides<'_>, pairing: &Pairing, deleted: &Deleted) {
        let kind = sides.identity.kind;
        if sides.given.is_empty() && sides.returned.is_empty() {
            return;
        }
        self.comparison.tallies.insert(
            kind,
            Tally {
                given: sides.given.len() as u64,
                returned: sides.returned.len() as u64,
                matched: pairing.pairs.len() as u64,
            },
        );
        let moved = hierarchy::moved(sides, &pairing.pairs);
        let outdated = sides.outdated(&pairing.superseded);
        for at in 0..pairing.pairs.len() {
            self.values(sides, pairing.pairs[at], at, &moved, &outdated);
        }
        let is_deletion = self.question == Question::RoundTrip
            && identity::DELETIONS.iter().any(|deletion| deletion.by == kind);
        for (list, is_superseded) in [(&pairing.superseded, true), (&pairing.lost, false)] {
            for &at in list {
                let record = sides.given[at].record;
                let mut difference = Difference::new(Change::RecordLost, Grade::Loss, kind);
                difference.given = Some(FileRecord::of(record));
                difference.key = key_of(sides, record);
                self.push(if deleted.contains(&(kind, at)) {
                    difference.because(&treatment::DELETED)
                } else if is_superseded {
                    difference.because(&treatment::SUPERSEDED)
                } else if is_deletion {
                    difference.because(&treatment::CARRIED_OUT)
                } else {
                    difference
                });
            }
        }
        let was_lost = pairing.lost.iter().any(|at| !deleted.contains(&(kind, *at)));
        let says_files = self.question == Question::RoundTrip;
        if says_files && was_lost && !is_deletion && !self.returned.has(kind) {
            self.push(Difference::new(Change::FileLost, Grade::Loss, kind));
        }
        self.added(sides, pairing);
    }

    fn added(&mut self, sides: &Sides<'_>, pairing: &Pairing) {
        let kind = sides.identity.kind;
        let (parents, totals) = (sides.known_parents(), sides.totals());
        let old: BTreeSet<u64> =
            pairing.superseded.iter().map(|&at| sides.given[at].total()).collect();
        for &at in &pairing.added {
            let item = &sides.returned[at];
            let mut difference = Difference::new(Change::RecordAdded, Grade::Loss, kind);
            difference.returned = Some(FileRecord::of(item.record));
            difference.key = key_of(sides, item.record);
            if old.contains(&item.total()) {
                difference.cause = Some(Cause::Outdated);
            }
            let is_known = self.question == Question::TwoExports
                || parents.contains(&item.parent())
                || totals.contains(&item.total());
            self.push(if is_known { difference } else { difference.because(&treatment::STRANGER) });
        }
    }

    /// Compares two records field by field.
    fn values(
        &mut self,
        sides: &Sides<'_>,
        (given_at, returned_at): (usize, usize),
        pair: usize,
        moved: &[Moved],
        outdated: &BTreeSet<(u64, u8, u64)>,
    ) {
        let (given, returned) = (sides.given[given_at].record, sides.returned[returned_at].record);
        let mut key = None;
        for (id, field) in sides.fields() {
            let (left, right) = (given.canonical(id), returned.canonical(id));
            let level = sides.identity.levels.iter().any(|level| level.number == id);
            let judged = if level {
                let is_moved = moved.binary_search(&Moved { pair, number: id }).is_ok();
                number(id, field, (&left, &right), is_moved)
            } else {
                value::judge(id, field, &left, &right)
            };
            let Some(mut judged) = judged else {
                if field.format == Format::ImageFileName && !left.is_empty() {
                    self.image(given, returned, (&left, &right));
                }
                continue;
            };
            let repeated = !level && {
                let of = |items, at| Sides::effective(items, at, id).canonical(id);
                let (whole_left, whole_right) =
                    (of(&sides.given, given_at), of(&sides.returned, returned_at));
                left.is_empty() && whole_left == right || right.is_empty() && left == whole_right
            };
            if repeated {
                judged.reason = Some(&treatment::REPEATED);
                judged.grade = Grade::Free;
                judged.cause = None;
            }
            if judged.change == Change::ValueLost && returned.field(id).is_none() {
                judged.cause = Some(Cause::NoSuchItem);
            }
            if judged.grade == Grade::Loss
                && outdated.contains(&sides.trace(given_at, returned_at, id))
            {
                judged.cause = Some(Cause::Outdated);
            }
            if self.is_of_another_person(id, judged.change, returned) {
                judged.cause = Some(Cause::OtherPerson);
            }
            if self.question == Question::TwoExports {
                judged.reason = judged.reason.filter(|reason| reason.is_set_aside());
                let grade = judged.reason.map_or(Grade::Loss, |_| Grade::Free);
                judged.grade = grade;
            }
            let mut difference = Difference::new(judged.change, judged.grade, given.layout.kind);
            difference.given = Some(FileRecord::of(given));
            difference.returned = Some(FileRecord::of(returned));
            difference.field = given.field(id).or(Some(field));
            difference.given_value = Some(Held::of(given, id));
            difference.returned_value = Some(Held::of(returned, id));
            difference.cause = judged.cause;
            difference.reason = judged.reason;
            difference.key = key.get_or_insert_with(|| key_of(sides, given)).clone();
            self.push(difference);
            if field.format == Format::ImageFileName && !left.is_empty() && !right.is_empty() {
                self.image(given, returned, (&left, &right));
            }
        }
    }

    /// Whether a record came back under the number of somebody else who was given.
    fn is_of_another_person(&self, id: FieldId, change: Change, returned: &KeptRecord) -> bool {
        change == Change::ValueChanged
            && matches!(id.index, 1 | 2)
            && self.people.contains(&person_of(returned))
    }

    /// Compares the images that two records name.
    fn image(&mut self, given: &KeptRecord, returned: &KeptRecord, names: (&str, &str)) {
        let Some(bytes) = self.given.images.get(&names.0.to_ascii_lowercase()) else { return };
        let mut difference = match self.returned.images.get(&names.1.to_ascii_lowercase()) {
            Some(other) if other == bytes => return,
            Some(_) => {
                let changed = Difference::new(Change::ImageChanged, Grade::Loss, given.layout.kind);
                match self.question {
                    Question::RoundTrip => changed.because(&treatment::IMAGE),
                    Question::TwoExports => changed,
                }
            }
            None => Difference::new(Change::ImageLost, Grade::Loss, given.layout.kind),
        };
        difference.given = Some(FileRecord::of(given));
        difference.returned = Some(FileRecord::of(returned));
        self.push(difference);
    }

    /// Images that no given record names have to come back all the same.
    fn unnamed_images(&mut self) {
        let named: BTreeSet<String> = self
            .given
            .records(FileKind::Upkihon)
            .iter()
            .map(|(record, _)| {
                let id = careplan_spec::layout::v4_1::upkihon::FAMILY_IMAGE_FILENAME;
                record.canonical(id).to_ascii_lowercase()
            })
            .collect();
        let returned: BTreeSet<&[u8]> =
            self.returned.contents.iter().filter_map(|content| content.image).collect();
        let mut lost = Vec::new();
        for (file, content) in (0..).zip(&self.given.contents) {
            let Some(bytes) = content.image else { continue };
            if !named.contains(&content.base.to_ascii_lowercase()) && !returned.contains(bytes) {
                let mut difference =
                    Difference::new(Change::ImageLost, Grade::Loss, FileKind::UpkihonImage);
                difference.given = Some(FileRecord { file, record: 0 });
                lost.push(difference);
            }
        }
        self.comparison.differences.extend(lost);
    }

    /// Stretches that no layout fits.
    fn unreadable(&mut self) {
        let mut found = Vec::new();
        for (side, files) in [(Side::Given, self.given), (Side::Returned, self.returned)] {
            for (file, content) in (0..).zip(&files.contents) {
                let Some(kind) = content.kind else { continue };
                for stray in &content.strays {
                    let mut difference = Difference::new(Change::Unreadable, Grade::Loss, kind);
                    let at = Some(FileRecord { file, record: stray.number });
                    match side {
                        Side::Given => difference.given = at,
                        Side::Returned => difference.returned = at,
                    }
                    difference.unreadable = Some(match stray.reason {
                        Reason::Columns { .. } => {
                            Text::new("項目の数が合いません。", "It has another number of columns.")
                        }
                        Reason::Quotes => {
                            Text::new("引用符が閉じていません。", "A quote is not closed.")
                        }
                        Reason::TooLong => {
                            Text::new("レコードが長すぎます。", "The record is too long.")
                        }
                        Reason::Delimiter => Text::new(
                            "区切りがカンマではありません。",
                            "Columns are not parted by commas.",
                        ),
                    });
                    found.push(difference);
                }
            }
        }
        self.comparison.differences.extend(found);
    }
}

/// Compares a number of a hierarchy: a loss only where the record has moved.
fn number(
    id: FieldId,
    field: &Field,
    (given, returned): (&str, &str),
    is_moved: bool,
) -> Option<value::Judged> {
    let judged = value::judge(id, field, given, returned);
    let is_number = |text: &str| text.trim().parse::<u32>().is_ok();
    if is_moved {
        return Some(value::Judged {
            change: judged.map_or(Change::ValueChanged, |judged| judged.change),
            grade: Grade::Loss,
            cause: Some(Cause::Structure),
            reason: None,
        });
    }
    let mut judged = judged?;
    if judged.change == Change::ValueChanged && is_number(given) && is_number(returned) {
        let reason = judged.reason.unwrap_or(&treatment::RENUMBERED);
        (judged.reason, judged.grade, judged.cause) = (Some(reason), Grade::Free, None);
    }
    Some(judged)
}

/// The fields that tell a record apart, with its values: parent keys, then what it is recognised
/// by first. Empty ones and texts are left out.
fn key_of(sides: &Sides<'_>, record: &KeptRecord) -> Vec<(&'static Field, Held)> {
    let own = match sides.identity.levels {
        [] => sides.identity.own.first().copied().unwrap_or_default().to_vec(),
        levels => levels.iter().map(|level| level.number).collect(),
    };
    let layout = sides.identity.kind.layout(StandardVersion::V4_1);
    sides
        .identity
        .parent
        .iter()
        .chain(&own)
        .filter(|id| !record.bytes(**id).is_empty())
        .filter_map(|id| {
            let field = layout?.fields.get(usize::from(id.index))?;
            (!field.format.is_free_text()).then(|| (field, Held::of(record, *id)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use careplan_fixtures::mutant::{Base, EditableUnit};
    use careplan_spec::layout::v4_1::up1kyo;

    use super::*;

    #[test]
    fn a_file_that_a_panic_kept_from_being_read_is_named_and_costs_the_others_nothing() {
        let given = EditableUnit::of(&Base::of("K1")).expect("a unit").files();
        let mut unit = EditableUnit::of(&Base::of("K1")).expect("a unit");
        unit.set(up1kyo::OVERALL_SUPPORT_POLICY, 1, "別の方針");
        let returned = unit.files();
        let whole = compare(&given, &returned);
        assert_eq!((whole.verdict(), whole.differences.len()), (Verdict::Lost, 1));

        let mut contents = read(&returned);
        let is_table3 = |file: &KeptFile<'_>| file.kind == Some(FileKind::Up3kyo);
        let at = contents.iter().position(is_table3).expect("table 3");
        // As `KeptFile::read` leaves it.
        let KeptFile { path, base, .. } = contents[at];
        let (records, strays) = (Vec::new(), Vec::new());
        contents[at] =
            KeptFile { path, base, kind: None, records, strays, image: None, failed: true };
        let comparison =
            compare_read(Question::RoundTrip, &Files::of(read(&given)), &Files::of(contents));
        assert_eq!(comparison.verdict(), Verdict::InternalError);
        assert_eq!(comparison.failed, [(Side::Returned, at as u32)]);
        assert!(comparison.not_compared.is_empty());
        let wording = Wording { lang: Lang::Ja, show_values: false };
        let said = format!("{path}：内部エラーのため比べていません");
        assert!(comparison.text(wording, false).contains(&said));
        let of = |comparison: &Comparison, kind| {
            let of_kind = comparison.differences.iter().filter(|found| found.kind == kind);
            of_kind.map(|found| (found.change, found.given)).collect::<Vec<_>>()
        };
        let table1 = FileKind::Up1kyo;
        assert_eq!(of(&comparison, table1), of(&whole, table1));
        assert_eq!(of(&comparison, table1).len(), 1);
        let matched = |comparison: &Comparison, kind| comparison.tallies[&kind].matched;
        assert_eq!(matched(&comparison, FileKind::Up2kyo), matched(&whole, FileKind::Up2kyo));
    }
}
