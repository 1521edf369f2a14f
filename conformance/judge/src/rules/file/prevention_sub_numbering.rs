//! L020 `prevention-sub-numbering`.

use std::collections::HashSet;

use crate::rules::prelude::*;

/// 支援計画書 別表の番号の付け方が違う: numbers of the prevention annex are out of step.
pub(crate) static PREVENTION_SUB_NUMBERING: Rule = Rule {
    code: "L020",
    name: "prevention-sub-numbering",
    title: Text::new(
        "支援計画書 別表の番号の付け方が違う",
        "numbers of the prevention annex are out of step",
    ),
    explanation: Text::new(
        "同じ課題の行は課題NOをそろえて支援計画NOを進め、同じ支援計画の行は利用サービスNOを進めます。番号以外の項目は2行目から空欄です。",
        "Rows of one need share 課題NO and count 支援計画NO; rows of one plan count 利用サービスNO. Other items stay empty from the second row on.",
    ),
    message: Text::new(
        "番号（{0}）が同じ利用者の前の行と重複しています。",
        "The numbers ({0}) repeat those of an earlier row of the person.",
    ),
    fix: Text::new(
        "課題NO・支援計画NO・利用サービスNOの組を行ごとに変えてください。",
        "Give every row its own set of numbers.",
    ),
    source: Source::Fixed("L UPYOBO_SUB 補足", Basis::Stated),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R43"],
    check: Check::File(&[FileKind::UpyoboSub], check),
    examples: Examples {
        fails: &["annex-numbers-repeated"],
        passes: &["Y3", "Y3/rich", "numbers-of-the-annex-incomplete"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let mut seen: HashSet<(u32, [u8; 3])> = HashSet::new();
    for row in &cx.facts.hierarchy {
        if !row.numbers.contains(&0) && !seen.insert((row.key, row.numbers)) {
            let [a, b, c] = row.numbers;
            cx.report_at(&PREVENTION_SUB_NUMBERING, row.at, Some(upyobo_sub::USED_SERVICE_NO))
                .arg(format!("{a}-{b}-{c}"));
        }
    }
}
