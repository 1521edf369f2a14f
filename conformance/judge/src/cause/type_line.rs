//! C006 `type-line`.

use careplan_reader::Preamble;

use crate::cause::{CauseCx, Told, is_about_columns};
use crate::finding::Finding;
use crate::rules::prelude::*;

/// PowerShellの型の行（#TYPE）がある: the type line of PowerShell (#TYPE).
pub(crate) static TYPE_LINE: Rule = Rule {
    code: "C006",
    name: "type-line",
    title: Text::new("PowerShellの型の行（#TYPE）がある", "the type line of PowerShell (#TYPE)"),
    explanation: Text::new(
        "PowerShellのExport-Csvは、指定しないと1行目に「#TYPE …」を書きます。標準仕様にはない行です。",
        "Export-Csv of PowerShell writes \"#TYPE …\" as the first line unless told otherwise. The standard has no such line.",
    ),
    message: Text::new(
        "1行目はPowerShellが書いた型の行（#TYPE）で、レコードではありません。",
        "The first line is the type line of PowerShell (#TYPE); it is no record.",
    ),
    fix: Text::new(
        "Export-Csvに -NoTypeInformation を付けてください。",
        "Give Export-Csv the switch -NoTypeInformation.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Cause(|cx| tell(cx).into_iter().collect()),
    examples: Examples { fails: &["type-line"], passes: &["S1", "separator-line"] },
};

fn tell(cx: &CauseCx<'_>) -> Option<Told> {
    let (Preamble::Type, at) = cx.evidence.preamble? else { return None };
    let of_line = move |finding: &Finding| is_about_columns(finding) && finding.at == at;
    Some(Told::new(&TYPE_LINE, of_line).say(|draft| draft.finding.at = at))
}
