//! B022 `word-for-no-value`.

use crate::rules::prelude::*;

/// 「値がない」を表す語が入っている: a program's word for no value.
pub(crate) static WORD_FOR_NO_VALUE: Rule = Rule {
    code: "B022",
    name: "word-for-no-value",
    title: Text::new("「値がない」を表す語が入っている", "a program's word for no value"),
    explanation: Text::new(
        "「NULL」「undefined」「#N/A」などは、データベースやプログラム、表計算ソフトが「値がない」ことを表す語です。値がない文字列は空で出力します。",
        "NULL, undefined or #N/A is what databases, programs and spreadsheets say where there is no value. A text without a value is empty.",
    ),
    message: Text::new(
        "{field}の値は、値がないことを表す{0}です。",
        "{field} holds {0} for no value.",
    ),
    fix: Text::new(
        "値がないときは空で出力してください。計算のエラーは元の表で直してください。",
        "Leave it empty; mend the error of a calculation in its sheet.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &["null-in-an-address", "error-of-a-spreadsheet"],
        passes: &["K1", "null-inside-a-text"],
    },
};

const WORDS: [&str; 15] = [
    "NULL",
    "null",
    "(null)",
    "<null>",
    "undefined",
    "NaN",
    "[object Object]",
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
];

fn applies(field: &Field) -> bool {
    field.format == Format::FreeText
}

fn holds(_: &Field, value: &[u8]) -> bool {
    word(value).is_none()
}

fn word(value: &[u8]) -> Option<&'static str> {
    // No word is longer.
    if value.len() > 24 {
        return None;
    }
    let value = value.trim_ascii();
    WORDS.iter().copied().find(|word| word.as_bytes() == value)
}

fn report(cx: &mut FieldCx<'_>) {
    let Some(word) = word(cx.value) else { return };
    let whose = if word.starts_with('#') {
        Text::new("表計算ソフトのエラー", "an error of a spreadsheet")
    } else {
        Text::new("プログラムの語", "the word of a program")
    };
    cx.draft.arg(whose).expected(Text::new("空", "empty"));
}
