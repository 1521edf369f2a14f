//! R005 `equipment-code-missing`.

use crate::rules::prelude::*;
use crate::rules::record::use_slip::UseSlip;

/// 福祉用具のTAISコードも届出コードもない: neither a TAIS nor a notification code.
pub(crate) static EQUIPMENT_CODE_MISSING: Rule = Rule {
    code: "R005",
    name: "equipment-code-missing",
    title: Text::new(
        "福祉用具のTAISコードも届出コードもない",
        "neither a TAIS nor a notification code",
    ),
    explanation: Text::new(
        "福祉用具貸与（17・67）の用具の行には、TAISコードか福祉用具届出コードのどちらかが必要です。紙の帳票で空欄が許されたのは、CSVで連携しない場合だけです。",
        "Rows of rented items (17, 67) need one of the two codes. Leaving both blank was tolerated on paper only.",
    ),
    message: Text::new(
        "福祉用具の行ですが、TAISコードと福祉用具届出コードのどちらもありません。",
        "A rented item without a TAIS code or a notification code.",
    ),
    fix: Text::new(
        "用具マスタにコードを登録し、どちらかを出力してください。",
        "Register the code of the item and write one of the two.",
    ),
    source: Source::Fixed("L UPPLAN 16", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["R08", "R26", "RW 13"],
    check: Check::Record(&[FileKind::Upplan, FileKind::Upjsk, FileKind::Upsikyu], check),
    examples: Examples {
        fails: &[
            "rented-item-without-code",
            "rented-item-without-code-in-table-7",
            "prevention-rental-without-code",
            "last-rented-item-without-code",
        ],
        passes: &[
            "notification-code-alone",
            "equipment-addition-without-code",
            "code-behind-the-last-rented-item",
            "old-version-rental",
        ],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let Some((code, tais)) = without_code(cx) else { return };
    if service_code::is_rental_item(code) {
        cx.report(&EQUIPMENT_CODE_MISSING, tais)
            .expected(Text::new("項目16か17のどちらか（第7表では10か11）", "one of the two items"));
    }
}

/// The service code and the TAIS field of an equipment row that has neither code.
pub(crate) fn without_code<'a>(cx: &RecordCx<'a>) -> Option<(&'a [u8], FieldId)> {
    let (code, tais, notification) = if cx.file.kind == FileKind::Upsikyu {
        (upsikyu::SERVICE_CODE, upsikyu::TAIS_CODE, upsikyu::EQUIPMENT_NOTIFICATION_CODE)
    } else {
        let fields = UseSlip::of(cx);
        (fields.code, fields.tais, fields.notification)
    };
    let value = cx.sound(code)?;
    let applies = cx.has(tais)
        && value.len() == 6
        && service_kind::is_equipment(&value[..2])
        && service_code::classify(value) == service_code::CodeClass::Service
        && cx.get(tais).is_empty()
        && cx.get(notification).is_empty();
    applies.then_some((value, tais))
}
