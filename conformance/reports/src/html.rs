//! One self-contained page: by cause, by file, by person. No network; folding, jumping and filtering
//! by severity work without scripts, which add searching and copying.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use askama::Template;
use careplan_judge::engine::{FileOutcome, Summary, Verdict};
use careplan_judge::finding::{Finding, Person};
use careplan_judge::severity::Severity;
use careplan_judge::{Rule, rules};
use careplan_spec::file_name::base_name_in_archive;
use careplan_spec::{Lang, clause, counted};

use super::{Context, Writer};

/// How many findings of a rule in a file are shown; the others are counted.
const MOST_ROWS: u64 = 100;
/// The same of findings that a cause explains.
const MOST_EXPLAINED: u64 = 10;
/// How many people are listed.
const MOST_PEOPLE: usize = 500;
/// How many places of a file a ticket names.
const MOST_PLACES: usize = 5;

/// Verdict and counts stand first and are known last, so findings wait as rows.
pub(super) struct HtmlReport<'a> {
    out: Box<dyn Write + 'a>,
    causes: Vec<Cause>,
    people: Vec<Known>,
    /// The position of a person.
    numbers: BTreeMap<Person, usize>,
}

/// What is to be mended at one place: findings of a rule, and what they explain.
struct Cause {
    said: Said,
    explained: Vec<Said>,
}

/// The findings of a rule.
struct Said {
    rule: &'static Rule,
    severity: Severity,
    count: u64,
    groups: Vec<Group>,
}

/// Those in a file, or about a unit.
struct Group {
    file: Option<u32>,
    unit: Option<u32>,
    severity: Severity,
    count: u64,
    shown: u64,
    rows: String,
    clause: String,
    places: Vec<String>,
    is_about_settings: bool,
}

/// A person about whom something was found.
struct Known {
    errors: u64,
    warnings: u64,
    infos: u64,
    /// Code, file and position of its group, and how many.
    codes: BTreeMap<(&'static str, Option<u32>), u64>,
}

impl Said {
    fn new(rule: &'static Rule) -> Self {
        Self { rule, severity: Severity::Info, count: 0, groups: Vec::new() }
    }

    /// The group of a finding, counted in.
    fn group(&mut self, finding: &Finding) -> &mut Group {
        self.count += 1;
        self.severity = self.severity.max(finding.severity);
        let unit = if finding.file.is_some() { None } else { finding.unit };
        let is_it = |group: &Group| (group.file, group.unit) == (finding.file, unit);
        // Findings come in the order of the files.
        let at = self.groups.iter().rposition(is_it).unwrap_or_else(|| {
            self.groups.push(Group {
                file: finding.file,
                unit,
                severity: Severity::Info,
                count: 0,
                shown: 0,
                rows: String::new(),
                clause: finding.clause(),
                places: Vec::new(),
                is_about_settings: finding.rule.is_about_settings(),
            });
            self.groups.len() - 1
        });
        let group = &mut self.groups[at];
        group.count += 1;
        group.severity = group.severity.max(finding.severity);
        group
    }
}

impl<'a> HtmlReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>) -> Self {
        Self { out, causes: Vec::new(), people: Vec::new(), numbers: BTreeMap::new() }
    }

    /// The number of the person that a finding is about, from 1, in the order of appearance.
    fn person(&mut self, finding: &Finding) -> Option<usize> {
        let at = *self.numbers.entry(finding.person?).or_insert_with(|| {
            let codes = BTreeMap::new();
            self.people.push(Known { errors: 0, warnings: 0, infos: 0, codes });
            self.people.len() - 1
        });
        let known = &mut self.people[at];
        match finding.severity {
            Severity::Error => known.errors += 1,
            Severity::Warning => known.warnings += 1,
            Severity::Info => known.infos += 1,
        }
        let code = finding.explained_by.unwrap_or(finding.rule).code;
        *known.codes.entry((code, finding.file)).or_default() += 1;
        Some(at + 1)
    }

    /// What is said by the rule of a finding, below its cause where it has one.
    fn said(&mut self, finding: &Finding) -> &mut Said {
        let of_cause = finding.explained_by.unwrap_or(finding.rule);
        let at = self.causes.iter().position(|cause| cause.said.rule == of_cause);
        let at = at.unwrap_or_else(|| {
            self.causes.push(Cause { said: Said::new(of_cause), explained: Vec::new() });
            self.causes.len() - 1
        });
        let cause = &mut self.causes[at];
        if finding.explained_by.is_none() {
            return &mut cause.said;
        }
        let at = cause.explained.iter().position(|said| said.rule == finding.rule);
        let at = at.unwrap_or_else(|| {
            cause.explained.push(Said::new(finding.rule));
            cause.explained.len() - 1
        });
        &mut cause.explained[at]
    }
}

