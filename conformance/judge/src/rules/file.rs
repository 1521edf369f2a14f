//! Rules about files and their names (`L`).

use crate::rule::Rule;

pub(crate) mod actual_after_file;
pub(crate) mod actuals_for_another_planner;
pub(crate) mod addition_at_another_time;
pub(crate) mod addition_time_differs;
pub(crate) mod claim_not_by_rate;
pub(crate) mod created_after_file;
pub(crate) mod deletion_of_another_office;
pub(crate) mod detail_number_missing;
pub(crate) mod discounted_units_differ;
pub(crate) mod doubtful_office_in_name;
pub(crate) mod duplicate_hierarchy;
pub(crate) mod duplicate_parent_key;
pub(crate) mod duplicate_use_record;
pub(crate) mod file_name_not_of_the_standard;
pub(crate) mod image_extension_case;
pub(crate) mod kind_limit_instead_of_category_limit;
pub(crate) mod kind_of_the_name_without_record;
pub(crate) mod limit_split_differs;
pub(crate) mod lower_case_extension;
pub(crate) mod mixed_csv_versions;
pub(crate) mod month_far_from_file;
pub(crate) mod month_in_basic_information_name;
pub(crate) mod name_version_differs_from_content;
pub(crate) mod numbers_with_gaps;
pub(crate) mod parties;
pub(crate) mod planner_is_not_the_sender;
pub(crate) mod prevention_sub_numbering;
pub(crate) mod receiver_without_record;
pub(crate) mod sender_equals_receiver;
pub(crate) mod service_month_differs;
pub(crate) mod service_units_differ;
pub(crate) mod several_service_kinds_in_actuals;
pub(crate) mod stay_over_30_days_unmarked;
pub(crate) mod stray_csv;
pub(crate) mod subtotal_differs;
pub(crate) mod subtotal_row_missing;
pub(crate) mod sum_row_twice;
pub(crate) mod support_centre_kind;
pub(crate) mod table2_order;
pub(crate) mod table7;
pub(crate) mod table_updated_by_other_office;
pub(crate) mod time_of_no_length;
pub(crate) mod total_row_missing;
pub(crate) mod totals_differ;
pub(crate) mod unknown_service_kind_in_name;

/// The rules of this stage, by code.
pub(crate) static RULES: &[&Rule] = &[
    &file_name_not_of_the_standard::FILE_NAME_NOT_OF_THE_STANDARD,
    &lower_case_extension::LOWER_CASE_EXTENSION,
    &month_in_basic_information_name::MONTH_IN_BASIC_INFORMATION_NAME,
    &sender_equals_receiver::SENDER_EQUALS_RECEIVER,
    &unknown_service_kind_in_name::UNKNOWN_SERVICE_KIND_IN_NAME,
    &name_version_differs_from_content::NAME_VERSION_DIFFERS_FROM_CONTENT,
    &mixed_csv_versions::MIXED_CSV_VERSIONS,
    &service_month_differs::SERVICE_MONTH_DIFFERS,
    &duplicate_parent_key::DUPLICATE_PARENT_KEY,
    &duplicate_hierarchy::DUPLICATE_HIERARCHY,
    &total_row_missing::TOTAL_ROW_MISSING,
    &subtotal_row_missing::SUBTOTAL_ROW_MISSING,
    &totals_differ::TOTALS_DIFFER,
    &detail_number_missing::DETAIL_NUMBER_MISSING,
    &receiver_without_record::RECEIVER_WITHOUT_RECORD,
    &addition_time_differs::ADDITION_TIME_DIFFERS,
    &doubtful_office_in_name::DOUBTFUL_OFFICE_IN_NAME,
    &stray_csv::STRAY_CSV,
    &several_service_kinds_in_actuals::SEVERAL_SERVICE_KINDS_IN_ACTUALS,
    &prevention_sub_numbering::PREVENTION_SUB_NUMBERING,
    &table2_order::TABLE2_ORDER,
    &support_centre_kind::SUPPORT_CENTRE_KIND,
    &image_extension_case::IMAGE_EXTENSION_CASE,
    &duplicate_use_record::DUPLICATE_USE_RECORD,
    &created_after_file::CREATED_AFTER_FILE,
    &actual_after_file::ACTUAL_AFTER_FILE,
    &month_far_from_file::MONTH_FAR_FROM_FILE,
    &time_of_no_length::TIME_OF_NO_LENGTH,
    &stay_over_30_days_unmarked::STAY_OVER_30_DAYS_UNMARKED,
    &numbers_with_gaps::NUMBERS_WITH_GAPS,
    &kind_limit_instead_of_category_limit::KIND_LIMIT_INSTEAD_OF_CATEGORY_LIMIT,
    &addition_at_another_time::ADDITION_AT_ANOTHER_TIME,
    &subtotal_differs::SUBTOTAL_DIFFERS,
    &service_units_differ::SERVICE_UNITS_DIFFER,
    &discounted_units_differ::DISCOUNTED_UNITS_DIFFER,
    &claim_not_by_rate::CLAIM_NOT_BY_RATE,
    &sum_row_twice::SUM_ROW_TWICE,
    &limit_split_differs::LIMIT_SPLIT_DIFFERS,
    &planner_is_not_the_sender::PLANNER_IS_NOT_THE_SENDER,
    &table_updated_by_other_office::TABLE_UPDATED_BY_OTHER_OFFICE,
    &kind_of_the_name_without_record::KIND_OF_THE_NAME_WITHOUT_RECORD,
    &actuals_for_another_planner::ACTUALS_FOR_ANOTHER_PLANNER,
    &deletion_of_another_office::DELETION_OF_ANOTHER_OFFICE,
];
