//! Workflow commands that GitHub shows as annotations.
//!
//! GitHub keeps ten annotations of each level a step and drops the rest without a word: findings of
//! one rule in one file are one annotation, and the tenth says what had no room.

use std::collections::BTreeMap;
use std::io::{self, Write};

use careplan_judge::engine::Summary;
use careplan_judge::finding::Finding;
use careplan_judge::severity::Severity;
use careplan_spec::Lang;

use super::{Context, Writer};

/// How many annotations of one level GitHub shows of a step.
const MOST: usize = 10;

pub(super) struct GithubReport<'a> {
    out: Box<dyn Write + 'a>,
    /// The position of a group, by level, file and rule.
    known: BTreeMap<(Severity, Option<u32>, &'static str), usize>,
    groups: Vec<Group>,
}

/// The findings of one rule in one file.
struct Group {
    severity: Severity,
    /// Of the first of them.
    properties: String,
    text: String,
    count: u64,
}

impl<'a> GithubReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>) -> Self {
        Self { out, known: BTreeMap::new(), groups: Vec::new() }
    }
}

const fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

impl Writer for GithubReport<'_> {
    fn finding(&mut self, context: &Context, finding: &Finding) -> io::Result<()> {
        if finding.explained_by.is_some() {
            return Ok(());
        }
        let key = (finding.severity, finding.file, finding.rule.code);
        if let Some(&at) = self.known.get(&key) {
            self.groups[at].count += 1;
            return Ok(());
        }
        self.known.insert(key, self.groups.len());
        let title = format!("{} {}", finding.rule.code, context.pick(finding.rule.title));
        let mut properties = format!("title={}", property(&title));
        let path = context.path(finding);
        if !path.is_empty() {
            properties.push_str(&format!(",file={}", property(path)));
            match finding.region {
                Some(region) => {
                    properties.push_str(&format!(
                        ",line={},endLine={},col={}",
                        region.start_line, region.end_line, region.start_column
                    ));
                    if region.end_line == region.start_line {
                        properties.push_str(&format!(",endColumn={}", region.end_column));
                    }
                }
                None if finding.at.line > 0 => {
                    properties.push_str(&format!(",line={}", finding.at.line));
                }
                None => {}
            }
        }
        let text = super::line(context, finding);
        self.groups.push(Group { severity: finding.severity, properties, text, count: 1 });
        Ok(())
    }

    fn finish(&mut self, context: &Context, summary: &Summary) -> io::Result<()> {
        let failed = super::failed_files(context, summary).map(|(file, because)| Group {
            severity: Severity::Error,
            properties: format!("file={}", property(&file.path)),
            text: because,
            count: 1,
        });
        let run = super::failed_run(context, summary).map(|(_, because)| Group {
            severity: Severity::Error,
            properties: String::new(),
            text: because.to_owned(),
            count: 1,
        });
        let groups: Vec<Group> =
            failed.chain(run).chain(std::mem::take(&mut self.groups)).collect();
        for severity in [Severity::Error, Severity::Warning, Severity::Info] {
            let of_level: Vec<&Group> =
                groups.iter().filter(|group| group.severity == severity).collect();
            let shown = if of_level.len() > MOST { MOST - 1 } else { of_level.len() };
            for group in &of_level[..shown] {
                let more = more_of(context, group.count - 1);
                let text = data(&format!("{}{more}", group.text));
                let properties = match &*group.properties {
                    "" => String::new(),
                    some => format!(" {some}"),
                };
                writeln!(self.out, "::{}{properties}::{text}", command(severity))?;
            }
            let left: u64 = of_level[shown..].iter().map(|group| group.count).sum();
            if left > 0 {
                let text = left_out(context, of_level.len() - shown, left);
                writeln!(self.out, "::{}::{}", command(severity), data(&text))?;
            }
        }
        // No commands: GitHub shows them in the log alone.
        writeln!(self.out, "{}", super::verdict_line(context, summary))?;
        for line in super::hidden_lines(context) {
            writeln!(self.out, "{line}")?;
        }
        self.out.flush()
    }
}

fn more_of(context: &Context, more: u64) -> String {
    match (more, context.wording.lang) {
        (0, _) => String::new(),
        (_, Lang::Ja) => format!("（このファイルに同じ指摘がほかに{more}件）"),
        (_, Lang::En) => format!(" ({more} more of the same in this file)"),
    }
}

fn left_out(context: &Context, groups: usize, findings: u64) -> String {
    match context.wording.lang {
        Lang::Ja => format!(
            "ほかに{groups}種類、{findings}件の指摘があります。GitHubに表示できる数を超えるため省きました。\
             すべては --report html=…、json=… などで見られます。"
        ),
        Lang::En => format!(
            "left out, for GitHub shows ten annotations of a level: {groups} more groups with \
             {findings} findings. See --report html=… or json=…"
        ),
    }
}

#[cfg(test)]
mod tests {
    use careplan_judge::message::Wording;
    use careplan_judge::{Profile, Report};

    use crate::{Format, to_string};

    /// Commands of a level that are written about as many files, each with one unreadable name.
    fn commands(files: usize) -> Vec<String> {
        let names: Vec<(String, &[u8])> = (0..files)
            .map(|at| {
                let name =
                    format!("UPPLAN_202606_4779000118_43_4779000183_11_202605231425{at:02}.CSV");
                (name, b"\"202407\",\"1\"\r\n\"202407\"\r\n".as_slice())
            })
            .collect();
        let profile = Profile::default().with_scope(careplan_judge::profile::Scope::File);
        let report = Report::collect(&names, &profile);
        let wording = Wording { lang: careplan_spec::Lang::En, show_values: false };
        let text = to_string(&report, Format::Github, wording);
        text.lines().filter(|line| line.starts_with("::error")).map(str::to_owned).collect()
    }

    #[test]
    fn ten_annotations_of_a_level_are_written_and_the_tenth_says_what_had_no_room() {
        let ten = commands(10);
        assert_eq!(ten.len(), 10);
        assert!(ten.iter().all(|line| line.contains("S007")), "{ten:?}");
        assert!(ten[9].ends_with(" (1 more of the same in this file)"), "{}", ten[9]);
        let eleven = commands(11);
        assert_eq!(eleven.len(), 10);
        assert!(eleven[8].contains("S007"), "{}", eleven[8]);
        assert!(eleven[9].contains("2 more groups with 4 findings"), "{}", eleven[9]);
    }
}
