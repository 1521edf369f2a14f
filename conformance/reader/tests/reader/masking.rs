//! Shapes: enough to see a lost zero or a stray space, not enough to see a person.

use careplan_reader::Script;
use careplan_reader::masking::{Showable, shape, shown};
use careplan_spec::{FileKind, Lang, StandardVersion, ms932};

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

/// A sound record of a 利用者補足情報, whose columns are known by name.
const SUPPLEMENT: [&str; 19] = [
    "202407",
    "479014",
    "0982852391",
    "20260501",
    "キタムラ",
    "北村",
    "2",
    "19430309",
    "909-0003",
    "みなと野市",
    "",
    "098-000-2727",
    "20250522",
    "20250601",
    "20270331",
    "2",
    "",
    "22",
    "19705",
];

fn supplement(change: impl Fn(&mut Vec<Vec<u8>>)) -> (Vec<usize>, bool) {
    let layout = FileKind::Uphosoku.layout(StandardVersion::V4_1).expect("a layout");
    let mut values: Vec<Vec<u8>> =
        SUPPLEMENT.iter().map(|text| ms932::encode(text).expect("MS932")).collect();
    values.resize(layout.columns(), Vec::new());
    change(&mut values);
    let showable = Showable::of(layout, values.iter().map(Vec::as_slice));
    let shown = (0..SUPPLEMENT.len()).filter(|&at| showable.has(at)).collect();
    (shown, showable.is_displaced())
}

#[test]
fn a_value_is_shown_while_it_fits_its_column() {
    // Neither the person nor name, kana, birth date, postal code, address and phone number.
    let public = vec![0, 1, 3, 6, 12, 13, 14, 15, 16, 17, 18];
    assert_eq!(supplement(|_| ()), (public.clone(), false));
    let without = |at: usize| public.iter().copied().filter(|&other| other != at).collect();
    for (at, value, is_shown) in [
        (3, "2026/5/1", true),
        (3, "00000000", true),
        (3, "46143", true),
        (3, "19430309", false),
        (3, "206-0012", false),
        (3, "090-1234", false),
        (3, "北村", false),
        (17, "99", true),
        (17, "999", false),
        (18, "1,970,500", true),
        (18, "-19705", true),
        (18, "19430309", false),
        (18, "909-0003", false),
        (1, "47901", true),
        (1, "0982852391", false),
        (0, "202208", true),
        (0, "4.1", true),
    ] {
        let set = |values: &mut Vec<Vec<u8>>| values[at] = ms932::encode(value).expect("MS932");
        let shown = if is_shown { public.clone() } else { without(at) };
        assert_eq!(supplement(set), (shown, false), "{value} as item {}", at + 1);
    }
}

#[test]
fn of_a_record_that_looks_shifted_nothing_is_shown() {
    let none = (Vec::new(), true);
    for at in 0..8 {
        assert_eq!(supplement(|values| values[at..].rotate_right(1)), none, "right from {at}");
        assert_eq!(supplement(|values| values[at..].rotate_left(1)), none, "left from {at}");
    }
    assert_eq!(supplement(|values| values.push(Vec::new())), none, "one column more");
    assert_eq!(supplement(|values| drop(values.pop())), none, "one column less");
    assert_eq!(supplement(|values| values[0] = b"x".to_vec()), none, "no version");
    assert_eq!(supplement(|values| values.swap(7, 12)), none, "a birth date of this century");
    assert_eq!(supplement(|values| values[2] = b"4779000118".to_vec()), none, "an office");
}
