//! C015 `thousands-separators`.

use crate::cause::{CauseCx, Told, is};
use crate::evidence::Shape;
use crate::rules::framing as s;
use crate::rules::prelude::*;

/// 数値に桁区切りのカンマがある: numbers have thousands separators.
pub(crate) static THOUSANDS_SEPARATORS: Rule = Rule {
    code: "C015",
    name: "thousands-separators",
    title: Text::new("数値に桁区切りのカンマがある", "numbers have thousands separators"),
    explanation: Text::new(
        "「1,234」のカンマは区切り文字として読まれ、項目が増えます。引用符で囲んでも数値ではありません。",
        "The comma of \"1,234\" is read as a delimiter and adds a column. In quotes it is no number either.",
    ),
    message: Text::new(
        "数値に桁区切りのカンマ（1,234の形）が入っています。",
        "Numbers have thousands separators (like 1,234).",
    ),
    fix: Text::new(
        "桁区切りのカンマを付けずに出力してください。",
        "Write numbers without thousands separators.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Cause(|cx| tell(cx).into_iter().collect()),
    examples: Examples { fails: &["thousands-separators"], passes: &["S1", "unquoted-comma"] },
};

fn tell(cx: &CauseCx<'_>) -> Option<Told> {
    let split = cx.evidence.split_numbers > 1;
    (split || cx.evidence.shape(Shape::Thousands) > 1).then(|| {
        Told::new(&THOUSANDS_SEPARATORS, move |finding| {
            Shape::of(finding) == Some(Shape::Thousands)
                || split && is(finding, &s::wrong_column_count::WRONG_COLUMN_COUNT)
        })
    })
}
