//! Reports: what a run of [`careplan_judge`] found, in one [`Format`] each.
//!
//! [`to_string`] puts a report that is in memory into a text. A run that is too large for that
//! writes while it goes on: [`Reports`] is a sink for [`careplan_judge::check`], and writes as many
//! formats at once as are wanted.
//!
//! ```
//! use careplan_judge::message::Wording;
//! use careplan_judge::{Profile, Report, check};
//! use careplan_reports::{Format, Reports, TextOptions};
//! use careplan_spec::Lang;
//!
//! let name = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";
//! let files = [(name, b"\"202407\",\"1\"\r\n")];
//! let wording = Wording { lang: Lang::En, show_values: false };
//!
//! // In memory …
//! let report = Report::collect(files, &Profile::default());
//! let text = careplan_reports::to_string(&report, Format::Text, wording);
//! assert!(text.contains("rejected"));
//!
//! // … or while it goes on.
//! let mut json = Vec::new();
//! let mut reports = Reports::new(wording, &Profile::default());
//! reports.add(Format::Json, &mut json, TextOptions::default());
//! let summary = check(files, &Profile::default(), &mut reports);
//! reports.finish(&summary)?;
//! assert!(json.starts_with(b"{"));
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! Personal values are masked to their shape in every format unless [`Wording::show_values`] says
//! otherwise.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use careplan_judge::baseline::Key;
use careplan_judge::engine::{Counts, FileOutcome, FileStatus, Summary};
use careplan_judge::finding::Finding;
use careplan_judge::message::{self, Wording};
use careplan_judge::profile::{Profile, Purpose};
use careplan_judge::suppression::Suppression;
use careplan_judge::{FindingSink, Report, Rule, Severity};
use careplan_spec::text::visible;
use careplan_spec::{Lang, Text, counted, left_lying};

mod concise;
mod csv;
mod github;
mod html;
mod json;
pub mod junit;
mod markdown;
mod sarif;
mod text;

pub use json::schema as json_schema;
pub use markdown::cell;
pub use text::TextOptions;

/// A report format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// Readable text for a terminal.
    Text,
    /// The documented, versioned JSON document.
    Json,
    /// The same as lines: one a finding, the rest last.
    JsonLines,
    /// A line a finding: `path:line:column: CODE message`.
    Concise,
    /// JUnit XML, one test case a file.
    Junit,
    /// SARIF 2.1.0.
    Sarif,
    /// Workflow commands for GitHub annotations.
    Github,
    /// Markdown, for job summaries.
    Markdown,
    /// One self-contained page.
    Html,
    /// CSV for spreadsheets, UTF-8 with a byte order mark.
    Csv,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 10] = [
        Self::Text,
        Self::Concise,
        Self::Json,
        Self::JsonLines,
        Self::Junit,
        Self::Sarif,
        Self::Github,
        Self::Markdown,
        Self::Html,
        Self::Csv,
    ];

    /// The stable identifier.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::JsonLines => "jsonl",
            Self::Junit => "junit",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Csv => "csv",
        }
    }

    /// The format with this identifier.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.id() == id)
    }
}

/// What every report needs to know about the run.
#[derive(Debug, Clone)]
pub struct Context {
    /// Language and masking.
    pub wording: Wording,
    /// The settings of the run.
    pub profile: Profile,
    /// The paths of the files, by index; grows while files are started.
    paths: Vec<String>,
    /// What a baseline hid; `None` without one.
    hidden: Option<Counts>,
    /// The suppressions that held, where the settings have any.
    suppressions: Option<Vec<Hidden>>,
    /// When the run began, as `2026-06-01T09:00:00`.
    started: Option<String>,
    /// The file of settings.
    settings: Option<String>,
    /// The secret that findings are marked under for the next run.
    key: Option<Key>,
}

/// What a suppression hid.
#[derive(Debug, Clone)]
pub struct Hidden {
    /// The suppression.
    pub by: Arc<Suppression>,
    /// The findings.
    pub counts: Counts,
}

impl Context {
    /// Of a run that is over.
    pub fn of(report: &Report, wording: Wording) -> Self {
        let paths = report.summary.files.iter().map(|file| file.path.clone()).collect();
        Self {
            wording,
            profile: report.profile.clone(),
            paths,
            hidden: None,
            suppressions: None,
            started: None,
            settings: None,
            key: None,
        }
    }

