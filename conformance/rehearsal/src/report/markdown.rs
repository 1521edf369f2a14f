//! The report as Markdown.

use std::fmt::Write as _;

use careplan_reports::cell;
use careplan_spec::{Lang, Text, clause};

use super::{Report, TITLE};
use crate::page::BAND;
use crate::pattern::{Pattern, Side};

pub(super) fn render(report: &Report<'_>, lang: Lang) -> String {
    let pick = |ja: &'static str, en: &'static str| Text::new(ja, en).get(lang);
    let setup = report.setup;
    let (from, to) = report.period();
    let mut out = format!("# {}\n\n> **{}**\n\n", TITLE.get(lang), BAND.get(lang));
    for (name, value) in [
        (pick("会社名", "vendor"), setup.vendor.as_str()),
        (pick("製品名", "product"), &setup.product),
        (pick("製品の版", "version of the product"), &setup.version),
        (pick("標準仕様", "standard"), "4.1"),
        (pick("道具", "tool"), concat!("careplan-conformance ", env!("CARGO_PKG_VERSION"))),
        (pick("試験期間", "tried from / to"), &format!("{from} 〜 {to}")),
        (pick("作成日時", "made at"), &report.at),
    ] {
        let _ = writeln!(out, "- {name}：{}", cell(value));
    }
    let _ = writeln!(out, "\n**{}**\n", report.counts().sentence(lang));
    out.push_str(pick(
        "| パターン | 側 | 項目数 | 合格 | 不合格 | 要確認 | 未実施 |\n",
        "| pattern | side | items | passed | failed | needs review | not run |\n",
    ));
    out.push_str("|---|---|---:|---:|---:|---:|---:|\n");
    for pattern in Pattern::ALL {
        for side in Side::ALL {
            let counts = report.counts_of(pattern, side);
            if counts.all > 0 {
                let _ = writeln!(
                    out,
                    "| {} {} | {} | {} | {} | {} | {} | {} |",
                    pattern.id(),
                    pattern.title().get(lang),
                    side.title().get(lang),
                    counts.all,
                    counts.passed,
                    counts.failed,
                    counts.needs_review,
                    counts.not_run,
                );
            }
        }
    }
    let _ = writeln!(out, "\n## {}\n", pick("試験項目ごとの結果", "Results by item"));
    out.push_str(pick(
        "| 番号 | 項目 | 条文 | 結果 | 判断した人 |\n",
        "| item | what | clause | result | decided by |\n",
    ));
    out.push_str("|---|---|---|---|---|\n");
    for line in &report.lines {
        let decided = line.result.as_ref().and_then(|result| result.decided_by.as_deref());
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            line.item.id,
            cell(line.item.title.get(lang)),
            cell(&clause::in_words(line.item.clause, lang)),
            line.standing.title().get(lang),
            cell(decided.unwrap_or_default()),
        );
    }
    let _ = writeln!(out, "\n## {}\n", pick("違い・気づいたこと", "Differences and remarks"));
    let mut any = false;
    for line in &report.lines {
        let reasons = line.reasons(lang);
        if reasons.is_empty() {
            continue;
        }
        any = true;
        let _ = writeln!(
            out,
            "### {} {}（{}）\n",
            line.item.id,
            cell(line.item.title.get(lang)),
            line.standing.title().get(lang)
        );
        for reason in reasons {
            let _ = writeln!(out, "- {}", cell(&reason));
        }
        out.push('\n');
    }
    if !any {
        let _ = writeln!(out, "{}\n", pick("ありません。", "None."));
    }
    let _ = writeln!(out, "## {}\n", pick("判定したファイル", "Files judged"));
    out.push_str("| | SHA-256 | bytes |\n|---|---|---:|\n");
    let mut seen = std::collections::BTreeSet::new();
    for file in report.lines.iter().filter_map(|line| line.result.as_ref()).flat_map(|r| &r.files) {
        if seen.insert(&file.path) {
            let _ = writeln!(out, "| {} | `{}` | {} |", cell(&file.path), file.sha256, file.bytes);
        }
    }
    let _ = writeln!(
        out,
        "\n---\n\n{}\n",
        pick(
            "確認者　　　　　　　　　　　　　　　　年　　月　　日　　署名",
            "Checked by                          Date                Signature"
        )
    );
    out
}
