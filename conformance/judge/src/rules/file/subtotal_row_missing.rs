//! L012 `subtotal-row-missing`.

use std::collections::BTreeMap;

use crate::facts::Amount;
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
        "区分支給対象のサービスコードが同じ種類に2行以上あるとき、その種類の小計（種類＋AAAA）が必要です。小計を事業所ごとに書くか、種類で1行にするかは決まっていないため、1つの事業所に2つ以上のコードがあるときだけ、どちらの書き方でも小計のない場合を指摘します。",
        "When a kind has more than one row inside the limit, it needs a subtotal: kind + AAAA. Whether there is one for each office or one for the kind is not said, so only an office with two codes or more is looked at, and either kind of subtotal will do.",
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
        fails: &[
            "subtotal-row-missing",
            "second-code-without-subtotal",
            "second-office-without-subtotal",
        ],
        passes: &[
            "K2",
            "one-code-in-two-rows",
            "unmanaged-code-without-subtotal",
            "subtotal-missing-beside-a-broken-value",
            "two-offices-with-a-code-each",
            "subtotal-of-two-offices",
            "subtotals-of-two-offices-with-rows",
        ],
    },
};

/// The rows of a kind at one office.
struct Group {
    /// The first of them.
    at: RecordRef,
    /// Distinct codes inside the limit.
    codes: Vec<[u8; 6]>,
    /// Their units of benefit management.
    units: i64,
    /// Those of its subtotal, if it has one.
    subtotal: Option<i64>,
}

fn check(cx: &mut FileCx<'_>) {
    if !cx.facts.is_whole() {
        return;
    }
    let mut missing = Vec::new();
    let mut kinds: BTreeMap<[u8; 2], BTreeMap<[u8; 10], Group>> = BTreeMap::new();
    for rows in cx.facts.benefits_by_key() {
        kinds.clear();
        for row in rows.iter().filter(|row| !row.is_total()) {
            let offices = kinds.entry(row.service_kind()).or_default();
            let group = offices.entry(row.office).or_insert_with(|| Group {
                at: row.at,
                codes: Vec::new(),
                units: 0,
                subtotal: None,
            });
            let units = row.amount(Amount::Managed);
            if &row.code[2..] == b"AAAA" {
                *group.subtotal.get_or_insert(0) += units.unwrap_or(0);
            } else if !row.is_subtotal()
                && let Some(units) = units
            {
                group.units += units;
                if !group.codes.contains(&row.code) {
                    group.codes.push(row.code);
                }
            }
        }
        for (kind, offices) in &kinds {
            let units: i64 = offices.values().map(|group| group.units).sum();
            // One row may add up the kind at all offices; it is the subtotal of its own office
            // where that alone fits.
            let of_all = offices
                .values()
                .any(|group| group.subtotal.is_some_and(|sum| sum != group.units || sum == units));
            let lacks = |group: &&Group| group.codes.len() > 1 && group.subtotal.is_none();
            if !of_all {
                missing.extend(
                    offices
                        .values()
                        .filter(lacks)
                        .map(|group| (group.at, *kind, group.codes.len())),
                );
            }
        }
    }
    for (at, kind, count) in missing {
        let kind = String::from_utf8_lossy(&kind).into_owned();
        cx.report_at(&SUBTOTAL_ROW_MISSING, at, Some(upsikyu::SERVICE_CODE))
            .arg(kind)
            .arg(count as i64);
    }
}
