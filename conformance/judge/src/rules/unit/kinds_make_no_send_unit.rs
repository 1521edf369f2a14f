//! X001 `kinds-make-no-send-unit`.

use crate::rules::prelude::*;
use careplan_spec::send_unit::Match;

/// ファイルの組み合わせが送信単位にならない: the files make no send unit.
pub(crate) static KINDS_MAKE_NO_SEND_UNIT: Rule = Rule {
    code: "X001",
    name: "kinds-make-no-send-unit",
    title: Text::new("ファイルの組み合わせが送信単位にならない", "the files make no send unit"),
    explanation: Text::new(
        "同じ連番・同じ送信元と送信先のファイルは、仕様の送信単位のどれか1つにならなければなりません。",
        "Files of one sequence, sender and receiver must be one of the send units of the standard.",
    ),
    message: Text::new(
        "連番{0}のファイル（{1}）は、どの送信単位にもなりません。",
        "The files of sequence {0} ({1}) make no send unit.",
    ),
    fix: Text::new(
        "予定と実績、計画と削除などは、別の連番で別々に出力してください。",
        "Export plans, actuals and deletions separately, each with a sequence of its own.",
    ),
    source: Source::Fixed("S 2.4, S 3.4", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Combination),
    covers: &["B01", "RW 1"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["plan-and-deletion-mixed"],
        passes: &["K2", "two-units-under-one-sequence"],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    if cx.unit.matched == Match::None {
        let (sequence, kinds) = describe(cx);
        cx.report(&KINDS_MAKE_NO_SEND_UNIT).arg(sequence).arg(kinds);
    }
}

/// The sequence of the unit and the prefixes of its files.
pub(crate) fn describe(cx: &UnitCx<'_>) -> (String, String) {
    let sequence = cx
        .unit
        .name()
        .map_or_else(String::new, |name| String::from_utf8_lossy(&name.sequence).into_owned());
    let mut kinds: Vec<&str> = cx.unit.files.iter().map(|file| file.header.kind.prefix()).collect();
    kinds.dedup();
    (sequence, kinds.join("、"))
}
