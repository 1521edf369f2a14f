//! C021 `month-that-does-not-exist`.

use crate::cause::{CauseCx, Told, is};
use crate::finding::{Finding, Value};
use crate::rules::prelude::*;
use crate::rules::{field as f, file as l};

/// 存在しない年月がどこにも書かれている: a month that does not exist is written everywhere.
pub(crate) static MONTH_THAT_DOES_NOT_EXIST: Rule = Rule {
    code: "C021",
    name: "month-that-does-not-exist",
    title: Text::new(
        "存在しない年月がどこにも書かれている",
        "a month that does not exist is written everywhere",
    ),
    explanation: Text::new(
        "13月のような年月が、名前や対象年月、利用日に同じように書かれています。翌月・前月の計算の誤りです。",
        "A month such as 13 stands in the name, in the month of every record and in its dates: the next or last month was miscalculated.",
    ),
    message: Text::new(
        "年月「{found}」は存在しません。名前とレコードのどこにもこの年月が書かれています。",
        "There is no month {found}, and it stands everywhere in name and records.",
    ),
    fix: Text::new(
        "年月を計算している1か所（12月の翌月、1月の前月）を直してください。",
        "Mend the one place that calculates the month (behind December, before January).",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Cause(|cx| tell(cx).into_iter().collect()),
    examples: Examples { fails: &["month-that-does-not-exist"], passes: &["S1"] },
};

fn tell(cx: &CauseCx<'_>) -> Option<Told> {
    let tally = cx.evidence.tally(&f::malformed_month::MALFORMED_MONTH, None)?;
    let month: [u8; 6] = tally.value().try_into().ok()?;
    if !month.iter().all(u8::is_ascii_digit) || !cx.evidence.is_same_everywhere(tally) {
        return None;
    }
    let in_name = std::str::from_utf8(&month).is_ok_and(|text| cx.file.base_name.contains(text));
    let explains = move |finding: &Finding| {
        let holds =
            matches!(&finding.found, Some(Value::Bytes { bytes, .. }) if bytes.starts_with(&month));
        let is_malformed = is(finding, &f::malformed_month::MALFORMED_MONTH)
            || is(finding, &f::malformed_date::MALFORMED_DATE);
        is_malformed && holds
            || in_name
                && is(finding, &l::file_name_not_of_the_standard::FILE_NAME_NOT_OF_THE_STANDARD)
    };
    Some(Told::new(&MONTH_THAT_DOES_NOT_EXIST, explains).say(|draft| {
        draft.finding.field = tally.first.field;
        draft.finding.found.clone_from(&tally.first.found);
    }))
}
