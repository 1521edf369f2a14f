//! L004 `sender-equals-receiver`.

use crate::rules::prelude::*;

/// 送信元と送信先の事業所番号が同じ: sender and receiver have the same office number.
pub(crate) static SENDER_EQUALS_RECEIVER: Rule = Rule {
    code: "L004",
    name: "sender-equals-receiver",
    title: Text::new(
        "送信元と送信先の事業所番号が同じ",
        "sender and receiver have the same office number",
    ),
    explanation: Text::new(
        "併設の事業所が同じ番号のとき、連携システムでの送受信がエラーになることがあると案内されています。",
        "The help desk warns that exchange between offices with the same number may fail.",
    ),
    message: Text::new(
        "送信元と送信先の事業所番号がどちらも{0}です。",
        "Sender and receiver are both {0}.",
    ),
    fix: Text::new(
        "同じ番号の事業所どうしは、連携システムを使わずに渡すことを検討してください。",
        "Consider another way of handing over data between such offices.",
    ),
    source: Source::Fixed("N ヘルプデスクFAQ", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["F15", "RW 7"],
    check: Check::File(&[], check),
    examples: Examples { fails: &["sender-equals-receiver"], passes: &["K4"] },
};

fn check(cx: &mut FileCx<'_>) {
    let Some(name) = &cx.file.name else { return };
    if name.sender.office == name.receiver.office {
        let office = name.sender.office().to_owned();
        cx.report(&SENDER_EQUALS_RECEIVER).arg(office);
    }
}
