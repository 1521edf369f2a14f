//! Rules about send units and the batch (`X`).

use crate::rule::Rule;

pub(crate) mod annex_missing;
pub(crate) mod care_level_differs;
pub(crate) mod count_differs_between_tables_6_and_7;
pub(crate) mod deletion_beside_actuals;
pub(crate) mod family;
pub(crate) mod image_cut_short;
pub(crate) mod image_missing;
pub(crate) mod image_not_jpeg;
pub(crate) mod image_without_record;
pub(crate) mod insurer_differs_for_person;
pub(crate) mod kind_limit_without_limit;
pub(crate) mod kinds_make_no_send_unit;
pub(crate) mod name_differs;
pub(crate) mod over_30_days_differs_between_tables_6_and_7;
pub(crate) mod parent_without_record;
pub(crate) mod record_without_parent;
pub(crate) mod same_file_twice;
pub(crate) mod same_kind_twice;
pub(crate) mod send_unit_incomplete;
pub(crate) mod sequence_differs;
pub(crate) mod service_kind_does_not_fit_care_level;
pub(crate) mod short_stay_days_differ;
pub(crate) mod supplement_of_other_tables;
pub(crate) mod supplement_record_count;
pub(crate) mod support_level_differs;
pub(crate) mod tables_6_and_7;
pub(crate) mod tables_6_and_7_list_other_services;
pub(crate) mod units_differ_between_tables_6_and_7;
pub(crate) mod units_over_the_limit;
pub(crate) mod units_share_a_sequence;
pub(crate) mod unusual_direction;

/// The rules of this stage, by code.
pub(crate) static RULES: &[&Rule] = &[
    &kinds_make_no_send_unit::KINDS_MAKE_NO_SEND_UNIT,
    &send_unit_incomplete::SEND_UNIT_INCOMPLETE,
    &annex_missing::ANNEX_MISSING,
    &record_without_parent::RECORD_WITHOUT_PARENT,
    &parent_without_record::PARENT_WITHOUT_RECORD,
    &supplement_record_count::SUPPLEMENT_RECORD_COUNT,
    &image_missing::IMAGE_MISSING,
    &image_without_record::IMAGE_WITHOUT_RECORD,
    &insurer_differs_for_person::INSURER_DIFFERS_FOR_PERSON,
    &same_file_twice::SAME_FILE_TWICE,
    &sequence_differs::SEQUENCE_DIFFERS,
    &unusual_direction::UNUSUAL_DIRECTION,
    &care_level_differs::CARE_LEVEL_DIFFERS,
    &deletion_beside_actuals::DELETION_BESIDE_ACTUALS,
    &image_not_jpeg::IMAGE_NOT_JPEG,
    &same_kind_twice::SAME_KIND_TWICE,
    &supplement_of_other_tables::SUPPLEMENT_OF_OTHER_TABLES,
    &image_cut_short::IMAGE_CUT_SHORT,
    &support_level_differs::SUPPORT_LEVEL_DIFFERS,
    &name_differs::NAME_DIFFERS,
    &tables_6_and_7_list_other_services::TABLES_6_AND_7_LIST_OTHER_SERVICES,
    &count_differs_between_tables_6_and_7::COUNT_DIFFERS_BETWEEN_TABLES_6_AND_7,
    &units_differ_between_tables_6_and_7::UNITS_DIFFER_BETWEEN_TABLES_6_AND_7,
    &over_30_days_differs_between_tables_6_and_7::OVER_30_DAYS_DIFFERS_BETWEEN_TABLES_6_AND_7,
    &short_stay_days_differ::SHORT_STAY_DAYS_DIFFER,
    &units_over_the_limit::UNITS_OVER_THE_LIMIT,
    &kind_limit_without_limit::KIND_LIMIT_WITHOUT_LIMIT,
    &service_kind_does_not_fit_care_level::SERVICE_KIND_DOES_NOT_FIT_CARE_LEVEL,
    &units_share_a_sequence::UNITS_SHARE_A_SEQUENCE,
];
