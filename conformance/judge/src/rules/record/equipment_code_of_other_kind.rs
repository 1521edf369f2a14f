//! R047 `equipment-code-of-other-kind`.

use crate::rules::prelude::*;
use crate::rules::record::use_slip::UseSlip;

/// 福祉用具以外の行にTAISコードや届出コードがある: an equipment code outside rented equipment.
pub(crate) static EQUIPMENT_CODE_OF_OTHER_KIND: Rule = Rule {
    code: "R047",
    name: "equipment-code-of-other-kind",
    title: Text::new(
        "福祉用具以外の行にTAISコードや届出コードがある",
        "an equipment code outside rented equipment",
    ),
    explanation: Text::new(
        "TAISコードと福祉用具届出コードは、福祉用具貸与（17・67）の行の項目です。ほかの種類の行にあるときは、前の行の値が残っているか、列がずれています。",
        "TAIS and notification codes belong to rows of rented equipment (17, 67). Elsewhere the value of another row was left, or columns are shifted.",
    ),
    message: Text::new(
        "{field}がありますが、種類{0}は福祉用具貸与ではありません。",
        "{field} is filled, but kind {0} is no rented equipment.",
    ),
    fix: Text::new("福祉用具以外の行では空で出力してください。", "Leave it empty."),
    source: Source::Fixed("L UPPLAN 16", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R08"],
    check: Check::Record(&[FileKind::Upplan, FileKind::Upjsk, FileKind::Upsikyu], check),
    examples: Examples {
        fails: &["equipment-code-of-a-visit", "notification-code-of-a-visit-in-table-7"],
        passes: &["K2", "notification-code-alone", "code-behind-the-last-rented-item"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let (code, codes) = if cx.file.kind == FileKind::Upsikyu {
        (upsikyu::SERVICE_CODE, [upsikyu::TAIS_CODE, upsikyu::EQUIPMENT_NOTIFICATION_CODE])
    } else {
        let fields = UseSlip::of(cx);
        (fields.code, [fields.tais, fields.notification])
    };
    let Some(filled) = codes.into_iter().find(|field| !cx.get(*field).is_empty()) else { return };
    let Some(kind) = cx.sound(code).and_then(|code| code.get(..2)) else { return };
    if !service_kind::is_equipment(kind) {
        cx.report(&EQUIPMENT_CODE_OF_OTHER_KIND, filled).arg(ms932::decode_lossy(kind));
    }
}
