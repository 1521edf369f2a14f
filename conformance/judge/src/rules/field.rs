//! Rules about single fields (`F`).

use crate::rule::Rule;

pub(crate) mod blank_required_text;
pub(crate) mod cause;
pub(crate) mod code_not_in_list;
pub(crate) mod doubtful_office_number;
pub(crate) mod equipment_code_form;
pub(crate) mod fixed_value_missing;
pub(crate) mod half_width_kana_name;
pub(crate) mod image_file_name_form;
pub(crate) mod insurer_number_check_digit;
pub(crate) mod kana_of_other_letters;
pub(crate) mod long_days_before_month;
pub(crate) mod malformed_date;
pub(crate) mod malformed_insured_number;
pub(crate) mod malformed_insurer_number;
pub(crate) mod malformed_month;
pub(crate) mod malformed_number;
pub(crate) mod malformed_office_number;
pub(crate) mod malformed_per_diem_bitmap;
pub(crate) mod malformed_postal_code;
pub(crate) mod malformed_service_code;
pub(crate) mod malformed_time;
pub(crate) mod negative_number;
pub(crate) mod office_number_check_digit;
pub(crate) mod placeholder_zeros;
pub(crate) mod required_field_empty;
pub(crate) mod running_number_out_of_range;
pub(crate) mod service_code_characters;
pub(crate) mod superseded_csv_version;
pub(crate) mod unit_price_form;
pub(crate) mod unknown_csv_version;
pub(crate) mod unknown_service_kind;
pub(crate) mod unused_field_filled;
pub(crate) mod unusual_benefit_rate;
pub(crate) mod unusual_phone_number;
pub(crate) mod unusual_unit_price;
pub(crate) mod value_too_long;

/// The rules of this stage, by code.
pub(crate) static RULES: &[&Rule] = &[
    &required_field_empty::REQUIRED_FIELD_EMPTY,
    &value_too_long::VALUE_TOO_LONG,
    &code_not_in_list::CODE_NOT_IN_LIST,
    &malformed_date::MALFORMED_DATE,
    &malformed_month::MALFORMED_MONTH,
    &malformed_time::MALFORMED_TIME,
    &malformed_number::MALFORMED_NUMBER,
    &malformed_postal_code::MALFORMED_POSTAL_CODE,
    &malformed_office_number::MALFORMED_OFFICE_NUMBER,
    &doubtful_office_number::DOUBTFUL_OFFICE_NUMBER,
    &office_number_check_digit::OFFICE_NUMBER_CHECK_DIGIT,
    &malformed_insurer_number::MALFORMED_INSURER_NUMBER,
    &insurer_number_check_digit::INSURER_NUMBER_CHECK_DIGIT,
    &malformed_insured_number::MALFORMED_INSURED_NUMBER,
    &malformed_service_code::MALFORMED_SERVICE_CODE,
    &service_code_characters::SERVICE_CODE_CHARACTERS,
    &malformed_per_diem_bitmap::MALFORMED_PER_DIEM_BITMAP,
    &equipment_code_form::EQUIPMENT_CODE_FORM,
    &running_number_out_of_range::RUNNING_NUMBER_OUT_OF_RANGE,
    &placeholder_zeros::PLACEHOLDER_ZEROS,
    &unused_field_filled::UNUSED_FIELD_FILLED,
    &negative_number::NEGATIVE_NUMBER,
    &long_days_before_month::LONG_DAYS_BEFORE_MONTH,
    &fixed_value_missing::FIXED_VALUE_MISSING,
    &unit_price_form::UNIT_PRICE_FORM,
    &unusual_unit_price::UNUSUAL_UNIT_PRICE,
    &unusual_benefit_rate::UNUSUAL_BENEFIT_RATE,
    &unknown_csv_version::UNKNOWN_CSV_VERSION,
    &superseded_csv_version::SUPERSEDED_CSV_VERSION,
    &half_width_kana_name::HALF_WIDTH_KANA_NAME,
    &unknown_service_kind::UNKNOWN_SERVICE_KIND,
    &unusual_phone_number::UNUSUAL_PHONE_NUMBER,
    &image_file_name_form::IMAGE_FILE_NAME_FORM,
    &blank_required_text::BLANK_REQUIRED_TEXT,
    &kana_of_other_letters::KANA_OF_OTHER_LETTERS,
];
