//! One self-contained page: no scripts, no network, printable.

use std::io::{self, Write};

use careplan_judge::engine::{FileStatus, Summary, Verdict};
use careplan_judge::finding::Finding;
use careplan_judge::rules;
use careplan_spec::clause;

use super::{Context, Writer};

pub(super) struct HtmlReport<'a> {
    out: Box<dyn Write + 'a>,
    rows: String,
}

impl<'a> HtmlReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>) -> Self {
        Self { out, rows: String::new() }
    }
}

/// Text for an element or a quoted attribute.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

const STYLE: &str = "body{font-family:system-ui,'Noto Sans JP','Yu Gothic',Meiryo,sans-serif;\
margin:2rem auto;max-width:75rem;padding:0 1rem;line-height:1.6;color:#1a1a1a}\
table{border-collapse:collapse;width:100%;margin:1rem 0}\
th,td{border:1px solid #bbb;padding:.3rem .5rem;text-align:left;vertical-align:top}\
td.n,th.n{text-align:right}th{background:#f0f2f4}\
.verdict{padding:.8rem 1rem;border-left:.5rem solid;font-size:1.15rem;font-weight:600}\
.accepted{border-color:#1b7f3b;background:#e9f6ed}.rejected{border-color:#b3261e;background:#fcebea}\
.error{color:#b3261e;font-weight:600}.warning{color:#7a4b00;font-weight:600}.info{color:#2b4c7e}\
.fix{color:#444;font-size:.92em}code{font-family:ui-monospace,Consolas,monospace}\
@media print{body{margin:0;max-width:none;font-size:9pt}tr{break-inside:avoid}}";

impl Writer for HtmlReport<'_> {
    fn finding(&mut self, context: &Context, finding: &Finding) -> io::Result<()> {
        self.rows.push_str(&format!(
            "<tr><td class=\"{}\">{}</td><td><code>{}</code></td><td>{}</td><td>{}</td>\
             <td>{}<br><span class=\"fix\">→ {}</span></td><td>{}</td></tr>\n",
            finding.severity.id(),
            context.pick(finding.severity.label()),
            finding.rule.code,
            escape(context.path(finding)),
            escape(&super::place(context, finding)),
            escape(&context.wording.message(finding)),
            escape(context.pick(finding.rule.fix)),
            escape(&clause::in_words(&finding.clause(), context.wording.lang)),
        ));
        Ok(())
    }

    fn finish(&mut self, context: &Context, summary: &Summary) -> io::Result<()> {
        let ja = context.wording.lang == careplan_spec::Lang::Ja;
        let pick = |ja_text: &'static str, en: &'static str| if ja { ja_text } else { en };
        let title = pick("ケアプランデータ検査結果", "Care-plan data check");
        let class = if summary.verdict == Verdict::Accepted { "accepted" } else { "rejected" };
        write!(
            self.out,
            "<!doctype html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
             <title>{title}</title><style>{STYLE}</style></head>\n<body>\n<main><h1>{title}</h1>\n\
             <p class=\"verdict {class}\">{}</p>\n",
            pick("ja", "en"),
            escape(&super::verdict_line(context, summary)),
        )?;
        if let Some(line) = super::not_judged_line(context, summary) {
            writeln!(self.out, "<p>{}</p>", escape(&line))?;
        }
        writeln!(
            self.out,
            "<h2>{}</h2>\n<table><thead><tr><th>{}</th><th>{}</th><th class=\"n\">{}</th>\
             <th class=\"n\">{}</th><th class=\"n\">{}</th><th class=\"n\">{}</th></tr></thead><tbody>",
            pick("ファイル", "Files"),
            pick("名前", "name"),
            pick("種別", "kind"),
            pick("レコード", "records"),
            pick("エラー", "errors"),
            pick("警告", "warnings"),
            pick("情報", "infos"),
        )?;
        for file in &summary.files {
            let kind = match (&file.status, file.kind) {
                (FileStatus::NotChecked, _) => pick("検査していません", "not checked").to_owned(),
                (FileStatus::Unreadable(reason), _) => {
                    format!("{}: {reason}", pick("読めません", "unreadable"))
                }
                (FileStatus::InternalError, _) => pick("内部エラー", "internal error").to_owned(),
                (FileStatus::Checked, Some(kind)) => {
                    format!("{} {}", kind.prefix(), context.pick(kind.title()))
                }
                (FileStatus::Checked, None) => String::new(),
            };
            writeln!(
                self.out,
                "<tr><td>{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
                 <td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
                escape(&file.path),
                escape(&kind),
                file.records,
                file.counts.errors,
                file.counts.warnings,
                file.counts.infos,
            )?;
        }
        writeln!(self.out, "</tbody></table>")?;
        if !summary.by_rule.is_empty() {
            writeln!(
                self.out,
                "<h2>{}</h2>\n<table><thead><tr><th>{}</th><th>{}</th><th class=\"n\">{}</th></tr></thead><tbody>",
                pick("ルールごとの件数", "By rule"),
                pick("コード", "code"),
                pick("内容", "what"),
                pick("件数", "count"),
            )?;
            for rule in rules::all() {
                if let Some(count) = summary.by_rule.get(rule.code) {
                    writeln!(
                        self.out,
                        "<tr><td><code>{}</code></td><td>{}</td><td class=\"n\">{count}</td></tr>",
                        rule.code,
                        escape(context.pick(rule.title))
                    )?;
                }
            }
            writeln!(
                self.out,
                "</tbody></table>\n<h2>{}</h2>\n<table><thead><tr><th>{}</th><th>{}</th><th>{}</th>\
                 <th>{}</th><th>{}</th><th>{}</th></tr></thead><tbody>",
                pick("指摘", "Findings"),
                pick("重要度", "severity"),
                pick("コード", "code"),
                pick("ファイル", "file"),
                pick("場所", "place"),
                pick("内容と直し方", "what and how to fix"),
                pick("根拠", "clause"),
            )?;
            self.out.write_all(self.rows.as_bytes())?;
            writeln!(self.out, "</tbody></table>")?;
        }
        writeln!(
            self.out,
            "</main><footer class=\"fix\">careplan-conformance {} — {}</footer>\n</body></html>",
            env!("CARGO_PKG_VERSION"),
            pick(
                "厚生労働省『ケアプランデータ連携標準仕様』を加工して作成。公的な証明ではありません。",
                "Made from the MHLW standard; no official certificate."
            ),
        )?;
        self.out.flush()
    }
}
