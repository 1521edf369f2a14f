//! L015 `receiver-without-record`.

use crate::rules::prelude::*;

/// 送信先の事業所の行がひとつもない: no record of the receiving office.
pub(crate) static RECEIVER_WITHOUT_RECORD: Rule = Rule {
    code: "L015",
    name: "receiver-without-record",
    title: Text::new("送信先の事業所の行がひとつもない", "no record of the receiving office"),
    explanation: Text::new(
        "利用票には、その利用者の全サービスを載せますが、送信先に関係する利用者だけを送ります。送信先の行がない利用者は、宛先違いのおそれがあります。",
        "Table 6 holds all services of a person, but only people of the receiving office are sent. Somebody without a row of the receiver may have gone to the wrong address.",
    ),
    message: Text::new(
        "送信先{0}の行がない利用者が{1}人います。",
        "{1} people have no row of the receiver {0}.",
    ),
    fix: Text::new(
        "宛先の事業所番号と、送る利用者の選び方を確認してください。",
        "Check the receiver and the choice of people.",
    ),
    source: Source::Fixed("S 2.6", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["P02", "P03", "RW 6"],
    check: Check::File(&[FileKind::Upplan], check),
    examples: Examples {
        fails: &[
            "receiver-without-a-row",
            "receiver-without-a-row-of-one-person",
            "sent-to-another-office",
        ],
        passes: &["K2", "plan-for-another-planner", "receiver-without-a-row-beside-a-broken-value"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let Some(name) = &cx.file.name else { return };
    if !cx.facts.is_whole() {
        return;
    }
    // Entrusted cases are forwarded to planners, who provide no service themselves (S 3.1).
    if name.receiver.service_kind.is_some_and(|kind| service_kind::is_planner(&kind)) {
        return;
    }
    let mut served = vec![false; cx.facts.keys.len()];
    for row in &cx.facts.uses {
        served[row.key as usize] |= row.office == name.receiver.office;
    }
    let missing: Vec<usize> =
        (0..served.len()).filter(|&at| !served[at] && cx.facts.keys[at].whole).collect();
    if let Some(&first) = missing.first() {
        let receiver = name.receiver.office().to_owned();
        let at = cx.facts.keys[first].first;
        cx.report_at(&RECEIVER_WITHOUT_RECORD, at, Some(upplan::SERVICE_OFFICE_NUMBER))
            .arg(receiver)
            .arg(missing.len() as i64);
    }
}
