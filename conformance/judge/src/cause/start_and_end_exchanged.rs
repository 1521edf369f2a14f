//! C022 `start-and-end-exchanged`.

use crate::cause::{CauseCx, Told, is};
use crate::evidence::FEW;
use crate::facts::UseRow;
use crate::rules::prelude::*;
use crate::rules::record as r;

/// 開始時刻と終了時刻が入れ替わっている: start and end are exchanged.
pub(crate) static START_AND_END_EXCHANGED: Rule = Rule {
    code: "C022",
    name: "start-and-end-exchanged",
    title: Text::new("開始時刻と終了時刻が入れ替わっている", "start and end are exchanged"),
    explanation: Text::new(
        "ほとんどのレコードで終了時刻が開始時刻より前です。夜勤のサービスではこうなりません。2つの項目の並びが逆です。",
        "In nearly every record the end lies before the start. Services over midnight do not do that: the two items are exchanged.",
    ),
    message: Text::new(
        "{0}件中{1}件で終了時刻が開始時刻より前です。開始時刻と終了時刻が入れ替わっているようです。",
        "In {1} of {0} records the end lies before the start: the two seem to be exchanged.",
    ),
    fix: Text::new(
        "開始時刻と終了時刻の出力の並びを確認してください。",
        "Look at the order in which start and end are written.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Cause(|cx| tell(cx).into_iter().collect()),
    examples: Examples { fails: &["start-and-end-exchanged"], passes: &["S1", "K2"] },
};

fn tell(cx: &CauseCx<'_>) -> Option<Told> {
    let timed = cx
        .facts
        .uses
        .iter()
        .filter(|row| row.start.max(row.end) < UseRow::UNKNOWN_TIME && row.start != row.end);
    let (mut all, mut reversed) = (0_u32, 0_u32);
    for row in timed {
        all += 1;
        reversed += u32::from(row.end < row.start);
    }
    (reversed >= FEW && reversed * 4 >= all * 3).then(|| {
        Told::new(&START_AND_END_EXCHANGED, |finding| {
            is(finding, &r::end_before_start::END_BEFORE_START)
        })
        .say(|draft| {
            draft.arg(i64::from(all)).arg(i64::from(reversed));
        })
    })
}
