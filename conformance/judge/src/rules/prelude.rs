//! What every rule names: one `use` a rule.

pub(crate) use careplan_spec::layout::v4_1::{
    dltjsk, dltplan, up1kyo, up2kyo, up3kyo, uphosoku, upjsk, upkihon, upplan, upsikyu, upyobo,
    upyobo_sub,
};
pub(crate) use careplan_spec::layout::{Format, Length, Required};
pub(crate) use careplan_spec::{
    Basis, Field, FieldId, FileKind, StandardVersion, Text, calendar, care_level, csv_version,
    equipment_code, file_name, insured_number, insurer_number, ms932, office_number, price,
    service_code, service_kind,
};

pub(crate) use crate::context::{
    BatchCx, FieldCx, FileCx, RecordCx, UnitCx, UnitFile, UnitView, made_on,
};
pub(crate) use crate::finding::RecordRef;
pub(crate) use crate::rule::{Check, Examples, Relay, RelayMessage, Rule, Source};
pub(crate) use crate::severity::Severity;
