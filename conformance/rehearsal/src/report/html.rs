//! The report as one page for screen and A4.

use std::fmt::Write as _;

use careplan_spec::{Lang, Text, clause};

use super::{Report, TITLE};
use crate::page::{BAND, escape, page};
use crate::pattern::{Pattern, Side};

pub(super) fn render(report: &Report<'_>, lang: Lang) -> String {
    let pick = |ja: &'static str, en: &'static str| Text::new(ja, en).get(lang);
    let mut body = format!("<p class=\"band\" role=\"note\">{}</p>\n<table>\n", BAND.get(lang));
    let setup = report.setup;
    let (from, to) = report.period();
    for (name, value) in [
        (pick("会社名", "vendor"), setup.vendor.as_str()),
        (pick("製品名", "product"), &setup.product),
        (pick("製品の版", "version of the product"), &setup.version),
        (pick("標準仕様", "standard"), "4.1"),
        (pick("道具", "tool"), concat!("careplan-conformance ", env!("CARGO_PKG_VERSION"))),
        (pick("試験期間", "tried from / to"), &format!("{from} 〜 {to}")),
        (pick("作成日時", "made at"), &report.at),
    ] {
        let _ = writeln!(body, "<tr><th>{name}</th><td>{}</td></tr>", escape(value));
    }
    let _ = writeln!(
        body,
        "</table>\n<h2>{}</h2>\n<p><strong>{}</strong></p>\n<table><thead><tr>",
        pick("まとめ", "Summary"),
        report.counts().sentence(lang)
    );
    for (class, name) in [
        ("", pick("パターン", "pattern")),
        ("", pick("側", "side")),
        ("n", pick("項目数", "items")),
        ("n", pick("合格", "passed")),
        ("n", pick("不合格", "failed")),
        ("n", pick("要確認", "needs review")),
        ("n", pick("未実施", "not run")),
    ] {
        let _ = write!(body, "<th class=\"{class}\">{name}</th>");
    }
    body.push_str("</tr></thead><tbody>\n");
    for pattern in Pattern::ALL {
        for side in Side::ALL {
            let counts = report.counts_of(pattern, side);
            if counts.all > 0 {
                let _ = write!(
                    body,
                    "<tr><td>{} {}</td><td>{}</td>",
                    pattern.id(),
                    pattern.title().get(lang),
                    side.title().get(lang)
                );
                for count in
                    [counts.all, counts.passed, counts.failed, counts.needs_review, counts.not_run]
                {
                    let _ = write!(body, "<td class=\"n\">{count}</td>");
                }
                body.push_str("</tr>\n");
            }
        }
    }
    body.push_str("</tbody></table>\n");
    items(report, lang, &mut body);
    remarks(report, lang, &mut body);
    files(report, lang, &mut body);
    let _ = writeln!(
        body,
        "<h2>{}</h2>\n<table class=\"sign\"><tr><th>{}</th><td></td><th>{}</th><td></td><th>{}</th><td></td></tr></table>",
        pick("確認", "Checked"),
        pick("確認者", "by"),
        pick("年月日", "date"),
        pick("署名", "signature"),
    );
    page(TITLE.get(lang), pick("ja", "en"), &body)
}

fn items(report: &Report<'_>, lang: Lang, body: &mut String) {
    let pick = |ja: &'static str, en: &'static str| Text::new(ja, en).get(lang);
    let _ = writeln!(
        body,
        "<h2>{}</h2>\n<table><thead><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr></thead><tbody>",
        pick("試験項目ごとの結果", "Results by item"),
        pick("番号", "item"),
        pick("項目", "what"),
        pick("条文", "clause"),
        pick("結果", "result"),
        pick("判断した人", "decided by"),
    );
    for line in &report.lines {
        let decided = line.result.as_ref().and_then(|result| result.decided_by.as_deref());
        let _ = writeln!(
            body,
            "<tr><td class=\"tight\">{}</td><td>{}</td><td>{}</td><td class=\"tight {}\">{}</td><td>{}</td></tr>",
            line.item.id,
            escape(line.item.title.get(lang)),
            escape(&clause::in_words(line.item.clause, lang)),
            line.standing.state().id(),
            line.standing.title().get(lang),
            escape(decided.unwrap_or_default()),
        );
    }
    body.push_str("</tbody></table>\n");
}

fn remarks(report: &Report<'_>, lang: Lang, body: &mut String) {
    let pick = |ja: &'static str, en: &'static str| Text::new(ja, en).get(lang);
    let _ = writeln!(body, "<h2>{}</h2>", pick("違い・気づいたこと", "Differences and remarks"));
    let mut any = false;
    for line in &report.lines {
        let reasons = line.reasons(lang);
        if reasons.is_empty() {
            continue;
        }
        any = true;
        let _ = writeln!(
            body,
            "<h3>{} {}（{}）</h3>\n<ul>",
            line.item.id,
            escape(line.item.title.get(lang)),
            line.standing.title().get(lang)
        );
        for reason in reasons {
            let _ = writeln!(body, "<li>{}</li>", escape(&reason));
        }
        body.push_str("</ul>\n");
    }
    if !any {
        let _ = writeln!(body, "<p>{}</p>", pick("ありません。", "None."));
    }
}

fn files(report: &Report<'_>, lang: Lang, body: &mut String) {
    let pick = |ja: &'static str, en: &'static str| Text::new(ja, en).get(lang);
    let _ = writeln!(
        body,
        "<h2>{}</h2>\n<table class=\"small\"><thead><tr><th>{}</th><th>SHA-256</th><th class=\"n\">bytes</th></tr></thead><tbody>",
        pick("判定したファイル", "Files judged"),
        pick("ファイル", "file"),
    );
    let mut seen = std::collections::BTreeSet::new();
    for file in report.lines.iter().filter_map(|line| line.result.as_ref()).flat_map(|r| &r.files) {
        if seen.insert(&file.path) {
            let _ = writeln!(
                body,
                "<tr><td>{}</td><td><code>{}</code></td><td class=\"n\">{}</td></tr>",
                escape(&file.path),
                escape(&file.sha256),
                file.bytes
            );
        }
    }
    body.push_str("</tbody></table>\n");
}
