//! Walks over files, records, fields and units, so that rules never do.
//!
//! Stages: bytes, framing, field, record, file, unit. A gate closes only the smallest thing
//! affected: a bad character its field, a wrong column count its record, a broken quote the
//! records up to where reading goes on. What was not judged is counted.

pub(crate) mod alignment;
mod delivery;
mod gather;
mod identity;
mod image;
mod memo;
mod plan;
mod records;
mod units;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;

use careplan_reader::{FileHeader, contained};
use careplan_spec::file_kind::{FileKind, StandardVersion};
use careplan_spec::file_name::{Reading, base_name_in_archive};
use careplan_spec::text::visible;
use careplan_spec::{counted, left_lying};

use self::delivery::Delivery;
pub use self::delivery::MOST_HELD;
use self::identity::{About, People};
use crate::context::{FileCx, FindingDraft};
use crate::facts::FileFacts;
use crate::finding::{Finding, Person};
use crate::profile::Profile;
use crate::rule::{Check, Rule};
use crate::rules;
use crate::severity::Severity;
use crate::worded::WordedFinding;

/// A file to check: a name and its bytes.
///
/// A pair of a name and bytes is one, owned or borrowed, and nothing is copied: `("a.CSV", &bytes)`,
/// `&(name, bytes)`.
pub struct Input<'a> {
    /// How the file is called in reports: a path, or `archive.zip!name`.
    path: String,
    /// The bytes. An error while reading makes the file `Unreadable`, never a pass.
    content: Box<dyn Read + Send + 'a>,
    /// Why there is nothing to read, where that is known before.
    fault: Option<String>,
}

impl<'a> Input<'a> {
    /// A file in memory.
    pub fn from_bytes(path: impl Into<String>, bytes: &'a [u8]) -> Self {
        Self::from_reader(path, bytes)
    }

    /// A file that is read while it is checked.
    pub fn from_reader(path: impl Into<String>, reader: impl Read + Send + 'a) -> Self {
        Self { path: as_shown(path), content: Box::new(reader), fault: None }
    }

    /// What was to be checked and is not there, whatever its name: `Unreadable`, never a pass.
    pub fn unreadable(path: impl Into<String>, reason: impl Into<String>) -> Self {
        let fault = Some(reason.into());
        Self { path: as_shown(path), content: Box::new(std::io::empty()), fault }
    }

    /// How the file is called in reports.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The last part of the path: what the standard calls the file name.
    pub fn base_name(&self) -> &str {
        base_name_in_archive(&self.path)
    }
}

/// A path as reports call it, which no terminal obeys.
fn as_shown(path: impl Into<String>) -> String {
    let path = path.into();
    match visible(&path) {
        Cow::Borrowed(_) => path,
        Cow::Owned(shown) => shown,
    }
}

impl<'a, N: AsRef<str>, B: AsRef<[u8]> + ?Sized> From<(N, &'a B)> for Input<'a> {
    fn from((path, bytes): (N, &'a B)) -> Self {
        Self::from_bytes(path.as_ref(), bytes.as_ref())
    }
}

impl<'a, N: AsRef<str>, B: AsRef<[u8]>> From<&'a (N, B)> for Input<'a> {
    fn from((path, bytes): &'a (N, B)) -> Self {
        Self::from_bytes(path.as_ref(), bytes.as_ref())
    }
}

/// Takes findings as they are made.
///
/// ```
/// use careplan_judge::{Finding, FindingSink, Profile, Severity, check};
///
/// /// Counts errors by file.
/// #[derive(Default)]
/// struct Errors(std::collections::BTreeMap<String, u64>);
///
/// impl FindingSink for Errors {
///     fn finding(&mut self, path: Option<&str>, finding: Finding) {
///         if finding.severity == Severity::Error {
///             *self.0.entry(path.unwrap_or("the send unit").to_owned()).or_default() += 1;
///         }
///     }
/// }
///
/// let mut errors = Errors::default();
/// check([("notes.txt", b"not of the standard")], &Profile::default(), &mut errors);
/// assert!(errors.0.is_empty());
/// ```
pub trait FindingSink {
    /// A file is about to be checked. `index` counts from 0 in the order of the inputs.
    fn start_file(&mut self, index: u32, path: &str) {
        let _ = (index, path);
    }

