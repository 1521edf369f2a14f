//! X011 `sequence-differs`.

use crate::rules::prelude::*;
use careplan_spec::send_unit::Match;

/// 連番が違うために組にならないファイルがある: files that would make a unit but for their sequence.
pub(crate) static SEQUENCE_DIFFERS: Rule = Rule {
    code: "X011",
    name: "sequence-differs",
    title: Text::new(
        "連番が違うために組にならないファイルがある",
        "files that would make a unit but for their sequence",
    ),
    explanation: Text::new(
        "送信単位のファイルはすべて同じ連番です。1ファイルずつ現在時刻を付けると、秒が変わったところで組が壊れます。",
        "All files of a unit carry one sequence. Taking the time for each file breaks the set when the second changes.",
    ),
    message: Text::new(
        "連番だけが違うファイルと合わせると「{0}」がそろいます（{1}）。",
        "Together with files of another sequence it would be complete: {0} ({1}).",
    ),
    fix: Text::new(
        "連番は送信単位ごとに1回だけ決めて、全ファイルに付けてください。",
        "Take the sequence once for each unit and use it for every file.",
    ),
    source: Source::Fixed("S 2.4", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["B06", "RW 1"],
    check: Check::Batch { check, is_about_resending: false },
    examples: Examples {
        fails: &["supplement-under-another-sequence"],
        passes: &[
            "K2",
            "supplement-for-another-office",
            "supplement-with-a-copy-of-table-7",
            "supplement-of-another-sender",
        ],
    },
};

fn check(cx: &mut BatchCx<'_>) {
    let units = cx.units;
    for (at, unit) in units.iter().enumerate() {
        let (Some(name), Match::Incomplete { unit: shape, missing }) = (unit.name(), &unit.matched)
        else {
            continue;
        };
        for other in &units[at + 1..] {
            let Some(that) = other.name() else { continue };
            let same_offices = that.sender == name.sender && that.receiver == name.receiver;
            let fills = missing.iter().all(|kind| other.file(*kind).is_some());
            if same_offices && fills && other.files.len() == missing.len() {
                let both = format!(
                    "{}・{}",
                    String::from_utf8_lossy(&name.sequence),
                    String::from_utf8_lossy(&that.sequence)
                );
                cx.report(&SEQUENCE_DIFFERS, unit).arg(shape.title).arg(both);
                break;
            }
        }
    }
}
