//! MS932 and what can be taken for it.

use careplan_spec::ms932::{
    BadKind, bad_bytes, decode_lossy, first_bad, floor_char_boundary, is_nec_selected,
    looks_like_utf8,
};

#[test]
fn what_is_no_character_is_replaced_one_sequence_at_a_time() {
    assert_eq!(decode_lossy(b"a\x8B\x8F\xFFb"), "a居\u{FFFD}b");
    assert_eq!(decode_lossy(b"\xF0\x40a"), "\u{FFFD}a", "外字");
    assert_eq!(decode_lossy(b"\x8B\x8F"), "居");
}

#[test]
fn a_text_is_cut_between_characters() {
    let text = b"a\x8B\x8Fb\x91\xEE";
    for (index, boundary) in [(0, 0), (1, 1), (2, 1), (3, 3), (4, 4), (5, 4), (6, 6), (9, 6)] {
        assert_eq!(floor_char_boundary(text, index), boundary, "{index}");
    }
}

#[test]
fn rows_of_nec_are_two() {
    for lead in 0..=0xFF {
        assert_eq!(is_nec_selected(lead), lead == 0xED || lead == 0xEE, "{lead:02X}");
    }
}

#[test]
fn a_bad_byte_is_found_wherever_it_stands() {
    // Blocks of 16 bytes are passed over when they are ASCII.
    for before in 0..40 {
        for behind in 0..20 {
            let bytes = [vec![b'a'; before], vec![0xFF], vec![b'a'; behind]].concat();
            let bad = first_bad(&bytes).expect("one");
            assert_eq!((bad.offset, bad.len, bad.kind), (before, 1, BadKind::SingleByte));
            assert_eq!(bad_bytes(&bytes).count(), 1);
        }
        let good = [vec![b'a'; before], b"\x8B\x8F".to_vec()].concat();
        assert_eq!(first_bad(&good), None);
        assert_eq!(first_bad(&good[..before + 1]).map(|bad| bad.offset), Some(before));
    }
}

#[test]
fn utf8_is_told_from_ms932() {
    let is = |text: &str| looks_like_utf8(text.as_bytes(), false);
    assert!(!is("1,2,3"), "ASCII");
    assert!(is("居宅介護支援"));
    assert!(is("😀"), "外字 in MS932");
    assert!(!looks_like_utf8(b"\x8B\x8F\x91\xEE", false), "MS932");
    // Valid both ways: half-width katakana in MS932, foreign letters in UTF-8.
    assert!(!is("é"));
    assert!(!is("éÃ"), "a sign of two bytes may be cut at the end");
    assert!(is("Ã,"), "and nowhere else");
    let cut = "居宅".as_bytes();
    assert!(looks_like_utf8(&cut[..5], true));
    assert!(!looks_like_utf8(&cut[..5], false));
    assert!(!looks_like_utf8(b"\x8B\x8F,1,2,3\xE5", true), "wrong before the end");
}

#[test]
fn utf8_with_a_few_broken_bytes_is_utf8_still() {
    let with = |good: usize, bad: usize| {
        let bytes = ["居".repeat(good).into_bytes(), b"\xFF,".repeat(bad)].concat();
        looks_like_utf8(&bytes, false)
    };
    assert!(with(9, 1));
    assert!(!with(8, 1), "eight to one is not more than eight to one");
    assert!(!with(7, 1));
    assert!(with(17, 2));
    assert!(!with(16, 2));
    // Letters that Japanese text does not hold count for nothing.
    let latin = ["é".repeat(40).into_bytes(), b"\xFF".to_vec()].concat();
    assert!(!looks_like_utf8(&latin, false));
}
