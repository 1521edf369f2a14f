//! B007 `control-character`.

use crate::rules::prelude::*;

/// 制御文字が含まれている: a control character.
pub(crate) static CONTROL_CHARACTER: Rule = Rule {
    code: "B007",
    name: "control-character",
    title: Text::new("制御文字が含まれている", "a control character"),
    explanation: Text::new(
        "仕様は制御文字に触れていません。タブやNULは取込先で区切りや終わりと解されることがあります。自由記述の改行は問題ありません。",
        "The standard is silent. Receivers may take tabs or NUL as separators or ends. Line breaks in free text are fine.",
    ),
    message: Text::new(
        "{field}に制御文字（{0}）があります。",
        "{field} holds a control character ({0}).",
    ),
    fix: Text::new(
        "入力欄から制御文字を取り除いて出力してください。",
        "Remove control characters before the export.",
    ),
    source: Source::Fixed("—", Basis::Assumed),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["F01"],
    check: Check::Reader,
    examples: Examples {
        fails: &["tab-in-a-name", "end-of-file-mark"],
        passes: &["line-breaks-in-free-text"],
    },
};
