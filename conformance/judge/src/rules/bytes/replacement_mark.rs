//! B009 `replacement-mark`.

use crate::rules::prelude::*;

/// 置き換え文字らしい記号がある: a mark that looks like a lost character.
pub(crate) static REPLACEMENT_MARK: Rule = Rule {
    code: "B009",
    name: "replacement-mark",
    title: Text::new("置き換え文字らしい記号がある", "a mark that looks like a lost character"),
    explanation: Text::new(
        "変換できない文字が「?」「■」「〓」に変わった跡かもしれません。氏名や住所では特に、元の文字が失われています。",
        "\"?\", \"■\" or \"〓\" beside Japanese text is often what is left of a character that could not be converted.",
    ),
    message: Text::new(
        "{field}に、変換に失敗した跡らしい「{0}」があります。",
        "{field} holds {0}, which looks like a lost character.",
    ),
    fix: Text::new(
        "元データの文字を確認し、MS932にある文字に直して出力してください。",
        "Look up the original character and write one that MS932 has.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &["RW 10"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &[
            "question-mark-in-a-name",
            "question-mark-behind-a-name",
            "geta-mark-in-an-address",
            "black-square-in-a-name",
        ],
        passes: &["K1", "question-mark-beside-letters", "question-mark-in-free-text"],
    },
};

fn applies(field: &Field) -> bool {
    field.format == Format::FreeText
        && (field.constant.contains("NAME") || field.constant.contains("ADDRESS"))
}

fn holds(_: &Field, value: &[u8]) -> bool {
    mark(value).is_none()
}

/// `?`, `■` (81A1) or `〓` (81AC) directly beside a full-width character.
fn mark(value: &[u8]) -> Option<&'static str> {
    if !value.iter().any(|byte| matches!(byte, b'?' | 0xA1 | 0xAC)) {
        return None;
    }
    let mut wide_before = false;
    let mut pending = None;
    for (at, len, _) in ms932::characters(value) {
        let wide = len == 2;
        if wide && pending.is_some() {
            return pending;
        }
        let found = match &value[at..at + len] {
            b"?" => Some("?"),
            b"\x81\xA1" => Some("■"),
            b"\x81\xAC" => Some("〓"),
            _ => None,
        };
        if found.is_some() && wide_before {
            return found;
        }
        pending = found;
        wide_before = wide && found.is_none();
    }
    None
}

fn report(cx: &mut FieldCx<'_>) {
    if let Some(found) = mark(cx.value) {
        cx.draft
            .arg(found)
            .expected(Text::new("置き換わる前の文字", "the character that was lost"));
    }
}

#[cfg(test)]
mod tests {
    use super::mark;
    use careplan_spec::ms932;

    #[test]
    fn a_mark_beside_a_full_width_character_is_seen() {
        let mark = |text| mark(&ms932::encode(text).expect("characters of MS932"));
        for (text, found) in [
            ("?村", "?"),
            ("村?", "?"),
            ("a?村", "?"),
            ("村?a", "?"),
            ("■村", "■"),
            ("村■", "■"),
            ("〓村", "〓"),
            ("村〓", "〓"),
            ("北村　洋?", "?"),
        ] {
            assert_eq!(mark(text), Some(found), "{text}");
        }
        for text in ["", "北村　洋子", "?", "a?b", "??", "a? 村", "村 ?", "■", "■a", "a〓"]
        {
            assert_eq!(mark(text), None, "{text}");
        }
    }
}
