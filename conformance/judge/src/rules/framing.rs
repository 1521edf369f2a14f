//! Rules about records, fields and quotes (`S`).

use crate::rule::Rule;

pub(crate) mod blank_line;
pub(crate) mod empty_file;
pub(crate) mod final_line_end_missing;
pub(crate) mod header_row;
pub(crate) mod line_end_without_cr;
pub(crate) mod mixed_line_ends;
pub(crate) mod other_delimiter;
pub(crate) mod oversized_record;
pub(crate) mod quote_inside_unquoted_field;
pub(crate) mod text_after_closing_quote;
pub(crate) mod unclosed_quote;
pub(crate) mod unquoted_free_text;
pub(crate) mod wrong_column_count;

/// The rules of this stage, by code.
pub(crate) static RULES: &[&Rule] = &[
    &empty_file::EMPTY_FILE,
    &other_delimiter::OTHER_DELIMITER,
    &unquoted_free_text::UNQUOTED_FREE_TEXT,
    &text_after_closing_quote::TEXT_AFTER_CLOSING_QUOTE,
    &quote_inside_unquoted_field::QUOTE_INSIDE_UNQUOTED_FIELD,
    &unclosed_quote::UNCLOSED_QUOTE,
    &wrong_column_count::WRONG_COLUMN_COUNT,
    &header_row::HEADER_ROW,
    &line_end_without_cr::LINE_END_WITHOUT_CR,
    &mixed_line_ends::MIXED_LINE_ENDS,
    &final_line_end_missing::FINAL_LINE_END_MISSING,
    &blank_line::BLANK_LINE,
    &oversized_record::OVERSIZED_RECORD,
];
