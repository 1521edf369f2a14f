//! L044 `stay-over-30-days-unmarked`.

use crate::facts::is_short_stay;
use crate::rules::prelude::*;
use crate::rules::record::use_slip::UseSlip;

/// 31日続く短期入所に３０日超区分がない: a short stay of 31 days without the mark.
pub(crate) static STAY_OVER_30_DAYS_UNMARKED: Rule = Rule {
    code: "L044",
    name: "stay-over-30-days-unmarked",
    title: Text::new(
        "31日続く短期入所に３０日超区分がない",
        "a short stay of 31 days without the mark",
    ),
    explanation: Text::new(
        "短期入所を30日を超えて続けて使う日は、３０日超区分を1にします。月の31日すべてに同じ種類の短期入所があり、どの行にも印がありません。前の月から続く日数はファイルから分からないので、1か月の中で31日続くときだけお知らせします。",
        "Days of a short stay beyond 30 in a row carry the mark. Here one kind of stay has all 31 days of the month and no mark. Days that went on from the month before cannot be seen, so only 31 days within a month are reported.",
    ),
    message: Text::new(
        "種類{0}の短期入所が31日続いていますが、３０日超区分が1の行がありません。",
        "A short stay of kind {0} lasts 31 days, and no row is marked.",
    ),
    fix: Text::new(
        "31日目の行の３０日超区分を1にするか、自費の日の行を除いてください。",
        "Mark the 31st day, or leave out days that are paid in full.",
    ),
    source: Source::Fixed("L UPPLAN 23", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["RW 16"],
    check: Check::File(crate::rules::record::use_slip::KINDS, check),
    examples: Examples {
        fails: &["stay-of-31-days"],
        passes: &["stay-of-30-days", "stay-of-31-days-marked"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let field = UseSlip::of_kind(cx.file.kind).over_30_days;
    let mut found = Vec::new();
    for person in cx.facts.uses_by_key() {
        // Per kind: the days as bits, and the row of the last of them.
        let mut kinds: Vec<([u8; 2], u32, RecordRef)> = Vec::new();
        for row in person.iter().filter(|row| is_short_stay(row.service_kind())) {
            let day = 1_u32.checked_shl(row.date % 100).unwrap_or(0);
            let kind = row.service_kind();
            match kinds.iter_mut().find(|(known, ..)| *known == kind) {
                Some((_, days, at)) => {
                    if day > *days {
                        *at = row.at;
                    }
                    *days |= day;
                }
                None => kinds.push((kind, day, row.at)),
            }
        }
        let is_marked = person.iter().any(|row| row.over_30_days);
        let all = !1_u32;
        found.extend(kinds.into_iter().filter(|(_, days, _)| *days == all && !is_marked));
    }
    for (kind, _, at) in found {
        cx.report_at(&STAY_OVER_30_DAYS_UNMARKED, at, Some(field)).arg(ms932::decode_lossy(&kind));
    }
}
