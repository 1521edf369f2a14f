//! Markdown: verdict and tables first, then every finding.

use std::io::{self, Write};

use careplan_judge::engine::Summary;
use careplan_judge::finding::Finding;
use careplan_judge::rules;
use careplan_spec::clause;

use super::{Context, Writer};

pub(super) struct MarkdownReport<'a> {
    out: Box<dyn Write + 'a>,
    rows: String,
}

impl<'a> MarkdownReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>) -> Self {
        Self { out, rows: String::new() }
    }
}

/// Text that cannot break out of a table cell.
pub fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '~' => {
                out.push('\\');
                out.push(ch);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\r' | '\n' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

impl Writer for MarkdownReport<'_> {
    fn finding(&mut self, context: &Context, finding: &Finding) -> io::Result<()> {
        self.rows.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            context.pick(finding.severity.label()),
            finding.rule.code,
            cell(context.path(finding)),
            cell(&super::place(context, finding)),
            cell(&context.wording.message(finding)),
            cell(&clause::in_words(&finding.clause(), context.wording.lang)),
        ));
        Ok(())
    }

    fn finish(&mut self, context: &Context, summary: &Summary) -> io::Result<()> {
        let ja = context.wording.lang == careplan_spec::Lang::Ja;
        let pick = |ja_text: &'static str, en: &'static str| if ja { ja_text } else { en };
        writeln!(self.out, "# {}\n", pick("ケアプランデータ検査結果", "Care-plan data check"))?;
        writeln!(self.out, "**{}**\n", super::verdict_line(context, summary))?;
        let hidden = super::hidden_lines(context);
        let others = [super::not_judged_line(context, summary), super::settings_line(context)];
        for line in hidden.into_iter().chain(others.into_iter().flatten()) {
            writeln!(self.out, "{}\n", cell(&line))?;
        }
        writeln!(
            self.out,
            "{}\n|---|---:|---:|---:|---:|",
            pick(
                "| ファイル | レコード | エラー | 警告 | 情報 |",
                "| file | records | errors | warnings | infos |"
            )
        )?;
        for file in &summary.files {
            let because = super::not_judged_because(context, file);
            let because = because.map(|because| format!("<br>{}", cell(&because)));
            writeln!(
                self.out,
                "| {}{} | {} | {} | {} | {} |",
                cell(&file.path),
                because.unwrap_or_default(),
                file.records,
                file.counts.errors,
                file.counts.warnings,
                file.counts.infos
            )?;
        }
        if !summary.by_rule.is_empty() {
            writeln!(
                self.out,
                "\n{}\n|---|---|---:|",
                pick("| コード | 内容 | 件数 |", "| code | what | count |")
            )?;
            for rule in rules::all() {
                if let Some(count) = summary.by_rule.get(rule.code) {
                    writeln!(
                        self.out,
                        "| {} | {} | {count} |",
                        rule.code,
                        cell(context.pick(rule.title))
                    )?;
                }
            }
            writeln!(
                self.out,
                "\n{}\n|---|---|---|---|---|---|",
                pick(
                    "| 重要度 | コード | ファイル | 場所 | 内容 | 根拠 |",
                    "| severity | code | file | place | message | clause |"
                )
            )?;
            self.out.write_all(self.rows.as_bytes())?;
        }
        self.out.flush()
    }
}
