//! R010 `service-kind-not-listed`.

use crate::rules::prelude::*;

/// 仕様の一覧にない種類の行がある: a row of a kind that the standard does not list.
pub(crate) static SERVICE_KIND_NOT_LISTED: Rule = Rule {
    code: "R010",
    name: "service-kind-not-listed",
    title: Text::new(
        "仕様の一覧にない種類の行がある",
        "a row of a kind that the standard does not list",
    ),
    explanation: Text::new(
        "居宅介護支援（43・46・AF）は送信元・送信先の種類で、行には現れません。55や61・65なども一覧にありません。対象外とみなされるおそれがあります。",
        "43, 46 and AF are kinds of senders and receivers, not of rows; 55, 61, 65 and others are not listed either and may be taken as not covered.",
    ),
    message: Text::new(
        "{field}の種類{0}は、仕様の連携対象の一覧にありません。",
        "{field}: kind {0} is not in the standard's list.",
    ),
    fix: Text::new(
        "種類を確認し、対象外なら行を除いてください。",
        "Check the kind and leave the row out if it is not covered.",
    ),
    source: Source::Fixed("S 1.3", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["P01", "§8"],
    check: Check::Record(
        &[FileKind::Upplan, FileKind::Upjsk, FileKind::Upsikyu, FileKind::Dltjsk],
        check,
    ),
    examples: Examples {
        fails: &["care-management-as-a-row"],
        passes: &["S1", "deletion-of-care-management", "facility-service"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let found = crate::rules::record::service_kind_out_of_scope::kind_of(cx);
    let Some((kind, field)) = found else { return };
    let listed = service_kind::find(&kind)
        .is_some_and(|known| known.scope != service_kind::Scope::NotListed);
    if !listed && cx.file.kind != FileKind::Dltjsk {
        let kind = String::from_utf8_lossy(&kind).into_owned();
        cx.report(&SERVICE_KIND_NOT_LISTED, field).arg(kind);
    }
}
