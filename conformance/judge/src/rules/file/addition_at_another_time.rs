//! L047 `addition-at-another-time`.

use crate::facts::UseRow;
use crate::rules::prelude::*;
use crate::rules::record::use_slip::UseSlip;

/// 通所の加算の時刻が、本体の時刻と違う: an addition to day care is not at the time of its service.
pub(crate) static ADDITION_AT_ANOTHER_TIME: Rule = Rule {
    code: "L047",
    name: "addition-at-another-time",
    title: Text::new(
        "通所の加算の時刻が、本体の時刻と違う",
        "an addition to day care is not at the time of its service",
    ),
    explanation: Text::new(
        "本体に付く加算には、本体と同じ開始・終了時刻を入れます（入浴介助加算、個別機能訓練加算も同じです）。通所系（15・16・66・72・74・78・A5〜A8）では、1日に通う時間は1つなので、同じ事業所の別のコードの行が本体の時間の中に収まる別の時刻なら、加算の時刻の誤りとみます。訪問では2人の職員が別の時刻に入ることがあるため、指摘しません。利用者と年月ごとに1件です。",
        "Additions tied to a service carry its start and end; so do those for bathing and training. A day at a day service has one time, so a row of another code whose time lies inside it is taken for an addition with a time of its own. Visits are not looked at: two helpers may come at different times. One finding a person and month.",
    ),
    message: Text::new(
        "{0}の行ですが、同じ日・同じ事業所のサービスは{1}です（この利用者に{2}件）。",
        "This row is at {0}, but the service of this day and office at {1} ({2} of this person).",
    ),
    fix: Text::new(
        "加算の行には、本体のサービスと同じ開始・終了時刻を出力してください。",
        "Write the start and end of the service in the row of its addition.",
    ),
    source: Source::Fixed("L UPPLAN 12", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R04"],
    check: Check::File(crate::rules::record::use_slip::KINDS, check),
    examples: Examples {
        fails: &[
            "addition-inside-the-service",
            "addition-a-minute-shorter",
            "additions-inside-the-service",
            "bathing-before-the-service",
            "addition-before-its-service-in-the-file",
        ],
        passes: &[
            "K2/rich",
            "S1",
            "addition-at-the-time-of-its-service",
            "half-days-of-two-codes",
            "bathing-in-the-afternoon",
            "short-day-of-another-code-on-another-day",
            "short-time-at-another-office",
            "one-code-at-two-times",
            "visits-inside-each-other",
            "bathing-alone",
        ],
    },
};

/// Day services: whoever is there is there once.
const DAY_SERVICES: [&[u8; 2]; 10] =
    [b"15", b"16", b"66", b"72", b"74", b"78", b"A5", b"A6", b"A7", b"A8"];

/// 入浴介助加算 and 個別機能訓練加算 of kinds 15, 16 and 78, which the note of the item names.
const NAMED: [&[u8; 6]; 10] = [
    b"155301", b"155303", b"155051", b"155053", b"165301", b"165303", b"785301", b"785303",
    b"785051", b"785053",
];

fn check(cx: &mut FileCx<'_>) {
    let field = UseSlip::of_kind(cx.file.kind).start;
    let mut rows: Vec<&UseRow> = Vec::new();
    let mut found: Vec<(&UseRow, &UseRow, i64)> = Vec::new();
    for person in cx.facts.uses_by_key() {
        rows.clear();
        rows.extend(person.iter().filter(|row| is_timed_day(row)));
        rows.sort_by_key(|row| (row.date, row.office, row.service_kind()));
        let mut of_person = None;
        for day in rows.chunk_by(|one, next| is_same_day(one, next)) {
            for row in day {
                let Some(service) = service_of(row, day) else { continue };
                let (first, _, count) = of_person.get_or_insert((*row, service, 0));
                *count += 1;
                if row.at.record < first.at.record {
                    of_person = of_person.map(|(_, _, count)| (*row, service, count));
                }
            }
        }
        found.extend(of_person);
    }
    for (row, service, count) in found {
        cx.report_at(&ADDITION_AT_ANOTHER_TIME, row.at, Some(field))
            .found(clock(row.start))
            .expected(clock(service.start))
            .arg(times(row))
            .arg(times(service))
            .arg(count);
    }
}

/// The service whose time the row should have, where it has another.
fn service_of<'a>(row: &UseRow, day: &[&'a UseRow]) -> Option<&'a UseRow> {
    let others = || day.iter().copied().filter(|other| other.code != row.code);
    let around = |other: &&UseRow| {
        other.start <= row.start && row.end <= other.end && !is_same_time(other, row)
    };
    if let Some(service) = others().find(around) {
        return Some(service);
    }
    let services = || others().filter(|other| !NAMED.contains(&&other.code));
    if !NAMED.contains(&&row.code) || services().any(|other| is_same_time(other, row)) {
        return None;
    }
    services().next()
}

fn is_timed_day(row: &UseRow) -> bool {
    let is_timed = row.start < row.end && row.end < UseRow::UNKNOWN_TIME;
    let is_sound = row.date != 0 && row.office[0] != 0;
    is_timed && is_sound && DAY_SERVICES.contains(&&row.service_kind())
}

fn is_same_day(one: &UseRow, other: &UseRow) -> bool {
    one.date == other.date
        && one.office == other.office
        && one.service_kind() == other.service_kind()
}

fn is_same_time(one: &UseRow, other: &UseRow) -> bool {
    (one.start, one.end) == (other.start, other.end)
}

fn clock(minutes: u16) -> String {
    format!("{:02}{:02}", minutes / 60, minutes % 60)
}

fn times(row: &UseRow) -> Text<String> {
    let (start, end) = (clock(row.start), clock(row.end));
    Text::made(format!("{start}〜{end}"), format!("{start} to {end}"))
}
