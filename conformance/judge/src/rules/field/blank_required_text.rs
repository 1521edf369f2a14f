//! F060 `blank-required-text`.

use crate::rules::prelude::*;

/// 必須の文字列が空白だけ: a required text of blanks.
pub(crate) static BLANK_REQUIRED_TEXT: Rule = Rule {
    code: "F060",
    name: "blank-required-text",
    title: Text::new("必須の文字列が空白だけ", "a required text of blanks"),
    explanation: Text::new(
        "必須の文字列に全角や半角の空白だけが入っています。空ではないので形式の検査は通りますが、受け取った側には何も表示されません。",
        "A required text holds nothing but spaces: not empty, and yet nothing to read.",
    ),
    message: Text::new(
        "{field}は必須ですが、空白だけです。",
        "{field} is required, but holds blanks only.",
    ),
    fix: Text::new("元データを確認し、値を出力してください。", "Look up the value and write it."),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["F18"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples { fails: &["name-of-blanks"], passes: &["K1", "address-of-blanks"] },
};

fn applies(field: &Field) -> bool {
    field.format == Format::FreeText && field.required == Required::Yes
}

fn holds(_: &Field, value: &[u8]) -> bool {
    !ms932::characters(value).all(|(.., ch)| ch.is_some_and(char::is_whitespace))
}

fn report(_: &mut FieldCx<'_>) {}
