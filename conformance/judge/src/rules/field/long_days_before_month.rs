//! F023 `long-days-before-month`.

use crate::rules::prelude::*;

/// 前月までの利用日数の桁数: digits of 前月までの利用日数.
pub(crate) static LONG_DAYS_BEFORE_MONTH: Rule = Rule {
    code: "F023",
    name: "long-days-before-month",
    title: Text::new("前月までの利用日数の桁数", "digits of 前月までの利用日数"),
    explanation: Text::new(
        "4.1の様式は2桁と印刷していますが、3.2では5桁に広げられた項目です。3桁以上は、2桁と読むソフトで問題になるかもしれません。",
        "Version 4.1 prints two digits, version 3.2 had widened the item to five. Three digits may fail where two are expected.",
    ),
    message: Text::new(
        "{field}が3桁以上（{found}）です。2桁と読む相手があります。",
        "{field} has three digits or more ({found}); some partners expect two.",
    ),
    fix: Text::new(
        "相手のソフトで読めるか確認してください。",
        "Check that the partner can read it.",
    ),
    source: Source::Fixed("L UPSIKYU 30", Basis::Inferred),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &["OQ C1"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &["days-before-of-three-digits"],
        passes: &["days-before-of-two-digits", "old-version-days-before-of-three-digits"],
    },
};

fn applies(field: &Field) -> bool {
    field.constant == "DAYS_USED_BEFORE_MONTH" && field.version == StandardVersion::V4_1
}

fn holds(_: &Field, value: &[u8]) -> bool {
    value.len() <= 2
}

fn report(cx: &mut FieldCx<'_>) {
    cx.draft.expected(Text::new("2桁以内", "at most two digits"));
}
