//! Rules about characters and encoding (`B`).

use crate::rule::Rule;

pub(crate) mod byte_order_mark;
pub(crate) mod byte_outside_ms932;
pub(crate) mod character_without_ms932_form;
pub(crate) mod code_windows_never_writes;
pub(crate) mod control_character;
pub(crate) mod letter_for_roman_numeral;
pub(crate) mod markup_in_text;
pub(crate) mod nec_selected_code;
pub(crate) mod replacement_mark;
pub(crate) mod user_defined_character;
pub(crate) mod utf16_text;
pub(crate) mod utf8_text;
pub(crate) mod word_for_no_value;
pub(crate) mod written_out_character;

/// The rules of this stage, by code.
pub(crate) static RULES: &[&Rule] = &[
    &utf8_text::UTF8_TEXT,
    &byte_order_mark::BYTE_ORDER_MARK,
    &utf16_text::UTF16_TEXT,
    &user_defined_character::USER_DEFINED_CHARACTER,
    &byte_outside_ms932::BYTE_OUTSIDE_MS932,
    &character_without_ms932_form::CHARACTER_WITHOUT_MS932_FORM,
    &control_character::CONTROL_CHARACTER,
    &nec_selected_code::NEC_SELECTED_CODE,
    &replacement_mark::REPLACEMENT_MARK,
    &written_out_character::WRITTEN_OUT_CHARACTER,
    &markup_in_text::MARKUP_IN_TEXT,
    &word_for_no_value::WORD_FOR_NO_VALUE,
    &code_windows_never_writes::CODE_WINDOWS_NEVER_WRITES,
    &letter_for_roman_numeral::LETTER_FOR_ROMAN_NUMERAL,
];
