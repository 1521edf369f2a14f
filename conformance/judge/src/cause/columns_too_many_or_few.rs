//! C016 `columns-too-many-or-few`.

use crate::cause::{CauseCx, Told, is_about_columns};
use crate::evidence::FEW;
use crate::rules::prelude::*;

/// どのレコードも列が多い、または少ない: every record has columns too many or too few.
pub(crate) static COLUMNS_TOO_MANY_OR_FEW: Rule = Rule {
    code: "C016",
    name: "columns-too-many-or-few",
    title: Text::new(
        "どのレコードも列が多い、または少ない",
        "every record has columns too many or too few",
    ),
    explanation: Text::new(
        "どのレコードも同じ数だけ列が多いか少なく、どこで増減したかが値の形から分かります。",
        "Every record has the same number of columns too many or too few, and the values show where.",
    ),
    message: Text::new(
        "どのレコードも{0}列あります（正しくは{1}列）。項目{2}のあたりで{3}列{4}ようです。",
        "Every record has {0} columns instead of {1}: about item {2}, {3} seem to be {4}.",
    ),
    fix: Text::new(
        "その項目のあたりの出力を、レイアウト定義書と比べてください。",
        "Compare the export about that item with the layout table.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Cause(|cx| tell(cx).into_iter().collect()),
    examples: Examples {
        fails: &["column-too-many-in-every-record", "column-missing-in-every-record"],
        passes: &["S1", "one-comma-too-many"],
    },
};

fn tell(cx: &CauseCx<'_>) -> Option<Told> {
    let found = cx.evidence.wrong_columns()?;
    let expected = cx.file.layout?.columns();
    let votes: u32 = cx.evidence.blocks.iter().map(|(_, votes)| votes).sum();
    // Each record shows the last item at which it may be; all of them are right.
    let item = cx.evidence.blocks.iter().map(|(item, _)| *item).min()?;
    let explained = cx.held.iter().filter(|finding| is_about_columns(finding)).count();
    let told = cx.evidence.is_most(votes) && explained >= FEW as usize;
    told.then(|| {
        Told::new(&COLUMNS_TOO_MANY_OR_FEW, is_about_columns).say(|draft| {
            draft.arg(found as i64).arg(expected as i64);
            draft.arg((usize::from(item) + 1).min(expected) as i64);
            draft.arg(found.abs_diff(expected) as i64);
            draft.arg(if found > expected {
                Text::new("多い", "too many")
            } else {
                Text::new("足りない", "missing")
            });
        })
    })
}
