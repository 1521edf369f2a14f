//! Shapes: enough to see a lost zero or a stray space, not enough to see a person.

use careplan_reader::Script;
use careplan_reader::masking::{shape, shown};
use careplan_spec::{Lang, ms932};

#[track_caller]
fn shapes(text: &str, ja: &str, en: &str) {
    let bytes = ms932::encode(text).expect("MS932");
    assert_eq!(shape(&bytes, Lang::Ja), ja);
    assert_eq!(shape(&bytes, Lang::En), en);
    assert_eq!(Script::Ms932.shape(&bytes, Lang::En), en);
    assert_eq!(Script::Utf8.shape(text.as_bytes(), Lang::En), en, "the same in UTF-8");
}

#[test]
fn a_shape_tells_runs_of_a_class_with_their_lengths() {
    shapes("", "空", "empty");
    shapes("0982852391", "〔半角数字10文字〕", "〔10 digits〕");
    shapes("H370272880", "〔半角英字1文字・半角数字9文字〕", "〔1 letter, 9 digits〕");
    shapes("azAZ09", "〔半角英字4文字・半角数字2文字〕", "〔4 letters, 2 digits〕");
    shapes("山田　ハナ", "〔全角5文字〕", "〔5 full-width characters〕");
    shapes(
        "ﾔﾏﾀﾞ ﾊﾅ",
        "〔半角カナ4文字・半角空白1文字・半角カナ2文字〕",
        "〔4 half-width kana, 1 space, 2 half-width kana〕",
    );
    shapes(
        "5/23",
        "〔半角数字1文字・半角記号1文字・半角数字2文字〕",
        "〔1 digit, 1 symbol, 2 digits〕",
    );
    shapes("@`[{", "〔半角記号4文字〕", "〔4 symbols〕");
}

#[test]
fn of_many_runs_only_the_length_is_told() {
    shapes(
        "1a1a1a",
        "〔半角数字1文字・半角英字1文字・半角数字1文字・半角英字1文字・半角数字1文字・半角英字1文字〕",
        "〔1 digit, 1 letter, 1 digit, 1 letter, 1 digit, 1 letter〕",
    );
    shapes("1a1a1a1", "〔7文字〕", "〔7 characters〕");
}

#[test]
fn characters_without_a_form_are_as_wide_as_any() {
    assert_eq!(
        Script::Utf8.shape("😀1".as_bytes(), Lang::En),
        "〔1 full-width character, 1 digit〕"
    );
    assert_eq!(Script::Utf8.shape(b"\xFF1", Lang::En), "〔1 full-width character, 1 digit〕");
}

#[test]
fn what_cannot_be_seen_is_made_visible() {
    assert_eq!(shown(b"", Lang::Ja), "空");
    assert_eq!(shown(b"", Lang::En), "empty");
    assert_eq!(shown(b"a\r\n\tb\x01\x8B\x8F", Lang::Ja), "a␍␊␉b〈01〉居");
    assert_eq!(shown(b"a\xFF\x8B", Lang::Ja), "a〈FF〉〈8B〉");
}

#[test]
fn text_keeps_line_breaks_and_shows_the_rest() {
    assert_eq!(Script::Ms932.text(b"a\r\nb\rc\nd"), "a\nb\nc\nd");
    assert_eq!(Script::Ms932.text(b"a\tb\x7F\xFF"), "a〈U+0009〉b〈U+007F〉〈FF〉");
    assert_eq!(Script::Utf8.text(b"a\xE5\xB1b\xFF"), "a〈E5B1〉b〈FF〉");
    // Marks that turn the writing direction or cannot be seen, and their neighbours.
    for (ch, unseen) in [
        ('\u{200A}', false),
        ('\u{200B}', true),
        ('\u{200F}', true),
        ('\u{2010}', false),
        ('\u{2027}', false),
        ('\u{2028}', true),
        ('\u{202E}', true),
        ('\u{202F}', false),
        ('\u{205F}', false),
        ('\u{2060}', true),
        ('\u{206F}', true),
        ('\u{2070}', false),
        ('\u{061B}', false),
        ('\u{061C}', true),
        ('\u{061D}', false),
        ('\u{FEFE}', false),
        ('\u{FEFF}', true),
    ] {
        let expected =
            if unseen { format!("〈U+{:04X}〉", u32::from(ch)) } else { ch.to_string() };
        assert_eq!(Script::Utf8.text(ch.to_string().as_bytes()), expected);
    }
}

#[test]
fn one_form_whatever_the_writing() {
    assert_eq!(Script::Ms932.canonical(b"abc\n"), "abc\n");
    assert_eq!(Script::Ms932.canonical(b"a\r\nb\rc\nd"), "a\nb\nc\nd");
    assert_eq!(Script::Ms932.canonical(b"\x8B\x8F\r\n\x91\xEE"), "居\n宅");
    assert_eq!(Script::Utf8.canonical("居\r\n宅".as_bytes()), "居\n宅");
    // What is no character is equal to itself alone.
    let bad = Script::Ms932.canonical(b"\xFF").into_owned();
    assert_eq!(bad, "\u{10FEFF}");
    assert_ne!(bad, Script::Ms932.canonical(b"\xFE").into_owned());
}
