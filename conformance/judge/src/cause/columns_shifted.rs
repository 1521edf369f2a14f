//! C013 `columns-shifted`.

use crate::cause::{CauseCx, Told, is_about_values};
use crate::engine::alignment::Alignment;
use crate::evidence::FEW;
use crate::finding::Finding;
use crate::rules::prelude::*;

/// ある項目から後ろの値がずれている: values are shifted from an item on.
pub(crate) static COLUMNS_SHIFTED: Rule = Rule {
    code: "C013",
    name: "columns-shifted",
    title: Text::new("ある項目から後ろの値がずれている", "values are shifted from an item on"),
    explanation: Text::new(
        "列数は正しいのに、ある項目から後ろの値が隣の項目の形に合います。途中に列が1つ増えた（または抜けた）まま、最後で列数が合っています。値がどの項目のものか分からないため、この原因を先に直してください。",
        "The number of columns is right, but from an item on the values fit the item beside their own: a column was put in or left out, and the number was made up at the end. Mend this first.",
    ),
    message: Text::new(
        "項目{0}「{1}」のあたりから後ろの値が、1列{2}にずれているようです。",
        "From about item {0} {1} on, the values seem to stand one column {2}.",
    ),
    fix: Text::new(
        "その項目のあたりで列の過不足がないか、出力の項目の並びを確認してください。",
        "Look at the order of the exported items about there: one is too many or missing.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Cause(|cx| tell(cx).into_iter().collect()),
    examples: Examples { fails: &["columns-shifted"], passes: &["S1"] },
};

fn tell(cx: &CauseCx<'_>) -> Option<Told> {
    let (mut votes, mut first, mut forward) = (0, u8::MAX, 0);
    for (alignment, count) in &cx.evidence.alignments {
        if let Alignment::Shifted { from, by } = *alignment {
            votes += count;
            first = first.min(from);
            forward += if by > 0 { *count } else { 0 };
        }
    }
    if !cx.evidence.is_most(votes) {
        return None;
    }
    let field = cx.file.layout?.fields.get(usize::from(first))?;
    let of_items = move |finding: &Finding| {
        is_about_values(finding) && finding.field.is_none_or(|field| field.no > first)
    };
    let explained = cx.held.iter().filter(|finding| of_items(finding)).count();
    (explained >= FEW as usize).then(|| {
        Told::new(&COLUMNS_SHIFTED, of_items).say(|draft| {
            draft.arg(i64::from(field.no)).arg(field.name);
            draft.arg(if forward * 2 > votes {
                Text::new("後ろ", "behind their own")
            } else {
                Text::new("前", "before their own")
            });
        })
    })
}
