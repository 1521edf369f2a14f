//! C024 `another-office-everywhere`.

use crate::cause::{CauseCx, Told, is};
use crate::evidence::Tally;
use crate::finding::Finding;
use crate::rules::prelude::*;
use crate::rules::record as r;

/// どのレコードも送信元ではない同じ事業所: every record has one office that is not the sender.
pub(crate) static ANOTHER_OFFICE_EVERYWHERE: Rule = Rule {
    code: "C024",
    name: "another-office-everywhere",
    title: Text::new(
        "どのレコードも送信元ではない同じ事業所",
        "every record has one office that is not the sender",
    ),
    explanation: Text::new(
        "レコードの事業所番号がどれも同じで、ファイル名の送信元と違います。事業所の設定か、ファイル名の番号のどちらかが別の事業所のものです。",
        "All records have one office number, and it is not the sender of the file name: either the setting of the office or the name is that of another one.",
    ),
    message: Text::new(
        "どのレコードの事業所も「{found}」で、ファイル名の送信元{0}と違います。",
        "The office of every record is {found}, not the sender {0} of the file name.",
    ),
    fix: Text::new(
        "ファイル名の送信元と、レコードに入れる事業所番号の設定をそろえてください。",
        "Use the same office in the file name and in the setting for the records.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Cause(|cx| tell(cx).into_iter().collect()),
    examples: Examples {
        fails: &["actuals-under-the-number-of-the-hospital"],
        passes: &["S1", "actual-of-another-office"],
    },
};

fn tell(cx: &CauseCx<'_>) -> Option<Told> {
    let name = cx.file.name.as_ref()?;
    let tally = of_office(cx)?;
    let sender = name.sender.office().to_owned();
    Some(Told::new(&ANOTHER_OFFICE_EVERYWHERE, is_about_offices).say(|draft| {
        draft.finding.found.clone_from(&tally.first.found);
        draft.arg(sender);
    }))
}

const OF_OFFICES: [&Rule; 2] = [
    &r::updated_by_other_office::UPDATED_BY_OTHER_OFFICE,
    &r::actual_of_other_office::ACTUAL_OF_OTHER_OFFICE,
];

/// What was counted of the one office that every record has instead of the sender.
pub(crate) fn of_office<'e>(cx: &'e CauseCx<'_>) -> Option<&'e Tally> {
    let tallies = OF_OFFICES.into_iter().filter_map(|rule| cx.evidence.tally(rule, None));
    tallies.into_iter().find(|tally| cx.evidence.is_same_everywhere(tally))
}

pub(crate) fn is_about_offices(finding: &Finding) -> bool {
    OF_OFFICES.into_iter().any(|rule| is(finding, rule))
}