    /// A finding, and the path of the file it is about: `None` for one about a send unit or the
    /// run. Its `file` and `unit` are indexes into the summary.
    fn finding(&mut self, path: Option<&str>, finding: Finding);
}

impl FindingSink for Vec<Finding> {
    fn finding(&mut self, _: Option<&str>, finding: Finding) {
        self.push(finding);
    }
}

/// How many findings of each severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Errors.
    pub errors: u64,
    /// Warnings.
    pub warnings: u64,
    /// Information.
    pub infos: u64,
}

impl Counts {
    /// Adds one finding.
    pub const fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Info => self.infos += 1,
        }
    }

    /// Adds other counts.
    pub const fn merge(&mut self, other: Self) {
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.infos += other.infos;
    }

    /// Without `part`, which is a part of them.
    #[must_use]
    pub const fn without(self, part: Self) -> Self {
        Self {
            errors: self.errors.saturating_sub(part.errors),
            warnings: self.warnings.saturating_sub(part.warnings),
            infos: self.infos.saturating_sub(part.infos),
        }
    }

    /// So many findings of one severity.
    pub const fn of(severity: Severity, count: u64) -> Self {
        let (errors, warnings, infos) = match severity {
            Severity::Error => (count, 0, 0),
            Severity::Warning => (0, count, 0),
            Severity::Info => (0, 0, count),
        };
        Self { errors, warnings, infos }
    }

    /// All of them.
    pub const fn total(self) -> u64 {
        self.errors + self.warnings + self.infos
    }

    /// Findings at or above a severity.
    pub const fn at_least(self, severity: Severity) -> u64 {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.errors + self.warnings,
            Severity::Info => self.total(),
        }
    }

    /// In English: `1 error, 0 warnings, 2 infos`.
    pub fn english(self) -> String {
        let Self { errors, warnings, infos } = self;
        format!(
            "{}, {}, {}",
            counted(errors, "error"),
            counted(warnings, "warning"),
            counted(infos, "info")
        )
    }
}

/// What was done with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileStatus {
    /// Judged.
    Checked,
    /// Its name is none of the standard's: not judged.
    NotChecked,
    /// It could not be read; the reason as the system gave it.
    Unreadable(String),
    /// An internal error: how far it was judged is not known.
    InternalError,
}

/// What later stages did not get to judge, by what closed the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NotJudged {
    /// Fields whose characters could not be read (stage bytes).
    pub fields: u64,
    /// Records, or broken stretches, without a usable form (stage framing).
    pub records: u64,
    /// Files whose content could not be judged at all.
    pub files: u64,
}

/// The result for one file.
#[derive(Debug, Clone)]
pub struct FileOutcome {
    /// The path as given.
    pub path: String,
    /// What was done.
    pub status: FileStatus,
    /// Kind by the name.
    pub kind: Option<FileKind>,
    /// Version used for judging.
    pub version: Option<StandardVersion>,
    /// Size in bytes, as far as it was read.
    pub bytes: u64,
    /// Records, broken ones included, header and blank lines left out.
    pub records: u64,
    /// Findings by severity. Findings of unit rules that point at this file are included.
    pub counts: Counts,
    /// Those of them that a cause explains.
    pub explained: Counts,
    /// Findings by rule code.
    pub by_rule: BTreeMap<&'static str, u64>,
    /// What was not judged.
    pub not_judged: NotJudged,
    /// Index of the send unit the file belongs to.
    pub unit: Option<u32>,
}

