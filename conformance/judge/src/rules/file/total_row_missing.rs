//! L011 `total-row-missing`.

use crate::rules::prelude::*;

/// 第7表に全合計の行がない: the total row of table 7 is missing.
pub(crate) static TOTAL_ROW_MISSING: Rule = Rule {
    code: "L011",
    name: "total-row-missing",
    title: Text::new("第7表に全合計の行がない", "the total row of table 7 is missing"),
    explanation: Text::new(
        "利用者と年月ごとに、サービスコード999999・事業所コード9999999999の全合計の行が必要です。",
        "Every person and month needs a total row: code 999999, office 9999999999.",
    ),
    message: Text::new(
        "この利用者の全合計の行（999999）がありません。",
        "This person has no total row (999999).",
    ),
    fix: Text::new(
        "利用者ごとに全合計の行を1行出力してください。",
        "Write one total row for each person.",
    ),
    source: Source::Fixed("L UPSIKYU 9", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["R20", "RW 18"],
    check: Check::File(&[FileKind::Upsikyu], check),
    examples: Examples {
        fails: &["total-row-missing", "total-row-with-an-office"],
        passes: &[
            "K2",
            "total-row-missing-beside-a-broken-value",
            "total-row-of-an-unreadable-person",
            "total-row-twice",
        ],
    },
};

fn check(cx: &mut FileCx<'_>) {
    if !cx.facts.is_whole() {
        return;
    }
    let mut total = vec![false; cx.facts.keys.len()];
    for row in &cx.facts.benefits {
        total[row.key as usize] |= row.is_total() && &row.office == b"9999999999";
    }
    for (key, has_total) in cx.facts.keys.iter().zip(total) {
        if !has_total && key.whole {
            cx.report_at(&TOTAL_ROW_MISSING, key.first, Some(upsikyu::SERVICE_CODE))
                .expected("999999 / 9999999999");
        }
    }
}