    /// The path a finding is about, that of the settings too; empty for a unit.
    pub fn path(&self, finding: &Finding) -> &str {
        if finding.rule.is_about_settings() {
            return self.settings.as_deref().unwrap_or_default();
        }
        finding.file.and_then(|at| self.paths.get(at as usize)).map_or("", String::as_str)
    }

    /// How many findings suppressions hid.
    fn suppressed(&self) -> Counts {
        let mut all = Counts::default();
        for hidden in self.suppressions.iter().flatten() {
            all.merge(hidden.counts);
        }
        all
    }

    fn pick(&self, text: Text) -> &'static str {
        text.get(self.wording.lang)
    }
}

/// A report in memory as text in a format; UTF-8 in all of them.
///
/// See the [crate] for an example.
pub fn to_string(report: &Report, format: Format, wording: Wording) -> String {
    let mut out = Vec::new();
    let mut writer = writer(format, Box::new(&mut out), TextOptions::default());
    let context = Context::of(report, wording);
    let written = report
        .findings
        .iter()
        .try_for_each(|finding| writer.finding(&context, finding))
        .and_then(|()| writer.finish(&context, &report.summary));
    drop(writer);
    written.expect("memory takes every report");
    String::from_utf8(out).expect("every format is UTF-8")
}

/// A sink that writes reports while a run goes on.
///
/// See the [crate] for an example.
pub struct Reports<'a> {
    context: Context,
    writers: Vec<Box<dyn Writer + 'a>>,
    error: Option<io::Error>,
}

impl<'a> Reports<'a> {
    /// None yet; a run needs the profile that is given here.
    pub fn new(wording: Wording, profile: &Profile) -> Self {
        let context = Context {
            wording,
            profile: profile.clone(),
            paths: Vec::new(),
            hidden: None,
            suppressions: None,
            started: None,
            settings: None,
            key: None,
        };
        Self { context, writers: Vec::new(), error: None }
    }

    /// Marks findings under a secret, so that a service recognises them in the next run.
    pub fn keyed(&mut self, key: Option<Key>) {
        self.context.key = key;
    }

    /// One more. `options` are for [`Format::Text`].
    pub fn add(&mut self, format: Format, out: impl Write + 'a, options: TextOptions) {
        self.writers.push(writer(format, Box::new(out), options));
    }

    /// When the run began, as `2026-06-01T09:00:00`.
    pub fn started(&mut self, at: String) {
        self.context.started = Some(at);
    }

    /// The file with the settings of the run.
    pub fn settings(&mut self, path: String) {
        self.context.settings = Some(path);
    }

    /// What a baseline hid, before the end: every format for people says so.
    pub fn hidden(&mut self, counts: Counts) {
        self.context.hidden = Some(counts);
    }

    /// What each suppression that held hid, where the settings have any; before the end.
    pub fn suppressed(&mut self, hidden: Option<Vec<Hidden>>) {
        self.context.suppressions = hidden;
    }

    /// The sentences that sum up a run: the verdict, what a baseline and suppressions hid, what was
    /// not judged.
    pub fn in_short(&self, summary: &Summary) -> Vec<String> {
        let context = &self.context;
        let mut lines = vec![verdict_line(context, summary)];
        lines.extend(hidden_lines(context));
        lines.extend(not_judged_line(context, summary));
        lines.extend(settings_line(context));
        lines
    }

    /// Ends the reports.
    ///
    /// # Errors
    /// An output could not be written, now or while the run went on. What was not written to its end
    /// is no report.
    pub fn finish(mut self, summary: &Summary) -> io::Result<()> {
        for writer in &mut self.writers {
            let result = writer.finish(&self.context, summary);
            self.error = self.error.take().or(result.err());
        }
        self.error.map_or(Ok(()), Err)
    }
}

impl FindingSink for Reports<'_> {
    fn start_file(&mut self, _: u32, path: &str) {
        self.context.paths.push(path.to_owned());
    }

    fn finding(&mut self, _: Option<&str>, finding: Finding) {
        let is_suppressed = finding.suppressed.is_some();
        for writer in self.writers.iter_mut().filter(|it| !is_suppressed || it.takes_suppressed()) {
            if self.error.is_none() {
                self.error = writer.finding(&self.context, &finding).err();
            }
        }
    }
}

impl fmt::Debug for Reports<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reports").field("writers", &self.writers.len()).finish_non_exhaustive()
    }
}

