//! What a rule is: one declaration that the engine, the reports, the documentation and the tests
//! all read.

use careplan_spec::{Basis, Field, FileKind, Text};

use crate::cause::{CauseCx, Told};
use crate::context::{BatchCx, FieldCx, FileCx, RecordCx, UnitCx};
use crate::severity::Severity;

/// Where a rule's statement stands in the documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A fixed clause (`S 2.4`, `L UPPLAN 10`, `—` for silence) with its basis.
    Fixed(&'static str, Basis),
    /// The row of the layout table that the finding is about: clause `L <kind> <no>`, basis by the
    /// confidence of the transcription. Where that is not high, or 必須 is unclear, an error is
    /// lowered to a warning.
    Row,
}

/// The part of a file set that a rule judges, which is also the stage it runs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Characters and encoding (`B`).
    Bytes,
    /// Records, fields and quotes (`S`).
    Framing,
    /// One field (`F`).
    Field,
    /// One record (`R`).
    Record,
    /// One file and its name (`L`).
    File,
    /// A send unit or the whole batch (`X`).
    Unit,
    /// What is behind many findings (`C`).
    Cause,
    /// The settings of the run (`S` from 040 on).
    Settings,
}

impl Stage {
    /// Every stage, in the order of judging.
    pub const ALL: [Self; 8] = [
        Self::Bytes,
        Self::Framing,
        Self::Field,
        Self::Record,
        Self::File,
        Self::Unit,
        Self::Cause,
        Self::Settings,
    ];

    /// The first letter of the codes of this stage.
    pub const fn letter(self) -> char {
        match self {
            Self::Bytes => 'B',
            Self::Framing | Self::Settings => 'S',
            Self::Field => 'F',
            Self::Record => 'R',
            Self::File => 'L',
            Self::Unit => 'X',
            Self::Cause => 'C',
        }
    }

    /// The stable identifier used in reports.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Framing => "framing",
            Self::Field => "field",
            Self::Record => "record",
            Self::File => "file",
            Self::Unit => "unit",
            Self::Cause => "cause",
            Self::Settings => "settings",
        }
    }

    /// The word shown to readers.
    pub const fn label(self) -> Text {
        match self {
            Self::Bytes => Text::new("文字", "bytes"),
            Self::Framing => Text::new("CSVの形", "framing"),
            Self::Field => Text::new("項目", "field"),
            Self::Record => Text::new("レコード", "record"),
            Self::File => Text::new("ファイル", "file"),
            Self::Unit => Text::new("送信単位", "send unit"),
            Self::Cause => Text::new("原因", "cause"),
            Self::Settings => Text::new("設定", "settings"),
        }
    }
}

