//! The fields of tables UPPLAN and UPJSK, which share one layout, for rules that judge both.

use crate::rules::prelude::*;

/// The two tables.
pub(crate) const KINDS: &[FileKind] = &[FileKind::Upplan, FileKind::Upjsk];

/// The fields by meaning.
pub(crate) struct UseSlip {
    pub(crate) target_month: FieldId,
    pub(crate) service_date: FieldId,
    pub(crate) per_diem: FieldId,
    pub(crate) start: FieldId,
    pub(crate) end: FieldId,
    pub(crate) code: FieldId,
    pub(crate) tais: FieldId,
    pub(crate) notification: FieldId,
    pub(crate) detail: FieldId,
    pub(crate) units: FieldId,
    pub(crate) office: FieldId,
    pub(crate) satellite: FieldId,
    pub(crate) over_30_days: FieldId,
    pub(crate) count: FieldId,
    pub(crate) days_before: FieldId,
}

const PLAN: UseSlip = UseSlip {
    target_month: upplan::TARGET_MONTH,
    service_date: upplan::SERVICE_DATE,
    per_diem: upplan::PER_DIEM_BITMAP,
    start: upplan::SERVICE_START_TIME,
    end: upplan::SERVICE_END_TIME,
    code: upplan::SERVICE_CODE,
    tais: upplan::TAIS_CODE,
    notification: upplan::EQUIPMENT_NOTIFICATION_CODE,
    detail: upplan::DETAIL_DISCRIMINATOR,
    units: upplan::UNITS,
    office: upplan::SERVICE_OFFICE_NUMBER,
    satellite: upplan::SATELLITE_BRANCH_NO,
    over_30_days: upplan::OVER_30_DAYS,
    count: upplan::SERVICE_COUNT,
    days_before: upplan::SHORT_STAY_DAYS_BEFORE_MONTH,
};

const ACTUAL: UseSlip = UseSlip {
    target_month: upjsk::TARGET_MONTH,
    service_date: upjsk::SERVICE_DATE,
    per_diem: upjsk::PER_DIEM_BITMAP,
    start: upjsk::SERVICE_START_TIME,
    end: upjsk::SERVICE_END_TIME,
    code: upjsk::SERVICE_CODE,
    tais: upjsk::TAIS_CODE,
    notification: upjsk::EQUIPMENT_NOTIFICATION_CODE,
    detail: upjsk::DETAIL_DISCRIMINATOR,
    units: upjsk::UNITS,
    office: upjsk::SERVICE_OFFICE_NUMBER,
    satellite: upjsk::SATELLITE_BRANCH_NO,
    over_30_days: upjsk::OVER_30_DAYS,
    count: upjsk::SERVICE_COUNT,
    days_before: upjsk::SHORT_STAY_DAYS_BEFORE_MONTH,
};

impl UseSlip {
    /// The fields of the table the record belongs to.
    pub(crate) fn of(cx: &RecordCx<'_>) -> &'static Self {
        Self::of_kind(cx.file.kind)
    }

    /// The fields of a table.
    pub(crate) fn of_kind(kind: FileKind) -> &'static Self {
        if kind == FileKind::Upjsk { &ACTUAL } else { &PLAN }
    }
}