/// Writes one report while a run goes on.
trait Writer {
    /// Whether it is told of findings that are suppressed: for people they are counted alone.
    fn takes_suppressed(&self) -> bool {
        false
    }

    /// Takes a finding.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn finding(&mut self, context: &Context, finding: &Finding) -> io::Result<()>;

    /// Ends the report.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn finish(&mut self, context: &Context, summary: &Summary) -> io::Result<()>;
}

/// A writer of the format onto `out`.
fn writer<'a>(
    format: Format,
    out: Box<dyn Write + 'a>,
    options: TextOptions,
) -> Box<dyn Writer + 'a> {
    match format {
        Format::Text => Box::new(text::TextReport::new(out, options)),
        Format::Concise => Box::new(concise::ConciseReport::new(out)),
        Format::Json => Box::new(json::JsonReport::new(out)),
        Format::JsonLines => Box::new(json::JsonLines::new(out)),
        Format::Junit => Box::new(junit::JunitReport::new(out)),
        Format::Sarif => Box::new(sarif::SarifReport::new(out)),
        Format::Github => Box::new(github::GithubReport::new(out)),
        Format::Markdown => Box::new(markdown::MarkdownReport::new(out)),
        Format::Html => Box::new(html::HtmlReport::new(out)),
        Format::Csv => Box::new(csv::CsvReport::new(out)),
    }
}

/// The sentence that sums up a run: what is to be looked at, and beside it what a cause explains.
fn verdict_line(context: &Context, summary: &Summary) -> String {
    use careplan_judge::engine::Verdict;
    let word: Text<String> = match summary.verdict {
        Verdict::Accepted => match passed_over(context) {
            Some(Text { ja, en }) => {
                Text::made(format!("合格（抑制した{ja}を除く）"), format!("accepted with {en}"))
            }
            None => Text::made("合格", "accepted"),
        },
        Verdict::Rejected => Text::made("不合格", "rejected"),
        Verdict::Unreadable => Text::made(
            "不合格（読めないファイルがあります）",
            "rejected (a file could not be read)",
        ),
        Verdict::InternalError => Text::made(
            "不合格（内部エラーのため検査が終わっていません）",
            "rejected (internal error: not everything was checked)",
        ),
        Verdict::NothingToCheck => Text::made(
            "検査できるファイルがありません",
            "nothing to check: no file of the standard",
        ),
    };
    let (counts, explained) = (summary.counts.without(summary.explained), summary.explained);
    match context.wording.lang {
        Lang::Ja => format!(
            "{}：エラー{}件、警告{}件、情報{}件{}",
            word.ja,
            counts.errors,
            counts.warnings,
            counts.infos,
            explained_by_causes(context, explained)
        ),
        Lang::En => {
            format!("{}: {}{}", word.en, counts.english(), explained_by_causes(context, explained))
        }
    }
}

/// What would have rejected and is suppressed, in words; `None` where nothing is.
fn passed_over(context: &Context) -> Option<Text<String>> {
    let all = context.suppressed();
    let of = |severity, count: u64| match severity >= context.profile.fail_on {
        true => count,
        false => 0,
    };
    let Counts { errors, warnings, infos } = all;
    let counts = [
        ("エラー", "suppressed error", of(Severity::Error, errors)),
        ("警告", "suppressed warning", of(Severity::Warning, warnings)),
        ("情報", "suppressed info", of(Severity::Info, infos)),
    ];
    let (ja, en): (Vec<_>, Vec<_>) = counts
        .into_iter()
        .filter(|(.., count)| *count > 0)
        .map(|(ja, en, count)| (format!("{ja}{count}件"), counted(count, en)))
        .unzip();
    (!ja.is_empty()).then(|| Text::made(ja.join("・"), en.join(", ")))
}

/// How many findings are explained by causes, in brackets; empty where none is.
fn explained_by_causes(context: &Context, explained: Counts) -> String {
    let Counts { errors, warnings, infos } = explained;
    match (explained.total(), context.wording.lang) {
        (0, _) => String::new(),
        (_, Lang::Ja) => {
            format!("（ほかに、原因で説明済みのもの：エラー{errors}・警告{warnings}・情報{infos}）")
        }
        (_, Lang::En) => format!(" (and explained by a cause: {})", explained.english()),
    }
}

/// What the central server would say, in the `relay` profile.
fn relay_text(context: &Context, finding: &Finding) -> Option<&'static str> {
    relay_of(context, finding.rule)
}

