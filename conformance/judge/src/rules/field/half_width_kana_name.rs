//! F030 `half-width-kana-name`.

use crate::rules::prelude::*;

/// フリガナが半角カナ: a kana name in half-width kana.
pub(crate) static HALF_WIDTH_KANA_NAME: Rule = Rule {
    code: "F030",
    name: "half-width-kana-name",
    title: Text::new("フリガナが半角カナ", "a kana name in half-width kana"),
    explanation: Text::new(
        "仕様はフリガナの全角・半角を定めていません。全角だけを想定するソフトと、半角に変換するソフトがあります。",
        "The standard does not say which width kana names have. Some software expects full width, some converts to half width.",
    ),
    message: Text::new(
        "{field}に半角カナがあります。全角を想定する相手があります。",
        "{field} holds half-width kana; some partners expect full width.",
    ),
    fix: Text::new(
        "相手のソフトで検索や並べ替えができるか確認してください。",
        "Check that the partner can search and sort by it.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &["OQ E"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &["half-width-kana"],
        passes: &["K1", "half-width-middle-dot", "half-width-kana-in-running-text"],
    },
};

fn applies(field: &Field) -> bool {
    field.constant == "USER_NAME_KANA"
}

fn holds(_: &Field, value: &[u8]) -> bool {
    // A1–DF may also be trail bytes, so a suspicion is looked at character by character.
    !ms932::characters(value).any(|(at, len, _)| len == 1 && matches!(value[at], 0xA6..=0xDF))
}

fn report(cx: &mut FieldCx<'_>) {
    cx.draft.expected(Text::new("全角カナ", "full-width kana"));
}
