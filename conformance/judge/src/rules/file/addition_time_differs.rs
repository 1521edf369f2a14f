//! L016 `addition-time-differs`.

use crate::facts::UseRow;
use crate::rules::prelude::*;
use crate::rules::record::use_slip::UseSlip;

/// 加算の時刻が本体と違うかもしれない: an addition may not carry the times of its service.
pub(crate) static ADDITION_TIME_DIFFERS: Rule = Rule {
    code: "L016",
    name: "addition-time-differs",
    title: Text::new(
        "加算の時刻が本体と違うかもしれない",
        "an addition may not carry the times of its service",
    ),
    explanation: Text::new(
        "本体に付く加算には本体と同じ時刻を入れます（率の加算を除く）。時刻のあるサービスの日に、同じ事業所・同じ種類で9999の行があると、取込後に手入力が必要になることがあります。率の加算なら問題ありません。",
        "Additions of a timed service carry its times, percent additions excepted. A row with 9999 beside timed rows of one office, kind and day may need typing after the import; for percent additions it is right.",
    ),
    message: Text::new(
        "同じ日・同じ事業所・同じ種類に時刻のある行がありますが、この行は9999です。",
        "Other rows of this day, office and kind have times, but this one has 9999.",
    ),
    fix: Text::new(
        "本体に付く加算なら、本体と同じ開始・終了時刻を出力してください。率の加算ならこのままで構いません。",
        "Write the times of the service unless it is a percent addition.",
    ),
    source: Source::Fixed("L UPPLAN 12", Basis::Inferred),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &["R04", "RW 14"],
    check: Check::File(crate::rules::record::use_slip::KINDS, check),
    examples: Examples {
        fails: &["addition-without-time", "addition-of-a-visit-untimed"],
        passes: &[
            "K2",
            "rate-addition-of-zero-in-actuals",
            "untimed-row-on-another-day",
            "untimed-row-of-another-office",
            "untimed-row-beside-a-broken-time",
            "untimed-row-with-broken-dates",
            "untimed-row-with-broken-codes",
        ],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let mut days: Vec<Day<'_>> = Vec::new();
    let mut wrong = Vec::new();
    for person in cx.facts.uses_by_key() {
        let is_untimed = |row: &&UseRow| {
            let usable = row.date != 0 && row.code[1] != 0 && row.units.get() != Some(0);
            row.start == UseRow::UNTIMED && usable
        };
        if !person.iter().any(|row| is_untimed(&row)) {
            continue;
        }
        days.clear();
        // A malformed time says neither: a rule about fields reports it.
        let is_timed = |row: &&UseRow| !matches!(row.start, UseRow::UNTIMED | UseRow::UNKNOWN_TIME);
        days.extend(person.iter().filter(is_timed).map(day));
        days.sort_unstable();
        let beside_timed = |row: &&UseRow| days.binary_search(&day(row)).is_ok();
        let found = person.iter().filter(is_untimed).filter(beside_timed);
        wrong.extend(found.map(|row| row.at));
    }
    wrong.sort_unstable();
    let field = UseSlip::of_kind(cx.file.kind).start;
    for at in wrong {
        cx.report_at(&ADDITION_TIME_DIFFERS, at, Some(field)).found("9999");
    }
}

/// A day of one service at one office.
type Day<'a> = (u32, [u8; 2], &'a [u8; 10]);

fn day(row: &UseRow) -> Day<'_> {
    (row.date, row.service_kind(), &row.office)
}
