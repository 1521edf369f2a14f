//! L012 `subtotal-row-missing`.

use std::collections::BTreeMap;

use crate::rules::prelude::*;

/// 第7表に種類別小計（AAAA）の行がない: a subtotal row (AAAA) of table 7 is missing.
pub(crate) static SUBTOTAL_ROW_MISSING: Rule = Rule {
    code: "L012",
    name: "subtotal-row-missing",
    title: Text::new(
        "第7表に種類別小計（AAAA）の行がない",
        "a subtotal row (AAAA) of table 7 is missing",
    ),
    explanation: Text::new(
        "区分支給対象のサービスコードが同じ種類に2行以上あるとき、その種類の小計（種類＋AAAA）が必要です。",
        "When a kind has more than one row inside the limit, it needs a subtotal: kind + AAAA.",
    ),
    message: Text::new(
        "種類{0}の明細が{1}行ありますが、小計（{0}AAAA）がありません。",
        "Kind {0} has {1} rows but no subtotal ({0}AAAA).",
    ),
    fix: Text::new("種類ごとに小計の行を出力してください。", "Write the subtotal row of the kind."),
    source: Source::Fixed("L UPSIKYU 9", Basis::Stated),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R21", "RW 18"],
    check: Check::File(&[FileKind::Upsikyu], check),
    examples: Examples {
        fails: &["subtotal-row-missing", "second-code-without-subtotal"],
        passes: &[
            "K2",
            "one-code-in-two-rows",
            "unmanaged-code-without-subtotal",
            "subtotal-missing-beside-a-broken-value",
        ],
    },
};

/// First row, distinct codes inside the limit, whether a subtotal was seen.
type Group = (RecordRef, Vec<[u8; 6]>, bool);

fn check(cx: &mut FileCx<'_>) {
    if !cx.facts.is_whole() {
        return;
    }
    // By person and kind.
    let mut kinds: BTreeMap<(u32, [u8; 2]), Group> = BTreeMap::new();
    for row in &cx.facts.benefits {
        if row.is_total() || !cx.facts.keys[row.key as usize].whole {
            continue;
        }
        let kind = [row.code[0], row.code[1]];
        let (_, codes, subtotal) =
            kinds.entry((row.key, kind)).or_insert_with(|| (row.at, Vec::new(), false));
        if &row.code[2..] == b"AAAA" {
            *subtotal = true;
        } else if !row.is_subtotal() && row.is_managed() && !codes.contains(&row.code) {
            codes.push(row.code);
        }
    }
    for ((_, kind), (at, codes, subtotal)) in kinds {
        if codes.len() > 1 && !subtotal {
            let kind = String::from_utf8_lossy(&kind).into_owned();
            cx.report_at(&SUBTOTAL_ROW_MISSING, at, Some(upsikyu::SERVICE_CODE))
                .arg(kind)
                .arg(codes.len() as i64);
        }
    }
}
