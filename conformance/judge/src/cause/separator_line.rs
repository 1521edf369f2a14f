//! C005 `separator-line`.

use careplan_reader::Preamble;

use crate::cause::{CauseCx, Told, is_about_columns};
use crate::finding::Finding;
use crate::rules::prelude::*;

/// Excelに区切り文字を教える行（sep=）がある: a line that tells Excel the delimiter (sep=).
pub(crate) static SEPARATOR_LINE: Rule = Rule {
    code: "C005",
    name: "separator-line",
    title: Text::new(
        "Excelに区切り文字を教える行（sep=）がある",
        "a line that tells Excel the delimiter (sep=)",
    ),
    explanation: Text::new(
        "「sep=,」はExcelだけが知っている行です。標準仕様にはなく、受け取る側は項目数の違うレコードとして読みます。",
        "Only Excel knows the line \"sep=,\". It is none of the standard's, and receivers take it for a record with the wrong number of columns.",
    ),
    message: Text::new(
        "1行目はExcelに区切り文字を教える行（sep=）で、レコードではありません。",
        "The first line tells Excel the delimiter (sep=); it is no record.",
    ),
    fix: Text::new("sep=の行を出力しないでください。", "Do not write the line sep=."),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Cause(|cx| tell(cx).into_iter().collect()),
    examples: Examples { fails: &["separator-line"], passes: &["S1", "type-line"] },
};

fn tell(cx: &CauseCx<'_>) -> Option<Told> {
    let (Preamble::Separator, at) = cx.evidence.preamble? else { return None };
    let of_line = move |finding: &Finding| is_about_columns(finding) && finding.at == at;
    Some(Told::new(&SEPARATOR_LINE, of_line).say(|draft| draft.finding.at = at))
}
