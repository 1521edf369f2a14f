//! Readable text: finding, the offending record with the field marked, and what to do.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use careplan_judge::engine::{Summary, Verdict};
use careplan_judge::finding::{Excerpt, Finding};
use careplan_judge::message;
use careplan_judge::rule::Stage;
use careplan_judge::rules;
use careplan_judge::severity::Severity;
use careplan_spec::{Lang, clause, ms932};
use unicode_width::UnicodeWidthStr;

use super::{Context, Writer};

/// How the text is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextOptions {
    /// Use colour.
    pub colour: bool,
    /// How many findings of one rule in a file are shown before the rest is counted, beside one
    /// for each field; `None` shows all.
    pub fold: Option<u32>,
    /// Only counts per rule, no findings.
    pub statistics: bool,
    /// How many columns a record may take.
    pub width: usize,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { colour: false, fold: Some(3), statistics: false, width: 100 }
    }
}

pub(super) struct TextReport<'a> {
    out: Box<dyn Write + 'a>,
    options: TextOptions,
    /// The file of the findings above, and whether they are about the settings.
    group: Option<(Option<u32>, bool)>,
    /// By rule, and by rule and field.
    shown: BTreeMap<(&'static str, Option<u8>), u32>,
    folded: BTreeMap<&'static str, u64>,
    /// By the cause that is shown and explains them, and by rule.
    explained: BTreeMap<&'static str, BTreeMap<&'static str, u64>>,
    /// The causes that were shown in some file.
    causes: BTreeSet<&'static str>,
    /// Findings about whole files that were shown, by rule and sentence, and how often more.
    said: BTreeMap<(&'static str, String), u64>,
}

/// How often the same sentence about a whole file is shown.
const SAME_SENTENCE: u64 = 2;

impl<'a> TextReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>, options: TextOptions) -> Self {
        Self {
            out,
            options,
            group: None,
            causes: BTreeSet::new(),
            shown: BTreeMap::new(),
            folded: BTreeMap::new(),
            explained: BTreeMap::new(),
            said: BTreeMap::new(),
        }
    }

    fn paint(&self, severity: Severity, text: &str) -> String {
        if !self.options.colour {
            return text.to_owned();
        }
        let code = match severity {
            Severity::Error => "1;31",
            Severity::Warning => "1;33",
            Severity::Info => "1;36",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }

    /// Says how many findings were folded in the file that ends.
    fn end_group(&mut self, context: &Context) -> io::Result<()> {
        for (code, count) in std::mem::take(&mut self.folded) {
            match context.wording.lang {
                Lang::Ja => writeln!(
                    self.out,
                    "  {code} の同じ指摘がほかに{count}件あります（すべて見るには --all）。"
                )?,
                Lang::En => {
                    writeln!(self.out, "  {count} more of {code} (--all shows every one).")?;
                }
            }
        }
        for (cause, rules) in std::mem::take(&mut self.explained) {
            let all: u64 = rules.values().sum();
            let (ja, en): (Vec<_>, Vec<_>) = rules
                .iter()
                .map(|(code, count)| (format!("{code} {count}件"), format!("{count} of {code}")))
                .unzip();
            match context.wording.lang {
                Lang::Ja => writeln!(
                    self.out,
                    "  {cause} で説明済み {all}件（{}。すべて見るには --all）",
                    ja.join("、")
                )?,
                Lang::En => writeln!(
                    self.out,
                    "  {all} explained by {cause}: {} (--all shows every one).",
                    en.join(", ")
                )?,
            }
        }
        self.shown.clear();
        Ok(())
    }

    /// Whether a finding is only counted: its cause is shown, or the same was said of other files.
    fn is_told(&mut self, context: &Context, finding: &Finding) -> bool {
        if self.options.fold.is_none() {
            return false;
        }
        if let Some(cause) = finding.explained_by.map(|cause| cause.code)
            && (self.shown.contains_key(&(cause, None))
                || finding.unit.is_some() && self.causes.contains(cause))
        {
            let counts = self.explained.entry(cause).or_default();
            *counts.entry(finding.rule.code).or_default() += 1;
            return true;
        }
        let whole = finding.at.record == 0 && finding.field.is_none() && finding.file.is_some();
        let of_file = whole && finding.rule.stage() == Stage::File;
        if !(of_file || finding.rule.stage() == Stage::Cause) {
            return false;
        }
        let sentence = context.wording.message(finding);
        let times = self.said.entry((finding.rule.code, sentence)).or_default();
        *times += 1;
        if *times <= SAME_SENTENCE {
            return false;
        }
        // What it explains is folded here too.
        self.shown.entry((finding.rule.code, None)).or_default();
        true
    }

    fn record(
        &mut self,
        context: &Context,
        finding: &Finding,
        excerpt: &Excerpt,
    ) -> io::Result<()> {
        let Some(line) = Line::new(context, finding, excerpt, self.options.width) else {
            return Ok(());
        };
        writeln!(self.out, "      | {}", line.text)?;
        if line.mark > 0 {
            let marks = "^".repeat(line.mark);
            writeln!(
                self.out,
                "      | {}{}",
                " ".repeat(line.before),
                self.paint(finding.severity, &marks)
            )?;
        }
        Ok(())
    }
}