/// The same about a rule.
fn relay_of(context: &Context, rule: &Rule) -> Option<&'static str> {
    if context.profile.purpose != Purpose::Relay {
        return None;
    }
    rule.relay.message().map(|message| context.pick(message.text()))
}

/// Why a file was not judged to its end; `None` where it was.
fn not_judged_because(context: &Context, file: &FileOutcome) -> Option<String> {
    let text = match &file.status {
        FileStatus::Checked => return None,
        FileStatus::NotChecked if left_lying::is_path(&file.path) => Text::new(
            "検査していません（パソコンが自動で作ったファイルです）",
            "not checked: the desktop left it there",
        ),
        FileStatus::NotChecked => Text::new(
            "検査していません（標準仕様の名前ではありません）",
            "not checked: not a name of the standard",
        ),
        FileStatus::Unreadable(reason) => {
            return Some(match context.wording.lang {
                Lang::Ja => format!("読めません：{reason}"),
                Lang::En => format!("unreadable: {reason}"),
            });
        }
        FileStatus::InternalError => Text::new(
            "内部エラーのため、検査は終わっていません",
            "not checked to its end: internal error",
        ),
    };
    Some(context.pick(text).to_owned())
}

/// The files that fail the run without a finding: unreadable, or not checked to their end.
fn failed_files<'s>(
    context: &Context,
    summary: &'s Summary,
) -> impl Iterator<Item = (&'s FileOutcome, String)> {
    let failed = |file: &&FileOutcome| {
        matches!(file.status, FileStatus::Unreadable(_) | FileStatus::InternalError)
    };
    let files = summary.files.iter().filter(failed);
    files.filter_map(|file| Some((file, not_judged_because(context, file)?)))
}

/// Why a run is no pass although none of its files failed, and the name of that: nothing was there to
/// check, or the send units were not judged.
fn failed_run(context: &Context, summary: &Summary) -> Option<(&'static str, &'static str)> {
    use careplan_judge::engine::Verdict;
    if summary.units_failed {
        let text = Text::new(
            "内部エラーのため、送信単位の検査は終わっていません",
            "the send units were not checked to their end: internal error",
        );
        return Some(("internal-error", context.pick(text)));
    }
    let text = Text::new(
        "検査できるファイルがありません。標準仕様の名前のファイルを指定してください",
        "nothing to check: no file has a name of the standard",
    );
    (summary.verdict == Verdict::NothingToCheck).then(|| ("nothing-to-check", context.pick(text)))
}

/// The name of what made a file fail.
const fn failure(file: &FileOutcome) -> &'static str {
    match file.status {
        FileStatus::InternalError => "internal-error",
        _ => "unreadable",
    }
}

/// Which settings held, in words; `None` where there is no file of them.
fn settings_line(context: &Context) -> Option<String> {
    let path = context.settings.as_ref()?;
    Some(match context.wording.lang {
        Lang::Ja => format!("設定ファイル：{path}"),
        Lang::En => format!("settings: {path}"),
    })
}

/// What was hidden, in words: by the baseline, and by each suppression.
fn hidden_lines(context: &Context) -> Vec<String> {
    let suppressions = context.suppressions.iter().flatten();
    let hiding = suppressions.filter(|hidden| hidden.counts.total() > 0);
    hidden_line(context).into_iter().chain(hiding.map(|it| suppressed_line(context, it))).collect()
}

/// What a suppression hid, in words.
fn suppressed_line(context: &Context, hidden: &Hidden) -> String {
    let Hidden { by, counts } = hidden;
    let path = context.settings.as_deref().unwrap_or("-");
    let (line, codes, until, reason) = (by.line, by.codes(), by.last_day(), visible(&by.reason));
    match context.wording.lang {
        Lang::Ja => format!(
            "抑制により{}件（エラー{}・警告{}・情報{}）は表示していません：{path}:{line} {codes}、{until} まで、理由：{reason}",
            counts.total(),
            counts.errors,
            counts.warnings,
            counts.infos
        ),
        Lang::En => format!(
            "{} suppressed ({}) by {path}:{line}: {codes}, until {until}: {reason}",
            counted(counts.total(), "finding"),
            counts.english()
        ),
    }
}

