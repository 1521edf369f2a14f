//! B021 `markup-in-text`.

use crate::rules::prelude::*;

/// 改行などが記号で書かれている: line breaks written as marks.
pub(crate) static MARKUP_IN_TEXT: Rule = Rule {
    code: "B021",
    name: "markup-in-text",
    title: Text::new("改行などが記号で書かれている", "line breaks written as marks"),
    explanation: Text::new(
        "文章の改行は、引用符の中にそのまま書きます。「<br>」「\\n」「_x000D_」はWeb画面やプログラム、表計算ソフトのための書き方で、受け取った側の帳票にはその記号が印刷されます。",
        "Line breaks stand inside the quotes as they are. <br>, \\n and _x000D_ are writings of web pages, programs and spreadsheets; they are printed on the partner's forms.",
    ),
    message: Text::new(
        "{field}に、改行などを表す記号「{0}」が文字のまま入っています。",
        "{field} holds {0} as letters.",
    ),
    fix: Text::new(
        "引用符の中に改行そのもの（CRLF）を出力してください。",
        "Write the line break itself inside the quotes.",
    ),
    source: Source::Fixed("S 4.2", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["F04"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &["line-break-of-a-web-page", "escaped-line-break", "line-break-of-a-workbook"],
        passes: &["K1", "line-breaks-in-free-text", "ampersands-and-backslashes-in-free-text"],
    },
};

fn applies(field: &Field) -> bool {
    field.format == Format::FreeText
}

fn holds(_: &Field, value: &[u8]) -> bool {
    markup(value).is_none()
}

/// Tags that conversions for web pages leave, without `<`.
const TAGS: [(&[u8], &str); 9] = [
    (b"br>", "<br>"),
    (b"br/>", "<br/>"),
    (b"br />", "<br />"),
    (b"p>", "<p>"),
    (b"/p>", "</p>"),
    (b"div>", "<div>"),
    (b"/div>", "</div>"),
    (b"/span>", "</span>"),
    (b"/font>", "</font>"),
];

/// The first mark.
fn markup(value: &[u8]) -> Option<&'static str> {
    if !value.iter().any(|byte| matches!(byte, b'<' | b'\\' | b'_')) {
        return None;
    }
    // The trail of a pair may look like a backslash.
    let single = ms932::characters(value).filter(|(_, len, _)| *len == 1);
    single.map(|(at, ..)| &value[at..]).find_map(|rest| match rest {
        [b'<', rest @ ..] => TAGS
            .iter()
            .find(|(tag, _)| rest.get(..tag.len()).is_some_and(|it| it.eq_ignore_ascii_case(tag)))
            .map(|(_, shown)| *shown),
        [b'\\', b'r', b'\\', b'n', ..] => Some("\\r\\n"),
        // A name of a path may begin with n.
        [b'\\', b'n', next, ..] if next.is_ascii_alphanumeric() => None,
        [b'\\', b'n', ..] => Some("\\n"),
        rest if rest.starts_with(b"_x000D_") => Some("_x000D_"),
        rest if rest.starts_with(b"_x000A_") => Some("_x000A_"),
        _ => None,
    })
}

fn report(cx: &mut FieldCx<'_>) {
    if let Some(found) = markup(cx.value) {
        cx.draft.arg(found).expected(Text::new("改行そのもの", "the line break itself"));
    }
}

#[cfg(test)]
mod tests {
    use super::markup;
    use careplan_spec::ms932;

    #[test]
    fn marks_for_line_breaks_are_told_from_other_writing() {
        let markup = |text| markup(&ms932::encode(text).expect("characters of MS932"));
        for (text, expected) in [
            ("一行目<br>二行目", "<br>"),
            ("一行目<BR />二行目", "<br />"),
            ("終わり</p>", "</p>"),
            ("一行目\\n二行目", "\\n"),
            ("終わり\\n", "\\n"),
            ("一行目\\r\\n二行目", "\\r\\n"),
            ("一行目_x000D_", "_x000D_"),
        ] {
            assert_eq!(markup(text), Some(expected), "{text}");
        }
        for text in ["", "血圧<140", "<注意>", "\\new", "\\n1", "ソn", "\\3000", "_x000", "<br"]
        {
            assert_eq!(markup(text), None, "{text}");
        }
    }
}
