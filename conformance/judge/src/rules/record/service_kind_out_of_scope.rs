//! R009 `service-kind-out-of-scope`.

use crate::rules::prelude::*;
use crate::rules::record::use_slip::UseSlip;

/// 連携対象外のサービスの行がある: a row of a service that the exchange does not cover.
pub(crate) static SERVICE_KIND_OUT_OF_SCOPE: Rule = Rule {
    code: "R009",
    name: "service-kind-out-of-scope",
    title: Text::new(
        "連携対象外のサービスの行がある",
        "a row of a service that the exchange does not cover",
    ),
    explanation: Text::new(
        "施設サービスや特定福祉用具販売など、対象外の種類のレコードは作らないと決められています。",
        "Records of kinds that are not covered (facilities, sales of equipment …) are not written.",
    ),
    message: Text::new(
        "{field}の種類{0}（{1}）は連携対象外です。",
        "{field}: kind {0} ({1}) is not covered.",
    ),
    fix: Text::new(
        "対象外のサービスの行を除いて出力してください。対象のサービスがない利用者は送りません。",
        "Leave out such rows; people with nothing else are not sent.",
    ),
    source: Source::Fixed("S 1.3, S 2.6", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["P01", "RW 12"],
    check: Check::Record(
        &[FileKind::Upplan, FileKind::Upjsk, FileKind::Upsikyu, FileKind::Dltjsk],
        check,
    ),
    examples: Examples {
        fails: &[
            "facility-service",
            "facility-service-in-plan",
            "deletion-of-a-facility-service",
            "old-version-facility-service",
            "facility-service-in-table-7",
        ],
        passes: &["S1", "care-management-as-a-row"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let Some((kind, field)) = kind_of(cx) else { return };
    let Some(known) = service_kind::find(&kind) else { return };
    if known.scope == service_kind::Scope::NotCovered {
        let older = cx.file.version == StandardVersion::V3;
        let draft = cx.report(&SERVICE_KIND_OUT_OF_SCOPE, field).arg(known.code).arg(known.name);
        if older {
            // The list is that of 4.1.
            draft.at_most(Severity::Warning);
        }
    }
}

/// The service kind of a row and the field it stands in; `None` for the total row.
pub(crate) fn kind_of(cx: &RecordCx<'_>) -> Option<([u8; 2], FieldId)> {
    let field = match cx.file.kind {
        FileKind::Upsikyu => upsikyu::SERVICE_CODE,
        FileKind::Dltjsk => dltjsk::SERVICE_KIND,
        _ => UseSlip::of(cx).code,
    };
    let value = cx.sound(field)?;
    if value == b"999999" {
        return None;
    }
    Some((value.get(..2)?.try_into().ok()?, field))
}