/// A row of the table of findings.
#[derive(Template)]
#[template(path = "finding.html")]
struct FindingRow<'a> {
    context: &'a Context,
    finding: &'a Finding,
    person: String,
}

impl FindingRow<'_> {
    fn expected(&self) -> Option<String> {
        let expected = self.context.wording.expected(self.finding)?;
        // Many messages say it themselves.
        if self.context.wording.message(self.finding).contains(&expected) {
            return None;
        }
        Some(match self.context.wording.lang {
            Lang::Ja => format!("正しい形：{expected}"),
            Lang::En => format!("expected: {expected}"),
        })
    }
}

/// The name of a person in the report, which says nothing of the person.
fn name_of(context: &Context, number: usize) -> String {
    match context.wording.lang {
        Lang::Ja => format!("利用者{number}"),
        Lang::En => format!("person {number}"),
    }
}

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage<'a> {
    context: &'a Context,
    summary: &'a Summary,
    causes: &'a [Cause],
    people: &'a [Known],
}

impl ReportPage<'_> {
    fn t(&self, ja: &'static str, en: &'static str) -> &'static str {
        match self.context.wording.lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }

    fn title(&self) -> &'static str {
        self.t("ケアプランデータ検査結果", "Care-plan data check")
    }

    fn kind(&self, file: &FileOutcome) -> String {
        let name = |kind: careplan_spec::FileKind| {
            format!("{} {}", kind.prefix(), self.context.pick(kind.title()))
        };
        file.kind.map(name).unwrap_or_default()
    }

    fn because(&self, file: &FileOutcome) -> Option<String> {
        super::not_judged_because(self.context, file)
    }

    fn what(&self, rule: &Rule) -> &'static str {
        self.context.pick(rule.title)
    }

    fn number(&self, count: &u64) -> String {
        match self.context.wording.lang {
            Lang::Ja => format!("{count}件"),
            Lang::En => counted(*count, "finding"),
        }
    }

    fn file(&self, group: &Group) -> Option<&FileOutcome> {
        self.summary.files.get(group.file? as usize)
    }

    /// The kind of the file of a group, or the unit that it is about.
    fn heading(&self, group: &Group) -> String {
        if let Some(file) = self.file(group) {
            return self.kind(file);
        }
        if group.is_about_settings {
            return self.t("設定ファイル", "settings").to_owned();
        }
        let unit = group.unit.and_then(|unit| self.summary.units.get(unit as usize));
        let of_unit = unit.map_or_else(String::new, |unit| {
            format!(" {} → {} {}", unit.sender, unit.receiver, unit.sequence)
        });
        format!("{}{of_unit}", self.t("送信単位", "send unit"))
    }

    fn path(&self, group: &Group) -> &str {
        if group.is_about_settings {
            return self.context.settings.as_deref().unwrap_or_default();
        }
        self.file(group).map_or("", |file| &file.path)
    }

    fn more(&self, group: &Group) -> Option<String> {
        let more = group.count - group.shown;
        (more > 0).then(|| match self.context.wording.lang {
            Lang::Ja => {
                format!("ほかに同じ指摘が{more}件あります（JSON・CSVの報告にすべてあります）。")
            }
            Lang::En => format!("{more} more of the same: reports in JSON and CSV have them all."),
        })
    }

    fn clause(&self, cause: &Cause) -> String {
        let mut clauses: Vec<&str> =
            cause.said.groups.iter().map(|group| group.clause.as_str()).collect();
        clauses.sort_unstable();
        clauses.dedup();
        clauses.truncate(5);
        let lang = self.context.wording.lang;
        let words = clauses.into_iter().map(|short| clause::in_words(short, lang));
        words.collect::<Vec<_>>().join(self.t("、", ", "))
    }

    fn relay(&self, cause: &Cause) -> Option<&'static str> {
        super::relay_of(self.context, cause.said.rule)
    }

    fn explained(&self, cause: &Cause) -> String {
        self.number(&cause.explained.iter().map(|said| said.count).sum())
    }

    fn fix(&self, cause: &Cause) -> &'static str {
        self.context.pick(cause.said.rule.fix)
    }

    /// What a ticket about a cause says: no values.
    fn ticket(&self, cause: &Cause) -> String {
        let Said { rule, severity, count, groups } = &cause.said;
        let mut out = format!(
            "{} {} ({} {count})\n",
            rule.code,
            self.what(rule),
            self.context.pick(severity.label())
        );
        let explanation = self.context.pick(rule.explanation);
        out.push_str(&format!("{explanation}\n"));
        out.push_str(&format!(
            "{}{}\n{}{}\n",
            self.t("直し方：", "fix: "),
            self.context.pick(rule.fix),
            self.t("根拠：", "clause: "),
            self.clause(cause)
        ));
        for group in groups.iter().take(20) {
            let name = match self.file(group) {
                Some(file) => Cow::Borrowed(base_name_in_archive(&file.path)),
                None => Cow::Owned(self.heading(group)),
            };
            let places = group.places.join(self.t("、", "; "));
            let colon = if places.is_empty() { "" } else { ": " };
            let more = group.count.saturating_sub(group.places.len().max(1) as u64);
            let more = match (more, self.context.wording.lang) {
                (0, _) => String::new(),
                (more, Lang::Ja) => format!(" ほか{more}件"),
                (more, Lang::En) => format!(" and {more} more"),
            };
            out.push_str(&format!("- {name}{colon}{places}{more}\n"));
        }
        if let Some(more) = groups.len().checked_sub(20).filter(|more| *more > 0) {
            out.push_str(&match self.context.wording.lang {
                Lang::Ja => format!("- ほか{more}ファイル\n"),
                Lang::En => format!("- and {more} more files\n"),
            });
        }
        out.push_str(&format!("careplan-conformance {}\n", env!("CARGO_PKG_VERSION")));
        out
    }

    /// Code, anchor and number of what was found in a file.
    fn in_file(&self, index: &usize) -> Vec<(&'static str, String, u64)> {
        let of_cause = |cause: &Cause| {
            let is_it = |group: &Group| group.file == u32::try_from(*index).ok();
            let at = cause.said.groups.iter().position(is_it)?;
            let code = cause.said.rule.code;
            Some((code, format!("{code}-{at}"), cause.said.groups[at].count))
        };
        self.causes.iter().filter_map(of_cause).collect()
    }

    /// The same about a person.
    fn about(&self, person: &Known) -> Vec<(&'static str, String, u64)> {
        let of_group = |(&(code, file), &count): (&(&'static str, Option<u32>), &u64)| {
            let cause = self.causes.iter().find(|cause| cause.said.rule.code == code)?;
            let at = cause.said.groups.iter().position(|group| group.file == file);
            Some((code, at.map_or_else(|| code.to_owned(), |at| format!("{code}-{at}")), count))
        };
        person.codes.iter().filter_map(of_group).collect()
    }

    fn listed(&self) -> &[Known] {
        &self.people[..self.people.len().min(MOST_PEOPLE)]
    }

    fn name(&self, index0: &usize) -> String {
        name_of(self.context, index0 + 1)
    }
}