/// How many findings a baseline hid, in words; `None` without one.
fn hidden_line(context: &Context) -> Option<String> {
    let counts = context.hidden?;
    Some(match (counts.total(), context.wording.lang) {
        (0, Lang::Ja) => {
            "既知の指摘の記録（ベースライン）にあたる指摘はありませんでした".to_owned()
        }
        (0, Lang::En) => "the baseline hid nothing".to_owned(),
        (total, Lang::Ja) => format!(
            "既知の指摘の記録（ベースライン）にある{total}件は表示していません（エラー{}・警告{}・情報{}）",
            counts.errors, counts.warnings, counts.infos
        ),
        (total, Lang::En) => {
            format!("hidden by the baseline: {} ({})", counted(total, "finding"), counts.english())
        }
    })
}

/// How many findings a cause that is shown explains, in words; `None` where there are none.
fn folded_line(context: &Context, folded: u64) -> Option<String> {
    (folded > 0).then(|| match context.wording.lang {
        Lang::Ja => {
            format!("原因（C…）で説明される{folded}件は表示していません（JSONにはあります）")
        }
        Lang::En => format!("explained by a cause and not shown: {folded} (JSON has them)"),
    })
}

/// What was not judged, in words; `None` where everything was.
fn not_judged_line(context: &Context, summary: &Summary) -> Option<String> {
    let mut all = careplan_judge::engine::NotJudged::default();
    for file in &summary.files {
        all.fields += file.not_judged.fields;
        all.records += file.not_judged.records;
        all.files += file.not_judged.files;
    }
    if all == careplan_judge::engine::NotJudged::default() {
        return None;
    }
    Some(match context.wording.lang {
        Lang::Ja => format!(
            "検査していないもの：項目{}（文字が読めない）、レコード{}（CSVの形が読めない）、ファイル{}（中身を読めない）",
            all.fields, all.records, all.files
        ),
        Lang::En => format!(
            "not judged: {} (unreadable characters), {} (unreadable form), {} (unreadable content)",
            counted(all.fields, "field"),
            counted(all.records, "record"),
            counted(all.files, "file")
        ),
    })
}

/// A finding on one line: place, message and clause.
fn line(context: &Context, finding: &Finding) -> String {
    let mut out = place(context, finding);
    if !out.is_empty() {
        out.push(' ');
    }
    context.wording.write_message(finding, &mut out);
    let clause = finding.clause();
    // No clause says it.
    if clause != "—" {
        out.push_str(&format!(" [{clause}]"));
    }
    out
}

/// Where a finding is, in words: record, line, field.
pub fn place(context: &Context, finding: &Finding) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    let lang = context.wording.lang;
    let ja = lang == Lang::Ja;
    if finding.at.record > 0 {
        let (record, line) = (finding.at.record, finding.at.line);
        let _ = if ja {
            write!(out, "{record}件目（{line}行目）")
        } else {
            write!(out, "record {record} (line {line})")
        };
    } else if finding.at.line > 0 {
        let line = finding.at.line;
        let _ = if ja { write!(out, "{line}行目") } else { write!(out, "line {line}") };
    }
    if let Some(field) = finding.field {
        if !out.is_empty() {
            out.push(' ');
        }
        let (label, column) = (message::field_label(field, lang), field.column_letter());
        let _ = match lang {
            Lang::Ja => write!(out, "{label}（{column}列）"),
            Lang::En => write!(out, "{label} (column {column})"),
        };
    }
    out
}

/// The README's program is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadMe;

#[cfg(test)]
mod tests {
    use careplan_judge::Stage;
    use careplan_judge::profile::Scope;

    use super::*;

    const NAME: &str = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";

    /// Two records of the wrong form and an unusual line end, which is said to explain the first.
    fn explained() -> Report {
        let profile = Profile::default().with_scope(Scope::File);
        let mut report =
            Report::collect([(NAME, b"\"202407\",\"1\"\n\"202407\",\"2\"\n")], &profile);
        let of = |code: &str| report.findings.iter().position(|found| found.rule.code == code);
        let (first, cause) = (of("S007").expect("columns"), of("S009").expect("line ends"));
        report.findings[first].explained_by = Some(report.findings[cause].rule);
        report.summary.explained.add(report.findings[first].severity);
        report
    }

