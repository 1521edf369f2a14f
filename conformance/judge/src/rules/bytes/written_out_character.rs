//! B020 `written-out-character`.

use crate::rules::prelude::*;

/// 文字が番号や記号で書かれている: a character written as its number.
pub(crate) static WRITTEN_OUT_CHARACTER: Rule = Rule {
    code: "B020",
    name: "written-out-character",
    title: Text::new("文字が番号や記号で書かれている", "a character written as its number"),
    explanation: Text::new(
        "MS932にない文字（𠮷や鷗など）を変換器が「&#134071;」「\\u9dd7」「U+20BB7」のような番号に書き換えた跡です。「&amp;」のような書き方はWeb画面用の変換の残りです。受け取った側にはこの英数字がそのまま表示され、氏名であれば照合できません。",
        "A converter wrote a character that MS932 lacks as a number: &#134071;, \\u9dd7, U+20BB7; or text for a web page (&amp;) was exported. The partner sees these letters and digits.",
    ),
    message: Text::new(
        "{field}に、文字の代わりの番号（{0}の形）があります。",
        "{field} holds the number of a character ({0}) instead of the character.",
    ),
    fix: Text::new(
        "元データの文字を確認し、MS932にある文字（𠮷は吉、鷗は鴎など）に直して出力してください。Web画面用の変換はファイルの出力では行わないでください。",
        "Write a character that MS932 has, and leave out the conversion for web pages.",
    ),
    source: Source::Fixed("S 4.3", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["RW 10"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &[
            "entity-in-a-name",
            "entities-in-a-need",
            "escaped-character-in-a-name",
            "escaped-characters-in-a-need",
            "code-point-in-a-name",
            "escaped-ampersand-in-an-office-name",
        ],
        passes: &["K1", "ampersands-and-backslashes-in-free-text"],
    },
};

fn applies(field: &Field) -> bool {
    field.format == Format::FreeText
}

fn holds(_: &Field, value: &[u8]) -> bool {
    form(value).is_none()
}

/// Named entities that conversions for web pages make.
const NAMED: [&[u8]; 7] = [b"amp;", b"lt;", b"gt;", b"quot;", b"apos;", b"nbsp;", b"yen;"];

/// The form in which the first character is written out.
fn form(value: &[u8]) -> Option<&'static str> {
    if !value.iter().any(|byte| matches!(byte, b'&' | b'\\' | b'+' | b'%')) {
        return None;
    }
    // The trail of a pair may look like one of these.
    let single = ms932::characters(value).filter(|(_, len, _)| *len == 1);
    single.map(|(at, ..)| &value[at..]).find_map(|rest| match rest {
        [b'&', b'#', b'x' | b'X', rest @ ..] => ends(rest, hex(rest), 2).then_some("&#x…;"),
        [b'&', b'#', rest @ ..] => {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            ends(rest, digits, 2).then_some("&#…;")
        }
        [b'&', rest @ ..] => NAMED.iter().any(|name| rest.starts_with(name)).then_some("&…;"),
        [b'\\', b'u', rest @ ..] => (hex(rest) >= 4).then_some("\\u…"),
        [b'\\', b'U', rest @ ..] => (hex(rest) >= 8).then_some("\\U…"),
        [b'\\', b'x', b'{', rest @ ..] => (hex(rest) >= 4).then_some("\\x{…}"),
        [b'%', b'u', rest @ ..] => (hex(rest) >= 4).then_some("%u…"),
        [b'U', b'+', rest @ ..] => (hex(rest) >= 4).then_some("U+…"),
        _ => None,
    })
}

/// How many hexadecimal digits open the bytes.
fn hex(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_hexdigit()).count()
}

/// Whether a semicolon follows at least so many digits.
fn ends(rest: &[u8], digits: usize, least: usize) -> bool {
    digits >= least && rest.get(digits) == Some(&b';')
}

fn report(cx: &mut FieldCx<'_>) {
    if let Some(form) = form(cx.value) {
        cx.draft.arg(form).expected(Text::new("その番号の文字", "the character of that number"));
    }
}

#[cfg(test)]
mod tests {
    use super::form;
    use careplan_spec::ms932;

    #[test]
    fn numbers_of_characters_are_told_from_other_writing() {
        let form = |text| form(&ms932::encode(text).expect("characters of MS932"));
        for (text, expected) in [
            ("&#134071;田", "&#…;"),
            ("&#13;", "&#…;"),
            ("&#x20BB7;田", "&#x…;"),
            ("A&amp;B", "&…;"),
            ("表\\u9dd7外", "\\u…"),
            ("\\U00020bb7田", "\\U…"),
            ("\\x{20bb7}", "\\x{…}"),
            ("%u9DD7", "%u…"),
            ("田U+20BB7", "U+…"),
        ] {
            assert_eq!(form(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "Q&A",
            "&amp",
            "&#1;",
            "&#134071",
            "&#x1;",
            "&#;",
            "\\u9dd",
            "\\U0002bb7",
            "\\x41",
            "%u9",
            "U+9dd",
            "ソu9dd7",
            "50%up",
            "1+2",
            "\\3000",
        ] {
            assert_eq!(form(text), None, "{text}");
        }
    }
}
