//! L010 `duplicate-hierarchy`.

use std::collections::HashMap;

use crate::rules::prelude::*;

/// 課題NO・援助目標NO・援助内容NOの組が重複している: the three hierarchy numbers repeat.
pub(crate) static DUPLICATE_HIERARCHY: Rule = Rule {
    code: "L010",
    name: "duplicate-hierarchy",
    title: Text::new(
        "課題NO・援助目標NO・援助内容NOの組が重複している",
        "the three hierarchy numbers repeat",
    ),
    explanation: Text::new(
        "同じ利用者・同じ計画の中で3つの番号の組は1回だけ現れるのが安全です。重複すると一意制約エラーになる受け手が知られています。",
        "Inside one plan the three numbers should be unique; a receiver is known to fail with a unique-key error.",
    ),
    message: Text::new(
        "番号の組（{0}）が、{1}件目のレコードと重複しています。",
        "The numbers ({0}) repeat those of record {1}.",
    ),
    fix: Text::new("援助内容NOを行ごとに振り直してください。", "Number each row anew."),
    source: Source::Fixed("L UP2KYO", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R32", "RW 19"],
    check: Check::File(&[FileKind::Up2kyo], check),
    examples: Examples {
        fails: &["numbers-of-table-2-repeated", "numbers-of-table-2-three-times"],
        passes: &["K1", "hierarchy-of-two-people", "numbers-of-table-2-incomplete"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let mut seen: HashMap<(u32, [u8; 3]), u32> = HashMap::new();
    for row in &cx.facts.hierarchy {
        if row.numbers.contains(&0) {
            continue;
        }
        let first = *seen.entry((row.key, row.numbers)).or_insert(row.at.record);
        if first != row.at.record {
            let [a, b, c] = row.numbers;
            cx.report_at(&DUPLICATE_HIERARCHY, row.at, Some(up2kyo::SUPPORT_NO))
                .arg(format!("{a}-{b}-{c}"))
                .arg(i64::from(first));
        }
    }
}