impl Writer for HtmlReport<'_> {
    fn finding(&mut self, context: &Context, finding: &Finding) -> io::Result<()> {
        let person = self.person(finding).map(|number| name_of(context, number));
        let is_explained = finding.explained_by.is_some();
        let most = if is_explained { MOST_EXPLAINED } else { MOST_ROWS };
        let group = self.said(finding).group(finding);
        if group.shown == most {
            return Ok(());
        }
        group.shown += 1;
        let place = super::place(context, finding);
        if group.places.len() < MOST_PLACES && !place.is_empty() {
            group.places.push(place);
        }
        FindingRow { context, finding, person: person.unwrap_or_default() }
            .render_into(&mut group.rows)
            .map_err(io::Error::other)?;
        group.rows.push('\n');
        Ok(())
    }

    fn finish(&mut self, context: &Context, summary: &Summary) -> io::Result<()> {
        let order: BTreeMap<&str, usize> =
            rules::all().enumerate().map(|(at, rule)| (rule.code, at)).collect();
        // What explains others first, then the worst.
        self.causes.sort_by_key(|cause| {
            let at = order.get(cause.said.rule.code).copied();
            (cause.explained.is_empty(), Reverse(cause.said.severity), at)
        });
        let (causes, people) = (&self.causes, &self.people);
        ReportPage { context, summary, causes, people }.write_into(&mut self.out)?;
        writeln!(self.out)?;
        self.out.flush()
    }
}