/// The result for one send unit.
#[derive(Debug, Clone)]
pub struct UnitOutcome {
    /// Version of the standard.
    pub version: StandardVersion,
    /// Sender: office number, and `/` service kind in 4.1.
    pub sender: String,
    /// Receiver, in the same form.
    pub receiver: String,
    /// The 14-digit sequence.
    pub sequence: String,
    /// What the set of kinds amounts to.
    pub matched: careplan_spec::send_unit::Match,
    /// Indexes of the files.
    pub files: Vec<u32>,
    /// Findings about the unit and its files.
    pub counts: Counts,
}

/// The verdict of a run. It fails closed: nothing to check is no pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// No finding at or above the severity that rejects.
    Accepted,
    /// At least one.
    Rejected,
    /// Something could not be read.
    Unreadable,
    /// Something was not judged because of an internal error.
    InternalError,
    /// Not a single file of the standard.
    NothingToCheck,
}

impl Verdict {
    /// The stable identifier: `accepted` or, in every other case, `rejected`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected | Self::Unreadable | Self::InternalError | Self::NothingToCheck => {
                "rejected"
            }
        }
    }
}

/// The result of a run.
#[derive(Debug, Clone)]
pub struct Summary {
    /// The files, in the order of the inputs.
    pub files: Vec<FileOutcome>,
    /// The send units, in the order of their first file.
    pub units: Vec<UnitOutcome>,
    /// Findings by severity.
    pub counts: Counts,
    /// Those of them that a cause explains.
    pub explained: Counts,
    /// Findings by rule code.
    pub by_rule: BTreeMap<&'static str, u64>,
    /// Whether the send units were not judged because of an internal error.
    pub units_failed: bool,
    /// The verdict.
    pub verdict: Verdict,
}

impl Summary {
    /// The path of the file a finding is about; `None` for one about a unit.
    pub fn path(&self, finding: &Finding) -> Option<&str> {
        Some(&self.files.get(finding.file? as usize)?.path)
    }

    /// Decides again, after findings were taken away (a baseline).
    pub fn decide(&mut self, profile: &Profile) {
        let failed = |file: &FileOutcome| file.status == FileStatus::InternalError;
        self.verdict = if self.units_failed || self.files.iter().any(failed) {
            Verdict::InternalError
        } else if self.files.iter().any(|f| matches!(f.status, FileStatus::Unreadable(_))) {
            Verdict::Unreadable
        } else if self.counts.at_least(profile.fail_on) > 0 {
            Verdict::Rejected
        } else if !self.files.iter().any(|f| f.status == FileStatus::Checked) {
            Verdict::NothingToCheck
        } else {
            Verdict::Accepted
        };
    }
}

/// A summary with all findings, for small callers.
///
/// ```
/// use careplan_judge::{Profile, Report, Verdict};
///
/// let name = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";
/// let report = Report::collect([(name, b"\"202407\",\"1\"\r\n")], &Profile::default());
/// assert_eq!(report.summary.verdict, Verdict::Rejected);
/// let finding = &report.masked()[0];
/// assert_eq!(finding.file.as_deref(), Some(name));
/// assert_eq!(finding.place(careplan_spec::Lang::Ja), "1件目");
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    /// The result.
    pub summary: Summary,
    /// Every finding.
    pub findings: Vec<Finding>,
    /// The settings it was made with.
    pub profile: Profile,
}

impl Report {
    /// Checks files and collects everything. A file is an [`Input`], or a name and its bytes.
    pub fn collect<'a, I: Into<Input<'a>>>(
        files: impl IntoIterator<Item = I>,
        profile: &Profile,
    ) -> Self {
        let mut findings = Vec::new();
        let summary = check(files, profile, &mut findings);
        Self { summary, findings, profile: profile.clone() }
    }

    /// Every finding with the path of the file it is about; `None` for one about a send unit or the
    /// run.
    pub fn iter(&self) -> impl Iterator<Item = (Option<&str>, &Finding)> {
        self.findings.iter().map(|finding| (self.summary.path(finding), finding))
    }

