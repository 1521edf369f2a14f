//! L043 `time-of-no-length`.

use crate::facts::UseRow;
use crate::rules::prelude::*;
use crate::rules::record::use_slip::UseSlip;

/// 開始時刻と終了時刻が同じ: start and end are the same.
pub(crate) static TIME_OF_NO_LENGTH: Rule = Rule {
    code: "L043",
    name: "time-of-no-length",
    title: Text::new("開始時刻と終了時刻が同じ", "start and end are the same"),
    explanation: Text::new(
        "サービスの開始時刻と終了時刻が同じで、長さがありません。「0000〜0000」は時刻のないサービスの書き方ではありません（9999〜9999です）。利用者ごとに1回、最初の行をお知らせします。",
        "The service takes no time. 0000 to 0000 is not how a service without a time is written: that is 9999 to 9999. Said once a person, of the first row.",
    ),
    message: Text::new(
        "開始と終了が同じ時刻（{0}）です（この利用者に{1}件）。",
        "Start and end are the same ({0}; {1} of this person).",
    ),
    fix: Text::new(
        "時刻を確認してください。時刻のないサービスは開始・終了とも9999を出力してください。",
        "Check the times; write 9999 for both where the service has no time.",
    ),
    source: Source::Fixed("L UPPLAN 12", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R02"],
    check: Check::File(crate::rules::record::use_slip::KINDS, check),
    examples: Examples {
        fails: &["zeros-for-no-time", "visit-of-no-minutes", "visits-of-no-minutes"],
        passes: &["K2", "S1", "visit-of-one-minute"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let field = UseSlip::of_kind(cx.file.kind).end;
    let is_empty = |row: &&UseRow| row.start == row.end && row.start < UseRow::UNKNOWN_TIME;
    let mut found = Vec::new();
    for person in cx.facts.uses_by_key() {
        let mut rows = person.iter().filter(is_empty);
        if let Some(first) = rows.next() {
            found.push((first.at, first.start, 1 + rows.count() as i64));
        }
    }
    for (at, time, count) in found {
        let draft = cx.report_at(&TIME_OF_NO_LENGTH, at, Some(field));
        draft.arg(format!("{:02}{:02}", time / 60, time % 60)).arg(count);
        if time == 0 {
            draft.expected("9999");
        } else {
            draft.at_most(Severity::Info);
        }
    }
}
