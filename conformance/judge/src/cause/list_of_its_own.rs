//! C017 `list-of-its-own`.

use crate::cause::{CauseCx, Told, is_about_columns};
use crate::evidence::FEW;
use crate::rules::prelude::*;

/// 別の形式の一覧: a list of another format.
pub(crate) static LIST_OF_ITS_OWN: Rule = Rule {
    code: "C017",
    name: "list-of-its-own",
    title: Text::new("別の形式の一覧", "a list of another format"),
    explanation: Text::new(
        "列数も並びも、どの種別のレイアウトにも合いません。ソフト独自の一覧や、ほかの帳票のCSVを出力したものです。",
        "Number and order of the columns fit no layout: it is a list of the product's own, or the CSV of another form.",
    ),
    message: Text::new(
        "どのレコードも{0}列で、値の並びは{1}（{2}列）にもほかの種別にも合いません。標準仕様ではない一覧のようです。",
        "Every record has {0} columns whose values fit neither {1} ({2} columns) nor another kind: it seems to be a list that is none of the standard's.",
    ),
    fix: Text::new(
        "ケアプランデータ連携（標準仕様）の出力を選んでください。",
        "Choose the export for care-plan data exchange (the standard).",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Cause(|cx| tell(cx).into_iter().collect()),
    examples: Examples { fails: &["list-of-its-own"], passes: &["S1", "header-row"] },
};

fn tell(cx: &CauseCx<'_>) -> Option<Told> {
    let found = cx.evidence.wrong_columns()?;
    let layout = cx.file.layout?;
    let explained = cx.held.iter().filter(|finding| is_about_columns(finding)).count();
    (explained >= FEW as usize).then(|| {
        Told::new(&LIST_OF_ITS_OWN, is_about_columns).say(|draft| {
            draft.arg(found as i64).arg(layout.kind.prefix()).arg(layout.columns() as i64);
        })
    })
}