    /// Every finding in words, personal values masked.
    pub fn masked(&self) -> Vec<WordedFinding> {
        self.iter().map(|(path, finding)| WordedFinding::masked(finding, path)).collect()
    }

    /// Every finding in words with the values as they are, for the person whose files they are.
    pub fn with_values(&self) -> Vec<WordedFinding> {
        self.iter().map(|(path, finding)| WordedFinding::with_values(finding, path)).collect()
    }
}

/// Checks files one after the other and hands every finding to `sink`. A file is an [`Input`], or a
/// name and its bytes.
pub fn check<'a, I: Into<Input<'a>>>(
    files: impl IntoIterator<Item = I>,
    profile: &Profile,
    sink: &mut dyn FindingSink,
) -> Summary {
    let mut checked = Vec::new();
    let mut paths: Vec<String> = Vec::new();
    for (index, input) in files.into_iter().enumerate() {
        let (index, input) = (index as u32, input.into());
        let path = input.path.clone();
        sink.start_file(index, &path);
        let mut emit = |finding| sink.finding(Some(&path), finding);
        checked.push(check_file(index, input, profile, &mut emit));
        paths.push(path);
    }
    finish(checked, profile, &mut |finding| {
        let path = finding.file.and_then(|at| paths.get(at as usize));
        sink.finding(path.map(String::as_str), finding);
    })
}

/// What [`check_file`] leaves for the rules about units.
pub struct Checked {
    outcome: FileOutcome,
    header: Option<FileHeader>,
    facts: FileFacts,
    /// The causes that were said about it.
    causes: Vec<&'static Rule>,
}

impl Checked {
    /// Of a file that was not read: nothing may be said about what is not in it.
    fn unread(outcome: FileOutcome, header: Option<FileHeader>) -> Self {
        let facts = FileFacts { unread: 1, ..Default::default() };
        Self { outcome, header, facts, causes: Vec::new() }
    }

    /// The result for the file so far.
    pub fn outcome(&self) -> &FileOutcome {
        &self.outcome
    }
}

/// Checks one file by itself. Independent files may be checked on different threads; hand the
/// results to [`finish`] in the order of their indexes. A panic costs the file its result and
/// nobody else: it is [`FileStatus::InternalError`].
///
/// ```
/// use careplan_judge::engine::{check_file, finish};
/// use careplan_judge::{Profile, Verdict};
///
/// let profile = Profile::default();
/// let names = ["UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV", "notes.txt"];
/// let mut findings = Vec::new();
/// let mut checked = Vec::new();
/// for (index, name) in (0..).zip(names) {
///     let mut emit = |finding| findings.push(finding);
///     checked.push(check_file(index, (name, b"\"202407\"\r\n").into(), &profile, &mut emit));
/// }
/// let summary = finish(checked, &profile, &mut |finding| findings.push(finding));
/// assert_eq!(summary.verdict, Verdict::Rejected);
/// assert_eq!(summary.counts.total(), findings.len() as u64);
/// ```
pub fn check_file(
    index: u32,
    input: Input<'_>,
    profile: &Profile,
    emit: &mut dyn FnMut(Finding),
) -> Checked {
    let Input { path, content, fault } = input;
    let header = FileHeader::of(base_name_in_archive(&path), profile.as_of);
    let (kind, version) = match &header {
        Ok(header) => (Some(header.kind), Some(header.version)),
        Err(Reading::NearMiss { version, .. }) => (None, *version),
        Err(_) => (None, None),
    };
    let mut outcome = FileOutcome {
        path,
        status: FileStatus::NotChecked,
        kind,
        version,
        bytes: 0,
        records: 0,
        counts: Counts::default(),
        explained: Counts::default(),
        by_rule: BTreeMap::new(),
        not_judged: NotJudged::default(),
        unit: None,
    };
    if let Some(reason) = fault {
        outcome.status = FileStatus::Unreadable(reason);
        return Checked::unread(outcome, header.ok());
    }
    if left_lying::is_path(&outcome.path) {
        (outcome.kind, outcome.version) = (None, None);
        let (facts, causes) = (FileFacts::default(), Vec::new());
        return Checked { outcome, header: None, facts, causes };
    }
    let of = match &header {
        Ok(header) => identity::of_file(header),
        Err(_) => identity::of_name(base_name_in_archive(&outcome.path)),
    };
    let of_standard = header.as_ref().ok().cloned();
    let mut delivery = Delivery::new(index, of, profile, emit, &mut outcome, of_standard.clone());
    let judged = contained(|| judge_file(header, content, &mut delivery));
    delivery.let_go();
    let causes = delivery.causes();
    match judged {
        Some((header, facts)) => Checked { outcome, header, facts, causes },
        None => {
            outcome.status = FileStatus::InternalError;
            Checked::unread(outcome, of_standard)
        }
    }
}