    #[test]
    fn what_a_cause_explains_is_folded_for_people_and_named_for_programs() {
        let wording = Wording { lang: Lang::En, show_values: false };
        let text = |format| to_string(&explained(), format, wording);
        let json: serde_json::Value = serde_json::from_str(&text(Format::Json)).expect("JSON");
        let causes: Vec<_> = json["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .filter(|finding| finding["code"] == "S007")
            .map(|finding| finding["explained_by"].as_str())
            .collect();
        assert_eq!(causes, [Some("S009"), None]);
        assert_eq!(text(Format::Sarif).matches("\"explained_by\":\"S009\"").count(), 1);
        for format in [Format::Concise, Format::Github] {
            assert_eq!(text(format).matches("S007").count(), 1, "{format:?}: {}", text(format));
        }
        assert!(
            text(Format::Concise)
                .ends_with("explained by a cause and not shown: 1 (JSON has them)\n")
        );
        // What is left to look at is counted apart from it.
        let concise = text(Format::Concise);
        assert!(concise.contains("\nrejected: 1 error, "), "{concise}");
        assert!(concise.contains(" (and explained by a cause: 1 error, 0 warnings"), "{concise}");
        let page = text(Format::Html);
        let below = page.find("Findings that this explains").expect("folded");
        let (cause, end) = (page.find("id=\"S009\"").expect("the cause"), page.find("id=\"S007\""));
        assert!(cause < below && below < end.expect("the other"), "{page}");
    }

    #[test]
    fn units_that_were_not_judged_are_an_error_in_reports_for_pipelines() {
        let mut report = explained();
        report.summary.units_failed = true;
        report.summary.decide(&report.profile);
        let text =
            |format| to_string(&report, format, Wording { lang: Lang::En, show_values: false });
        let junit = text(Format::Junit);
        let said = "the send units were not checked to their end: internal error";
        assert!(junit.contains("errors=\"1\"") && junit.contains(said), "{junit}");
        assert!(junit.contains("type=\"internal-error\""), "{junit}");
        let sarif: serde_json::Value = serde_json::from_str(&text(Format::Sarif)).expect("JSON");
        let run = &sarif["runs"][0]["invocations"][0];
        assert_eq!(run["executionSuccessful"], false);
        assert_eq!(run["toolExecutionNotifications"][0]["message"]["text"], said);
        assert!(text(Format::Github).contains(&format!("::error::{said}\n")));
    }

    #[test]
    fn a_page_asks_for_nothing_from_elsewhere_and_its_tickets_hold_no_values() {
        let record = "\"202407\",\"471001\",\"99988877\"".to_owned() + &",".repeat(22) + "\r\n";
        let profile = Profile::default().with_scope(Scope::File);
        let report = Report::collect([(NAME, record.as_bytes())], &profile);
        let wording = Wording { lang: Lang::Ja, show_values: true };
        let page = to_string(&report, Format::Html, wording);
        for other in ["http:", "https:", "src=", "<link", "url(", "@import"] {
            assert!(!page.contains(other), "{other}");
        }
        assert!(page.contains("99988877"), "the value was asked for: {page}");
        let tickets: Vec<&str> = page
            .split("<textarea")
            .skip(1)
            .map(|rest| rest.split("</textarea>").next().expect("an end"))
            .collect();
        assert!(tickets.iter().any(|ticket| ticket.contains("F014")), "{tickets:?}");
        assert!(tickets.iter().all(|ticket| !ticket.contains("99988877")), "{tickets:?}");
        let ticket = tickets.iter().find(|ticket| ticket.contains("F014")).expect("of the number");
        let place = format!("- {NAME}: 1件目（1行目） 項目3「被保険者番号」（C列）");
        assert!(ticket.contains(&place), "{ticket}");
        // A person has a number of this report alone.
        assert!(page.contains("<td>利用者1</td>"), "{page}");
    }

    #[test]
    fn a_page_shows_a_hundred_findings_of_a_rule_in_a_file_and_counts_the_others() {
        let mut profile = Profile::default().with_scope(Scope::File);
        // What a cause explains is shown less often.
        for rule in careplan_judge::rules::all().filter(|rule| rule.stage() == Stage::Cause) {
            profile.set(rule.code, None).expect("a rule");
        }
        let page = |records: usize| {
            let content = "\"202407\"\r\n".repeat(records);
            let report = Report::collect([(NAME, content.as_bytes())], &profile);
            to_string(&report, Format::Html, Wording { lang: Lang::En, show_values: false })
        };
        assert!(!page(100).contains("more of the same"));
        assert_eq!(page(101).matches("1 more of the same").count(), 1);
        assert_eq!(page(101).matches("has 1 columns").count(), 100);
    }
}
