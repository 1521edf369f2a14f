//! C025 `times-lost`.

use crate::cause::{CauseCx, Told};
use crate::evidence::FEW;
use crate::facts::UseRow;
use crate::rules::prelude::*;

/// 時刻のあるはずのサービスがすべて9999: services that have times are all 9999.
pub(crate) static TIMES_LOST: Rule = Rule {
    code: "C025",
    name: "times-lost",
    title: Text::new(
        "時刻のあるはずのサービスがすべて9999",
        "services that have times are all 9999",
    ),
    explanation: Text::new(
        "9999は時間の指定のないサービスに使います。訪問介護や通所介護のように時間で決まるサービスがすべて9999のときは、時刻が出力されていないおそれがあります。",
        "9999 is for services without a time. Where services that are made of time, such as home help and day care, are all 9999, the times may have been lost.",
    ),
    message: Text::new(
        "{0}件のサービス（訪問・通所）の時刻がすべて9999です。時刻が出力されていないようです。",
        "All {0} visits and stays by day have 9999 for their times: the times seem to be lost.",
    ),
    fix: Text::new(
        "開始時刻と終了時刻が出力されるか確認してください。",
        "See whether start and end are exported.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Cause(|cx| tell(cx).into_iter().collect()),
    examples: Examples { fails: &["actuals-without-times"], passes: &["S1", "K2"] },
};

/// Home help, bath, rehabilitation, day care: a visit or stay of a certain time.
const KINDS: [&[u8; 2]; 6] = [b"11", b"12", b"14", b"15", b"16", b"78"];

fn tell(cx: &CauseCx<'_>) -> Option<Told> {
    let mut untimed = 0;
    for row in cx.facts.uses.iter().filter(|row| KINDS.contains(&&row.service_kind())) {
        if (row.start, row.end) != (UseRow::UNTIMED, UseRow::UNTIMED) {
            return None;
        }
        untimed += 1;
    }
    (untimed >= FEW as i64).then(|| {
        Told::alone(&TIMES_LOST).say(|draft| {
            draft.arg(untimed);
        })
    })
}
