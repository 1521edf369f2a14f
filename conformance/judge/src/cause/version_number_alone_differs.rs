//! C009 `version-number-alone-differs`.

use crate::cause::{CauseCx, Told, is};
use crate::rules::prelude::*;
use crate::rules::{file as l, framing as s, record as r};

/// CSVバージョンだけが名前と列数に合わない: only CSVバージョン does not fit name and columns.
pub(crate) static VERSION_NUMBER_ALONE_DIFFERS: Rule = Rule {
    code: "C009",
    name: "version-number-alone-differs",
    title: Text::new(
        "CSVバージョンだけが名前と列数に合わない",
        "only CSVバージョン does not fit name and columns",
    ),
    explanation: Text::new(
        "名前と列数は同じ版なのに、項目1のCSVバージョンだけが別の版です。版の番号だけを書き換え忘れた（または書き換えすぎた）出力です。",
        "Name and columns belong to one version, and only CSVバージョン in item 1 says another: the number alone was not changed, or should not have been.",
    ),
    message: Text::new(
        "名前と列数は標準仕様{0}ですが、CSVバージョンだけが{1}（標準仕様{2}）です。",
        "Name and columns are those of standard {0}; only CSVバージョン says {1} (standard {2}).",
    ),
    fix: Text::new(
        "CSVバージョンの設定を名前と列数の版に合わせるか、名前と列数も番号の版で出力してください。",
        "Set CSVバージョン to the version of name and columns, or export these in the version of the number.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Cause(|cx| tell(cx).into_iter().collect()),
    examples: Examples {
        fails: &["version-number-alone-differs"],
        passes: &["S1", "V3-2", "name-of-version-3"],
    },
};

fn tell(cx: &CauseCx<'_>) -> Option<Told> {
    let (of_name, of_number) = (cx.file.name.as_ref()?.version, cx.file.version);
    let layout = cx.file.layout.filter(|_| of_name != of_number)?;
    let named = layout.kind.layout(of_name)?;
    let found = cx.evidence.wrong_columns();
    if found.unwrap_or(layout.columns()) != named.columns() {
        return None;
    }
    let told = Told::new(&VERSION_NUMBER_ALONE_DIFFERS, |finding| {
        is(finding, &s::wrong_column_count::WRONG_COLUMN_COUNT)
            || is(finding, &l::name_version_differs_from_content::NAME_VERSION_DIFFERS_FROM_CONTENT)
            || is(finding, &r::version_does_not_fit_month::VERSION_DOES_NOT_FIT_MONTH)
    });
    // A file with a single finding is said well enough by it.
    (told.explained(cx) > 1).then(|| {
        told.say(|draft| {
            draft.arg(of_name.label()).arg(of_number.csv_version()).arg(of_number.label());
            draft.expected(of_name.csv_version());
        })
    })
}
