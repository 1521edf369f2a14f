//! F061 `kana-of-other-letters`.

use crate::rules::prelude::*;

/// フリガナにカタカナ以外の文字がある: a kana name that is no katakana.
pub(crate) static KANA_OF_OTHER_LETTERS: Rule = Rule {
    code: "F061",
    name: "kana-of-other-letters",
    title: Text::new("フリガナにカタカナ以外の文字がある", "a kana name that is no katakana"),
    explanation: Text::new(
        "フリガナの字種を仕様は定めていませんが、項目名どおりカタカナで書くのが普通です。ひらがなは検索や並べ替えで一致しないことがあります。漢字が入っているときは、氏名の項目との取り違えを疑ってください。英字（外国の方の氏名）は指摘しません。",
        "The standard does not say so, but フリガナ are written in katakana. Hiragana may not be found by searches; kanji suggest that the name stands in the place of the kana. Latin letters, as in names of foreigners, are not reported.",
    ),
    message: Text::new("{field}に{0}があります。", "{field} holds {0}."),
    fix: Text::new("カタカナで出力してください。", "Write katakana."),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["OQ E"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &["kana-of-hiragana", "kana-of-kanji"],
        passes: &["K1", "half-width-kana", "kana-of-a-foreigner"],
    },
};

fn applies(field: &Field) -> bool {
    field.constant == "USER_NAME_KANA"
}

fn holds(_: &Field, value: &[u8]) -> bool {
    // Hiragana have the lead 82, kanji 88 and above; katakana, spaces and signs 81 and 83.
    !value.iter().any(|byte| *byte >= 0x82) || other(value).is_none()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Letters {
    Hiragana,
    Kanji,
}

fn other(value: &[u8]) -> Option<Letters> {
    let kind = |ch: char| match ch {
        'ぁ'..='ん' => Some(Letters::Hiragana),
        '一'..='龠' | '々' | '﨑' => Some(Letters::Kanji),
        _ => None,
    };
    let found = || ms932::characters(value).filter_map(|(.., ch)| kind(ch?));
    found().find(|kind| *kind == Letters::Kanji).or_else(|| found().next())
}

fn report(cx: &mut FieldCx<'_>) {
    cx.draft.expected(Text::new("カタカナ", "katakana"));
    match other(cx.value) {
        Some(Letters::Hiragana) => {
            cx.draft.arg(Text::new("ひらがな", "hiragana")).at_most(Severity::Info);
        }
        _ => {
            cx.draft.arg(Text::new("漢字", "kanji"));
        }
    }
}
