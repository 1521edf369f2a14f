//! C020 `version-number-of-no-version`.

use crate::cause::{CauseCx, Told, is};
use crate::rules::field as f;
use crate::rules::prelude::*;

/// CSVバージョンがどのレコードでも正しくない: CSVバージョン is wrong in every record.
pub(crate) static VERSION_NUMBER_OF_NO_VERSION: Rule = Rule {
    code: "C020",
    name: "version-number-of-no-version",
    title: Text::new(
        "CSVバージョンがどのレコードでも正しくない",
        "CSVバージョン is wrong in every record",
    ),
    explanation: Text::new(
        "CSVバージョンは決まった番号です（4.1は202407）。版の名前や公表の年月を書く出力があります。",
        "CSVバージョン is a fixed number (202407 for 4.1). Some exports write the name of the version or the month of its publication.",
    ),
    message: Text::new(
        "CSVバージョンが、どのレコードでも「{found}」です。",
        "CSVバージョン is {found} in every record.",
    ),
    fix: Text::new(
        "CSVバージョンの設定を直してください。設定は1か所で、全部のレコードが直ります。",
        "Mend the setting of CSVバージョン; it is one setting for all records.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Cause(|cx| tell(cx).into_iter().collect()),
    examples: Examples {
        fails: &["version-number-of-no-version"],
        passes: &["S1", "version-of-publication-in-one-record"],
    },
};

fn tell(cx: &CauseCx<'_>) -> Option<Told> {
    let of_number = [
        &f::unknown_csv_version::UNKNOWN_CSV_VERSION,
        &f::superseded_csv_version::SUPERSEDED_CSV_VERSION,
    ];
    let rule = of_number.into_iter().find(|rule| {
        let tally = cx.evidence.tally(rule, None);
        tally.is_some_and(|tally| cx.evidence.is_same_everywhere(tally))
    })?;
    let tally = cx.evidence.tally(rule, None)?;
    Some(Told::new(&VERSION_NUMBER_OF_NO_VERSION, |finding| is(finding, rule)).say(|draft| {
        draft.finding.field = tally.first.field;
        draft.finding.found.clone_from(&tally.first.found);
        draft.finding.hint.clone_from(&tally.first.hint);
        draft.expected(cx.file.version.csv_version());
    }))
}
