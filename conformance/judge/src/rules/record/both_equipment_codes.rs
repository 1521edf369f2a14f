//! R007 `both-equipment-codes`.

use crate::rules::prelude::*;
use crate::rules::record::use_slip::UseSlip;

/// TAISコードと届出コードの両方がある: both equipment codes.
pub(crate) static BOTH_EQUIPMENT_CODES: Rule = Rule {
    code: "R007",
    name: "both-equipment-codes",
    title: Text::new("TAISコードと届出コードの両方がある", "both equipment codes"),
    explanation: Text::new(
        "どちらかを入れる項目です。両方あるとき、どちらで突き合わせるかは決まっていません。",
        "One of the two is wanted; with both, nobody says which one counts.",
    ),
    message: Text::new(
        "TAISコードと福祉用具届出コードの両方があります。",
        "Both a TAIS code and a notification code are given.",
    ),
    fix: Text::new(
        "TAISコードのある用具はTAISコードだけを出力してください。",
        "Write the TAIS code alone where the item has one.",
    ),
    source: Source::Fixed("L UPPLAN 17", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R08"],
    check: Check::Record(&[FileKind::Upplan, FileKind::Upjsk, FileKind::Upsikyu], check),
    examples: Examples {
        fails: &["both-equipment-codes", "both-equipment-codes-in-table-7"],
        passes: &["K2", "notification-code-alone"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let (tais, notification) = if cx.file.kind == FileKind::Upsikyu {
        (upsikyu::TAIS_CODE, upsikyu::EQUIPMENT_NOTIFICATION_CODE)
    } else {
        let fields = UseSlip::of(cx);
        (fields.tais, fields.notification)
    };
    if !cx.get(tais).is_empty() && !cx.get(notification).is_empty() {
        cx.report(&BOTH_EQUIPMENT_CODES, notification);
    }
}
