//! L045 `numbers-with-gaps`.

use std::collections::HashMap;

use crate::rules::prelude::*;

/// 支援計画書 別表の番号が飛んでいる: numbers of the prevention annex have gaps.
pub(crate) static NUMBERS_WITH_GAPS: Rule = Rule {
    code: "L045",
    name: "numbers-with-gaps",
    title: Text::new(
        "支援計画書 別表の番号が飛んでいる",
        "numbers of the prevention annex have gaps",
    ),
    explanation: Text::new(
        "支援計画NOは課題の中で、利用サービスNOは支援計画の中で、1から続く番号です。間の番号がないときは、行が抜けたおそれがあります。利用者ごとに1回お知らせします。第2表の番号は、連番とは書かれていないので指摘しません。",
        "支援計画NO counts up within a need, 利用サービスNO within a plan, from 1. Where a number is missing a row may be lost. Said once a person. The numbers of table 2 are not said to have no gaps.",
    ),
    message: Text::new(
        "番号（{0}）の前の番号がありません。",
        "The number before that of {0} is missing.",
    ),
    fix: Text::new(
        "抜けた行がないか確認し、1から続けて番号を振ってください。",
        "Look for a lost row, and number from 1 without gaps.",
    ),
    source: Source::Fixed("L UPYOBO_SUB 補足", Basis::Stated),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R43"],
    check: Check::File(&[FileKind::UpyoboSub], check),
    examples: Examples {
        fails: &["annex-service-number-skipped", "annex-plan-number-skipped"],
        passes: &["Y3", "Y3/rich", "numbers-of-the-annex-incomplete"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    // A row that could not be read may be the missing one.
    if !cx.facts.is_whole() {
        return;
    }
    // Per person: all numbers, with their records.
    let mut people: HashMap<u32, Vec<([u8; 3], RecordRef)>> = HashMap::new();
    for row in &cx.facts.hierarchy {
        people.entry(row.key).or_default().push((row.numbers, row.at));
    }
    let mut found: Vec<([u8; 3], RecordRef)> = Vec::new();
    for mut rows in people.into_values() {
        // So may one whose numbers could not.
        if rows.iter().any(|(numbers, _)| numbers.contains(&0)) {
            continue;
        }
        rows.sort_unstable();
        let first = ([0; 3], RecordRef::default());
        let befores = std::iter::once(&first).chain(&rows);
        found.extend(
            befores.zip(&rows).find(|(before, row)| skips(before.0, row.0)).map(|it| *it.1),
        );
    }
    found.sort_unstable_by_key(|(_, at)| at.record);
    for ([need, plan, service], at) in found {
        cx.report_at(&NUMBERS_WITH_GAPS, at, Some(upyobo_sub::USED_SERVICE_NO))
            .arg(format!("{need}-{plan}-{service}"));
    }
}

/// Whether a number is missing between two rows in order. That needs count without gaps is not
/// said.
const fn skips(before: [u8; 3], row: [u8; 3]) -> bool {
    let [need, plan, service] = before;
    if row[0] != need {
        return row[1] > 1 || row[2] > 1;
    }
    if row[1] != plan {
        return row[1] > plan + 1 || row[2] > 1;
    }
    row[2] > service.saturating_add(1)
}