fn judge_file(
    header: Result<FileHeader, Reading>,
    mut content: Box<dyn Read + Send + '_>,
    delivery: &mut Delivery<'_>,
) -> (Option<FileHeader>, FileFacts) {
    let mut facts = FileFacts::default();
    let mut header = match header {
        Ok(header) => header,
        Err(reading) => {
            judge_name(reading, delivery);
            return (None, facts);
        }
    };
    let result = if header.kind.is_csv() {
        records::judge(&mut header, &mut facts, content, delivery)
    } else {
        image::read(&mut content, &mut facts)
    };
    match result {
        Ok(bytes) => {
            delivery.outcome.bytes = bytes;
            delivery.outcome.status = FileStatus::Checked;
            run_file_rules(&header, &facts, delivery);
            delivery.header = Some(header.clone());
            delivery.explain(&facts);
        }
        Err(error) => {
            facts.unread += 1;
            delivery.outcome.status = FileStatus::Unreadable(error.to_string());
        }
    }
    delivery.outcome.version = Some(header.version);
    (Some(header), facts)
}

/// A file that is none of the standard's; its name may still be worth a word.
fn judge_name(reading: Reading, delivery: &mut Delivery<'_>) {
    let base_name = base_name_in_archive(&delivery.outcome.path).to_owned();
    let ending = base_name.len().checked_sub(4).and_then(|at| base_name.get(at..));
    let is_csv = ending.is_some_and(|ending| ending.eq_ignore_ascii_case(".csv"));
    if is_csv || !matches!(reading, Reading::Foreign) {
        let header = FileHeader {
            base_name,
            reading,
            name: None,
            // Only rules about names see this header, and they look at the reading.
            kind: FileKind::Upplan,
            version: StandardVersion::V4_1,
            layout: None,
        };
        run_file_rules(&header, &FileFacts::default(), delivery);
    }
}

fn run_file_rules(header: &FileHeader, facts: &FileFacts, delivery: &mut Delivery<'_>) {
    let mut drafts = Vec::new();
    for rule in rules::file::RULES {
        let Check::File(kinds, run) = rule.check else { continue };
        let wanted = kinds.is_empty() || (header.layout.is_some() && kinds.contains(&header.kind));
        if wanted && delivery.profile.runs(rule) {
            run(&mut FileCx { file: header, facts, drafts: &mut drafts });
        }
    }
    if drafts.is_empty() {
        return;
    }
    let people = People::of(facts);
    for FindingDraft { mut finding } in drafts {
        let about = people.about(finding.at);
        finding.withhold(facts.displaced && finding.at.record > 0);
        if let (About::Person(key), true) = (about, finding.at.record > 0) {
            finding.person = Some(Person(key.person));
        }
        delivery.deliver(finding, about, facts);
    }
}

/// Groups the files into send units, runs the rules about units and decides.
pub fn finish(checked: Vec<Checked>, profile: &Profile, emit: &mut dyn FnMut(Finding)) -> Summary {
    units::finish(checked, profile, emit)
}
