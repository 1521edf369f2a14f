//! L022 `support-centre-kind`.

use crate::rules::prelude::*;

/// 地域包括支援センターの種類コードは仕様にない: the kind of a support centre is not defined.
pub(crate) static SUPPORT_CENTRE_KIND: Rule = Rule {
    code: "L022",
    name: "support-centre-kind",
    title: Text::new(
        "地域包括支援センターの種類コードは仕様にない",
        "the kind of a support centre is not defined",
    ),
    explanation: Text::new(
        "地域包括支援センターがファイル名でどの種類コードを使うかは書かれていません。46（介護予防支援）と読む人とAF（介護予防ケアマネジメント）と読む人がいます。",
        "The standard does not say which kind a support centre writes in names; some take 46, some AF.",
    ),
    message: Text::new(
        "ファイル名の{0}の種類が{1}です。46とAFのどちらを使うかは決まっていません。",
        "The {0}'s kind is {1}; whether 46 or AF is meant is not defined.",
    ),
    fix: Text::new("相手と同じ読み方か確認してください。", "Agree with the partner."),
    source: Source::Fixed("S 3.1", Basis::Inferred),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &["OQ C5", "F16"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["support-centre-in-name", "support-centre-as-the-receiver"],
        passes: &["K4"],
    },
};

/// All files of a unit have the same two offices in their names: it is said once.
fn check(cx: &mut UnitCx<'_>) {
    let Some(name) = cx.unit.name() else { return };
    let sides = [
        (name.sender, Text::new("送信元", "sender")),
        (name.receiver, Text::new("送信先", "receiver")),
    ];
    for (party, side) in sides {
        if let Some(kind @ ("46" | "AF")) = party.service_kind() {
            cx.report(&SUPPORT_CENTRE_KIND).arg(side).arg(kind);
        }
    }
}