/// What the engine calls to run a rule.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    /// Raised by the reader itself (bytes and framing): the rule only declares.
    Reader,
    /// Judges single fields. `applies` is asked once per layout; `holds` is the hot path and sees
    /// the value without its enclosing quotes (inner `""` still doubled), never empty unless
    /// `on_empty`; `report` runs only when `holds` said no and describes the finding.
    Field {
        /// Which fields of which layouts the rule is about.
        applies: fn(&Field) -> bool,
        /// True: the check runs on empty values only. False: on non-empty values only.
        on_empty: bool,
        /// Whether the value is as it should be.
        holds: fn(&Field, &[u8]) -> bool,
        /// Adds what is expected, hints and arguments to the finding.
        report: fn(&mut FieldCx<'_>),
    },
    /// Judges one record of the given kinds.
    Record(&'static [FileKind], fn(&mut RecordCx<'_>)),
    /// Judges one file of the given kinds (all kinds where empty) when it has been read.
    File(&'static [FileKind], fn(&mut FileCx<'_>)),
    /// Is about the settings of the run: who reads them says it.
    Settings,
    /// Tells the cause of many findings of a file from what was counted of them.
    Cause(fn(&CauseCx<'_>) -> Vec<Told>),
    /// Judges one send unit.
    Unit(fn(&mut UnitCx<'_>)),
    /// Judges all units and files of the run together.
    Batch {
        /// Looks at them.
        check: fn(&mut BatchCx<'_>),
        /// Whether it is about one sending that replaces or deletes what another brought, which is
        /// as it should be where a run holds several sendings in a row.
        is_about_resending: bool,
    },
}

/// The three messages with which the central server refuses a message that was sent; where several
/// apply, the first of them is its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RelayMessage {
    /// E2: the form of a file name.
    FileName,
    /// E1: the combination of CSV files.
    Combination,
    /// E3: the format of the content.
    Format,
}

impl RelayMessage {
    /// The official Japanese text, and our translation.
    pub const fn text(self) -> Text {
        match self {
            Self::Combination => Text::new(
                "ファイルの組み合わせが正しくありません。CSVファイルの組み合わせを確認してください。",
                "The combination of files is not right. Check the combination of CSV files.",
            ),
            Self::FileName => Text::new(
                "添付ファイル名の形式に誤りがあります。標準仕様の送信単位に従ったファイルを添付してください。",
                "The form of an attached file's name is wrong. Attach files according to the send units of the standard.",
            ),
            Self::Format => Text::new(
                "ケアプランデータの書式フォーマットが正しくありません。ケアプランデータ内の書式を確認してください。",
                "The format of the care-plan data is not right. Check the format inside the care-plan data.",
            ),
        }
    }
}

/// What the central server does with a message that has a defect.
///
/// How deep the real server looks is not public: names and combinations are certain (their
/// messages exist), of the content we take every error that the layout annex states. Assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relay {
    /// It refuses the message with this text.
    Refuses(RelayMessage),
    /// It delivers the message: the defect is no error.
    Delivers,
    /// It delivers the message although the defect is an error, because it does not look there.
    Overlooks(&'static str),
}

impl Relay {
    /// The message with which the server refuses; `None` where it delivers.
    pub const fn message(self) -> Option<RelayMessage> {
        match self {
            Self::Refuses(message) => Some(message),
            Self::Delivers | Self::Overlooks(_) => None,
        }
    }
}

/// One rule, as the engine, the reports and the pages read it. Codes are never reused.
///
/// ```
/// let rule = careplan_judge::rules::find("F014").expect("a rule");
/// assert_eq!(rule.name, "malformed-insured-number");
/// assert_eq!(rule.fix.ja, careplan_judge::rules::find(rule.name).expect("by name").fix.ja);
/// ```
pub struct Rule {
    /// Stage letter and three digits: `F004`.
    pub code: &'static str,
    /// Kebab-case name of the defect; also the file name.
    pub name: &'static str,
    /// One line: what is wrong.
    pub title: Text,
    /// What is checked and why it matters, for the page of the rule. Plain text, paragraphs
    /// separated by a blank line.
    pub explanation: Text,
    /// The sentence of a finding. Placeholders: `{field}` (number and official name), `{found}`,
    /// `{expected}`, `{0}`, `{1}` … (arguments of the finding).
    pub message: Text,
    /// What the reader should do.
    pub fix: Text,
    /// Clause and basis.
    pub source: Source,
    /// Severity in the `vendor` profile.
    pub severity: Severity,
    /// What it means for the central server.
    pub relay: Relay,
    /// Rows of the rule list of the standard, of real-world failures (`RW n`) and of open
    /// questions (`OQ x`) that this rule covers.
    pub covers: &'static [&'static str],
    /// How it is run.
    pub(crate) check: Check,
    /// What shows it; both kinds run as tests and stand in the page.
    pub examples: Examples,
}

/// The examples of a rule by name: labelled mutants of careplan-fixtures, or valid units (`K1`
/// plain, `K1/rich` rich). A rule with a bound or an exemption has one on each side of it.
#[derive(Debug, Clone, Copy)]
pub struct Examples {
    /// The rule reports something.
    pub fails: &'static [&'static str],
    /// It does not.
    pub passes: &'static [&'static str],
}

impl Rule {
    /// Whether it is about one sending that replaces or deletes what another brought.
    pub const fn is_about_resending(&self) -> bool {
        matches!(self.check, Check::Batch { is_about_resending: true, .. })
    }

    /// Whether it looks at send units or the whole run.
    pub const fn is_about_units(&self) -> bool {
        matches!(self.check, Check::Unit(_) | Check::Batch { .. })
    }

    /// Whether it is about the settings of a run, and no file of any kind shows it.
    pub const fn is_about_settings(&self) -> bool {
        matches!(self.check, Check::Settings)
    }

    /// The stage, from the letter of the code.
    pub fn stage(&self) -> Stage {
        if self.is_about_settings() {
            return Stage::Settings;
        }
        Stage::ALL
            .into_iter()
            .find(|stage| self.code.starts_with(stage.letter()))
            .expect("every code starts with a stage letter: checked by the registry test")
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.code, self.name)
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Rule {}
