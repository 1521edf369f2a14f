//! C018 `formula-cells`.

use crate::cause::{CauseCx, Told};
use crate::evidence::Shape;
use crate::rules::prelude::*;

/// 値が表計算ソフトの数式（=\"…\"）になっている: values are formulas of a spreadsheet (=\"…\").
pub(crate) static FORMULA_CELLS: Rule = Rule {
    code: "C018",
    name: "formula-cells",
    title: Text::new(
        "値が表計算ソフトの数式（=\"…\"）になっている",
        "values are formulas of a spreadsheet (=\"…\")",
    ),
    explanation: Text::new(
        "先頭の0を残すために ＝\"0123\" の形で書く出力があります。Excelだけに通じる書き方で、標準仕様の値ではありません。",
        "Some exports write =\"0123\" to keep zeros in front. Only Excel reads that; it is no value of the standard.",
    ),
    message: Text::new(
        "値が表計算ソフトの数式（=で始まる形）で書かれています。",
        "Values are written as formulas of a spreadsheet (beginning with =).",
    ),
    fix: Text::new("＝を付けず、値だけを出力してください。", "Write the values alone, without =."),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Cause(|cx| tell(cx).into_iter().collect()),
    examples: Examples { fails: &["formula-cells"], passes: &["S1"] },
};

fn tell(cx: &CauseCx<'_>) -> Option<Told> {
    (cx.evidence.shape(Shape::Formula) > 1)
        .then(|| Told::new(&FORMULA_CELLS, |finding| Shape::of(finding) == Some(Shape::Formula)))
}
