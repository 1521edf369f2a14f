//! L021 `table2-order`.

use crate::rules::prelude::*;

/// 第2表の行が番号の順に並んでいない: rows of table 2 are not in the order of their numbers.
pub(crate) static TABLE2_ORDER: Rule = Rule {
    code: "L021",
    name: "table2-order",
    title: Text::new(
        "第2表の行が番号の順に並んでいない",
        "rows of table 2 are not in the order of their numbers",
    ),
    explanation: Text::new(
        "課題NO・援助目標NO・援助内容NOの順に並べると印刷の順になります。並べ替えずに表示する相手では順序が変わります。",
        "Sorting by the three numbers gives the printed order. Partners that do not sort show another one.",
    ),
    message: Text::new(
        "番号の順（{0}）が前の行（{1}）より小さくなっています。",
        "The numbers ({0}) are smaller than those of the row before ({1}).",
    ),
    fix: Text::new(
        "印刷の順に番号を振り、その順に出力してください。",
        "Number and write the rows in the printed order.",
    ),
    source: Source::Fixed("L UP2KYO", Basis::Inferred),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &["R30"],
    check: Check::File(&[FileKind::Up2kyo], check),
    examples: Examples {
        fails: &["table-2-out-of-order"],
        passes: &[
            "K1",
            "numbers-of-table-2-repeated",
            "support-number-empty",
            "second-number-of-table-2-incomplete",
        ],
    },
};

fn check(cx: &mut FileCx<'_>) {
    for pair in cx.facts.hierarchy.windows(2) {
        let [before, row] = pair else { continue };
        let known = !before.numbers.contains(&0) && !row.numbers.contains(&0);
        if known && before.key == row.key && row.numbers < before.numbers {
            let text = |[a, b, c]: [u8; 3]| format!("{a}-{b}-{c}");
            cx.report_at(&TABLE2_ORDER, row.at, None)
                .arg(text(row.numbers))
                .arg(text(before.numbers));
        }
    }
}
