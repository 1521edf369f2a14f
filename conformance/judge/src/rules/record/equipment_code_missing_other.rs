//! R006 `equipment-code-missing-other`.

use crate::rules::prelude::*;

/// 福祉用具の加算などの行にコードがない: an equipment row other than an item has no code.
pub(crate) static EQUIPMENT_CODE_MISSING_OTHER: Rule = Rule {
    code: "R006",
    name: "equipment-code-missing-other",
    title: Text::new(
        "福祉用具の加算などの行にコードがない",
        "an equipment row other than an item has no code",
    ),
    explanation: Text::new(
        "種類17・67ならどの行にもコードが要るのか、用具の行だけか、仕様の文からは決められません。加算の行に用具のコードを求めるソフトがあります。",
        "The text does not tell whether additions of kinds 17 and 67 need a code too; some software asks for one.",
    ),
    message: Text::new(
        "種類17・67の行に、TAISコードも届出コードもありません（用具以外の行と見えます）。",
        "A row of kind 17 or 67 has neither code (it looks like no item).",
    ),
    fix: Text::new(
        "相手が求めるときは、対象の用具のコードを出力してください。",
        "Write the code of the item if the partner asks for it.",
    ),
    source: Source::Fixed("L UPPLAN 16", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R08"],
    check: Check::Record(&[FileKind::Upplan, FileKind::Upjsk, FileKind::Upsikyu], check),
    examples: Examples {
        fails: &["equipment-addition-without-code", "code-behind-the-last-rented-item"],
        passes: &["K2", "rented-item-without-code", "last-rented-item-without-code"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let found = crate::rules::record::equipment_code_missing::without_code(cx);
    let Some((code, tais)) = found else { return };
    if !service_code::is_rental_item(code) {
        cx.report(&EQUIPMENT_CODE_MISSING_OTHER, tais);
    }
}