/// A record on one line of the terminal, and where the field stands in it, in columns.
struct Line {
    text: String,
    before: usize,
    mark: usize,
}

impl Line {
    fn new(context: &Context, finding: &Finding, excerpt: &Excerpt, width: usize) -> Option<Self> {
        let lang = context.wording.lang;
        let layout = finding.field.map(|field| field.no as usize - 1);
        if excerpt.fields.is_empty() {
            // The columns could not be told apart: only the beginning, masked.
            let text = message::shape(&excerpt.record, lang);
            return Some(Self { text, before: 0, mark: 0 });
        }
        let cells: Vec<String> = excerpt
            .fields
            .iter()
            .enumerate()
            .map(|(at, &(start, end))| {
                let raw = excerpt.record.get(start as usize..end as usize).unwrap_or_default();
                cell(context, excerpt, at, raw)
            })
            .collect();
        let focus = layout.filter(|at| *at < cells.len());
        let (first, last) = window(&cells, focus.unwrap_or(0), width.saturating_sub(10));
        let mut text = String::new();
        let (mut before, mut mark) = (0, 0);
        if first > 0 {
            text.push('…');
            text.push(',');
        }
        for (at, cell) in cells.iter().enumerate().take(last + 1).skip(first) {
            if at > first {
                text.push(',');
            }
            if Some(at) == focus {
                before = text.width();
                mark = cell.width().max(1);
            }
            text.push_str(cell);
        }
        if last + 1 < cells.len() {
            text.push_str(",…");
        }
        Some(Self { text, before, mark })
    }
}

/// One cell as it may be shown: personal values only by their width, line breaks as signs.
fn cell(context: &Context, excerpt: &Excerpt, at: usize, raw: &[u8]) -> String {
    let (open, inner) = match raw {
        [b'"', inner @ .., b'"'] => ("\"", inner),
        other => ("", other),
    };
    if inner.is_empty() {
        return format!("{open}{open}");
    }
    let text = if !excerpt.showable.has(at) && !context.wording.show_values {
        // Masked to its width: a full-width character is two columns wide.
        ms932::characters(inner)
            .map(|(_, len, _)| if len == 2 { '＊' } else { '*' })
            .take(24)
            .collect()
    } else {
        let text = message::shown(inner, context.wording.lang);
        if text.chars().count() > 40 {
            text.chars().take(40).chain(['…']).collect()
        } else {
            text
        }
    };
    format!("{open}{text}{open}")
}

/// The cells around `focus` that fit into `width` columns.
fn window(cells: &[String], focus: usize, width: usize) -> (usize, usize) {
    let (mut first, mut last) = (focus, focus);
    let mut used = cells.get(focus).map_or(0, |cell| cell.width());
    loop {
        let mut grown = false;
        for forward in [true, false] {
            let next = if forward {
                cells.get(last + 1).map(|cell| cell.width() + 1)
            } else {
                first.checked_sub(1).map(|at| cells[at].width() + 1)
            };
            if let Some(extra) = next.filter(|extra| used + extra <= width) {
                used += extra;
                grown = true;
                if forward { last += 1 } else { first -= 1 }
            }
        }
        if !grown {
            return (first, last);
        }
    }
}

