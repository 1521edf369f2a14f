//! B024 `letter-for-roman-numeral`.

use crate::rules::prelude::*;

/// ローマ数字が英字T〜Xに変わっている: letters T to X where Roman numerals were.
pub(crate) static LETTER_FOR_ROMAN_NUMERAL: Rule = Rule {
    code: "B024",
    name: "letter-for-roman-numeral",
    title: Text::new(
        "ローマ数字が英字T〜Xに変わっている",
        "letters T to X where Roman numerals were",
    ),
    explanation: Text::new(
        "「Ⅰ〜Ⅴ」を変換できない変換器は、符号の一部だけを残して「T〜X」に変えることがあります（入浴介助加算Ⅰ→入浴介助加算T）。加算や型、等級の名前の終わりにある半角のT〜Xを指摘します。",
        "Converters that do not know Ⅰ to Ⅴ leave T to X. Reported is such a half-width letter at the end of the name of an addition, type or grade.",
    ),
    message: Text::new(
        "{field}の英字「{0}」は、ローマ数字「{1}」の変わった跡のようです。",
        "{field}: the letter {0} looks like what is left of {1}.",
    ),
    fix: Text::new(
        "元データのローマ数字を確認し、MS932の「Ⅰ」などで出力してください。",
        "Look up the numeral and write the character of MS932.",
    ),
    source: Source::Fixed("—", Basis::Assumed),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &["RW 10"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &["letter-for-a-roman-numeral"],
        passes: &["K1", "letters-that-are-no-numerals"],
    },
};

fn applies(field: &Field) -> bool {
    field.format == Format::FreeText
}

fn holds(_: &Field, value: &[u8]) -> bool {
    letter(value).is_none()
}

/// The first letter, and the numeral it was.
fn letter(value: &[u8]) -> Option<(&'static str, &'static str)> {
    if !value.iter().any(|byte| matches!(byte, b'T'..=b'X')) {
        return None;
    }
    let mut before = '\0';
    let mut chars = ms932::characters(value).map(|(.., ch)| ch.unwrap_or('\0')).peekable();
    while let Some(ch) = chars.next() {
        let found = match ch {
            'T' => Some(("T", "Ⅰ")),
            'U' => Some(("U", "Ⅱ")),
            'V' => Some(("V", "Ⅲ")),
            'W' => Some(("W", "Ⅳ")),
            'X' => Some(("X", "Ⅴ")),
            _ => None,
        };
        // Names that end in a numeral: 加算, 型, 費, 級, 度, 期, 群, 種, 類, 体制.
        let names =
            matches!(before, '算' | '型' | '費' | '級' | '度' | '期' | '群' | '種' | '類' | '制');
        let ends = match chars.peek() {
            None => true,
            Some(next) => matches!(
                next,
                '・' | '、'
                    | '。'
                    | '）'
                    | ')'
                    | '」'
                    | ' '
                    | '　'
                    | '\r'
                    | '\n'
                    | ','
                    | '，'
                    | '／'
                    | '/'
            ),
        };
        if found.is_some() && names && ends {
            return found;
        }
        before = ch;
    }
    None
}

fn report(cx: &mut FieldCx<'_>) {
    if let Some((letter, numeral)) = letter(cx.value) {
        cx.draft.arg(letter).arg(numeral).expected(numeral);
    }
}

#[cfg(test)]
mod tests {
    use super::letter;
    use careplan_spec::ms932;

    #[test]
    fn letters_are_told_from_numerals_by_what_stands_around_them() {
        let letter = |text| letter(&ms932::encode(text).expect("characters of MS932"));
        for (text, expected) in [
            ("入浴介助加算T", ("T", "Ⅰ")),
            ("体制強化加算U・その他", ("U", "Ⅱ")),
            ("（処遇改善加算V）", ("V", "Ⅲ")),
            ("自立度W、", ("W", "Ⅳ")),
            ("褥瘡の重症度X ", ("X", "Ⅴ")),
        ] {
            assert_eq!(letter(text), Some(expected), "{text}");
        }
        for text in ["", "T字杖", "加算Ⅰ", "加算TEST", "加算S", "加算Y", "レントゲンX", "型T1", "T"]
        {
            assert_eq!(letter(text), None, "{text}");
        }
    }
}
