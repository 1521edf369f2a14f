//! Rules about single records (`R`).

use crate::rule::Rule;

pub(crate) mod actual_of_other_office;
pub(crate) mod amount_differs;
pub(crate) mod both_equipment_codes;
pub(crate) mod certification_period_reversed;
pub(crate) mod count_of_nothing;
pub(crate) mod detail_number_outside_equipment;
pub(crate) mod detail_text_missing;
pub(crate) mod discount_without_units;
pub(crate) mod end_before_start;
pub(crate) mod equipment_code_missing;
pub(crate) mod equipment_code_missing_other;
pub(crate) mod equipment_code_of_other_kind;
pub(crate) mod first_plan_after_plan;
pub(crate) mod fixed_value_empty;
pub(crate) mod hierarchy_number_missing;
pub(crate) mod implausible_birth_date;
pub(crate) mod kind_limit_slots;
pub(crate) mod limit_differs_from_care_level;
pub(crate) mod one_sided_untimed;
pub(crate) mod outsourcing_not_stated;
pub(crate) mod over_30_days_of_other_kind;
pub(crate) mod per_diem_beyond_month_end;
pub(crate) mod per_diem_of_no_day;
pub(crate) mod plan_outside_certification;
pub(crate) mod price_of_a_flat_kind;
pub(crate) mod public_assistance_claim;
pub(crate) mod record_of_keys_only;
pub(crate) mod service_date_outside_month;
pub(crate) mod service_kind_not_listed;
pub(crate) mod service_kind_out_of_scope;
pub(crate) mod short_stay_days_inconsistent;
pub(crate) mod subtotal_row_filled;
pub(crate) mod supplement_link_mismatch;
pub(crate) mod table7_row_item_empty;
pub(crate) mod updated_by_other_office;
pub(crate) mod use_slip;
pub(crate) mod version_does_not_fit_month;
pub(crate) mod weekly_groups_mixed;
pub(crate) mod weekly_service_incomplete;
pub(crate) mod weekly_service_times;

/// The rules of this stage, by code.
pub(crate) static RULES: &[&Rule] = &[
    &service_date_outside_month::SERVICE_DATE_OUTSIDE_MONTH,
    &one_sided_untimed::ONE_SIDED_UNTIMED,
    &end_before_start::END_BEFORE_START,
    &per_diem_beyond_month_end::PER_DIEM_BEYOND_MONTH_END,
    &equipment_code_missing::EQUIPMENT_CODE_MISSING,
    &equipment_code_missing_other::EQUIPMENT_CODE_MISSING_OTHER,
    &both_equipment_codes::BOTH_EQUIPMENT_CODES,
    &detail_number_outside_equipment::DETAIL_NUMBER_OUTSIDE_EQUIPMENT,
    &service_kind_out_of_scope::SERVICE_KIND_OUT_OF_SCOPE,
    &service_kind_not_listed::SERVICE_KIND_NOT_LISTED,
    &version_does_not_fit_month::VERSION_DOES_NOT_FIT_MONTH,
    &supplement_link_mismatch::SUPPLEMENT_LINK_MISMATCH,
    &subtotal_row_filled::SUBTOTAL_ROW_FILLED,
    &weekly_groups_mixed::WEEKLY_GROUPS_MIXED,
    &detail_text_missing::DETAIL_TEXT_MISSING,
    &outsourcing_not_stated::OUTSOURCING_NOT_STATED,
    &public_assistance_claim::PUBLIC_ASSISTANCE_CLAIM,
    &short_stay_days_inconsistent::SHORT_STAY_DAYS_INCONSISTENT,
    &updated_by_other_office::UPDATED_BY_OTHER_OFFICE,
    &actual_of_other_office::ACTUAL_OF_OTHER_OFFICE,
    &amount_differs::AMOUNT_DIFFERS,
    &certification_period_reversed::CERTIFICATION_PERIOD_REVERSED,
    &limit_differs_from_care_level::LIMIT_DIFFERS_FROM_CARE_LEVEL,
    &kind_limit_slots::KIND_LIMIT_SLOTS,
    &hierarchy_number_missing::HIERARCHY_NUMBER_MISSING,
    &table7_row_item_empty::TABLE7_ROW_ITEM_EMPTY,
    &fixed_value_empty::FIXED_VALUE_EMPTY,
    &implausible_birth_date::IMPLAUSIBLE_BIRTH_DATE,
    &first_plan_after_plan::FIRST_PLAN_AFTER_PLAN,
    &plan_outside_certification::PLAN_OUTSIDE_CERTIFICATION,
    &count_of_nothing::COUNT_OF_NOTHING,
    &per_diem_of_no_day::PER_DIEM_OF_NO_DAY,
    &over_30_days_of_other_kind::OVER_30_DAYS_OF_OTHER_KIND,
    &equipment_code_of_other_kind::EQUIPMENT_CODE_OF_OTHER_KIND,
    &weekly_service_times::WEEKLY_SERVICE_TIMES,
    &weekly_service_incomplete::WEEKLY_SERVICE_INCOMPLETE,
    &record_of_keys_only::RECORD_OF_KEYS_ONLY,
    &price_of_a_flat_kind::PRICE_OF_A_FLAT_KIND,
    &discount_without_units::DISCOUNT_WITHOUT_UNITS,
];