impl Writer for TextReport<'_> {
    fn finding(&mut self, context: &Context, finding: &Finding) -> io::Result<()> {
        if self.options.statistics {
            return Ok(());
        }
        let group = Some((finding.file, finding.rule.is_about_settings()));
        if self.group != group {
            self.end_group(context)?;
            self.group = group;
            let path = context.path(finding);
            let title = match (path.is_empty(), context.wording.lang) {
                (false, _) => path.to_owned(),
                (true, Lang::Ja) => "送信単位".to_owned(),
                (true, Lang::En) => "send units".to_owned(),
            };
            writeln!(self.out, "\n{title}")?;
        }
        if self.is_told(context, finding) {
            return Ok(());
        }
        let code = finding.rule.code;
        if finding.rule.stage() == Stage::Cause {
            self.causes.insert(code);
        }
        let field = finding.field.map_or(0, |field| field.no);
        let of_rule = *self.shown.entry((code, None)).or_default();
        let of_field = *self.shown.entry((code, Some(field))).or_default();
        if self.options.fold.is_some_and(|fold| of_rule >= fold && of_field > 0) {
            *self.folded.entry(code).or_default() += 1;
            return Ok(());
        }
        self.shown.insert((code, None), of_rule + 1);
        self.shown.insert((code, Some(field)), of_field + 1);
        let first = of_rule == 0;
        let label = self.paint(
            finding.severity,
            &format!("{} {}", context.pick(finding.severity.label()), finding.rule.code),
        );
        let place = super::place(context, finding);
        let space = if place.is_empty() { "" } else { " " };
        writeln!(self.out, "  {label}{space}{place}")?;
        writeln!(self.out, "      {}", context.wording.message(finding))?;
        if let Some(excerpt) = &finding.excerpt {
            self.record(context, finding, excerpt)?;
        }
        let ja = context.wording.lang == Lang::Ja;
        if let Some(expected) = context.wording.expected(finding) {
            writeln!(self.out, "      {}{expected}", if ja { "正しい形：" } else { "expected: " })?;
        }
        if first {
            let fix = context.pick(finding.rule.fix);
            writeln!(self.out, "      {}{fix}", if ja { "直し方：" } else { "fix: " })?;
            if let Some(text) = super::relay_text(context, finding) {
                writeln!(
                    self.out,
                    "      {}{text}",
                    if ja { "システムの表示：" } else { "the system says: " }
                )?;
            }
            let (short, meaning) = (finding.clause(), context.pick(finding.basis().meaning()));
            let words = clause::in_words(&short, context.wording.lang);
            match (ja, &*short) {
                (true, "—") => writeln!(self.out, "      根拠：{meaning}")?,
                (false, "—") => writeln!(self.out, "      clause: {meaning}")?,
                (true, _) => writeln!(self.out, "      根拠：{words}（{meaning}）")?,
                (false, _) => writeln!(self.out, "      clause: {words} ({meaning})")?,
            }
        }
        Ok(())
    }

    fn finish(&mut self, context: &Context, summary: &Summary) -> io::Result<()> {
        self.end_group(context)?;
        let ja = context.wording.lang == Lang::Ja;
        writeln!(self.out)?;
        for ((code, _), times) in &self.said {
            if let Some(more) = times.checked_sub(SAME_SENTENCE).filter(|more| *more > 0) {
                match context.wording.lang {
                    Lang::Ja => writeln!(
                        self.out,
                        "{code} の同じ指摘がほかに{more}ファイルあります（すべて見るには --all）。"
                    )?,
                    Lang::En => writeln!(
                        self.out,
                        "{code} is said of {more} more files (--all shows every one)."
                    )?,
                }
            }
        }
        for file in &summary.files {
            let note = super::not_judged_because(context, file).unwrap_or_else(|| {
                let kind = file.kind.map_or("", |kind| context.pick(kind.title()));
                let counts = file.counts.without(file.explained);
                let explained = super::explained_by_causes(context, file.explained);
                match context.wording.lang {
                    Lang::Ja if file.counts.total() == 0 => format!("{kind} 問題なし"),
                    Lang::En if file.counts.total() == 0 => format!("{kind}: no findings"),
                    Lang::Ja => format!(
                        "{kind} エラー{}・警告{}・情報{}{explained}",
                        counts.errors, counts.warnings, counts.infos
                    ),
                    Lang::En => format!("{kind}: {}{explained}", counts.english()),
                }
            });
            writeln!(self.out, "{}: {note}", file.path)?;
        }
        if !summary.by_rule.is_empty() {
            writeln!(self.out)?;
            for rule in rules::all() {
                if let Some(count) = summary.by_rule.get(rule.code) {
                    writeln!(self.out, "{count:>8}  {} {}", rule.code, context.pick(rule.title))?;
                }
            }
        }
        if let Some(line) = super::not_judged_line(context, summary) {
            writeln!(self.out, "\n{line}")?;
        }
        let severity = match summary.verdict {
            Verdict::Accepted => Severity::Info,
            _ => Severity::Error,
        };
        let line = super::verdict_line(context, summary);
        let line = self.paint(severity, &line);
        writeln!(self.out, "\n{line}")?;
        let settings = super::settings_line(context);
        for line in super::hidden_lines(context).into_iter().chain(settings) {
            writeln!(self.out, "{line}")?;
        }
        if summary.counts.total() > 0 && !self.options.statistics {
            let hint = if ja {
                "ルールの説明：careplan-conformance explain コード（例 explain F004）"
            } else {
                "about a rule: careplan-conformance explain CODE (for example explain F004)"
            };
            writeln!(self.out, "{hint}")?;
        }
        self.out.flush()
    }
}
