//! C014 `items-exchanged`.

use crate::cause::{CauseCx, Told, is_about_values};
use crate::engine::alignment::Alignment;
use crate::evidence::FEW;
use crate::finding::Finding;
use crate::rules::prelude::*;

/// 項目の順番が入れ替わっている: items stand in another order.
pub(crate) static ITEMS_EXCHANGED: Rule = Rule {
    code: "C014",
    name: "items-exchanged",
    title: Text::new("項目の順番が入れ替わっている", "items stand in another order"),
    explanation: Text::new(
        "値を入れ替えると、どちらの項目の形にも合います。出力の項目の並びがレイアウト定義書と違います。",
        "Exchanged, the values fit both items: the export writes its items in another order than the layout table.",
    ),
    message: Text::new(
        "項目{0}「{1}」の値が項目{2}「{3}」のところにあるようです（項目の順番が違います）。",
        "The value of item {0} {1} seems to stand at item {2} {3}: the order of the items differs.",
    ),
    fix: Text::new(
        "レイアウト定義書の順番どおりに出力してください。",
        "Write the items in the order of the layout table.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Cause(|cx| tell(cx).into_iter().collect()),
    examples: Examples { fails: &["items-exchanged"], passes: &["S1"] },
};

fn tell(cx: &CauseCx<'_>) -> Option<Told> {
    let of_order =
        cx.evidence.alignments.iter().filter_map(|(alignment, votes)| match *alignment {
            Alignment::Exchanged(one, other) => Some((one, other, false, votes)),
            Alignment::Moved { item, to } => Some((item, to, true, votes)),
            Alignment::Shifted { .. } => None,
        });
    let (item, to, is_moved, votes) = of_order.max_by_key(|(.., votes)| **votes)?;
    if !cx.evidence.is_most(*votes) {
        return None;
    }
    let fields = cx.file.layout?.fields;
    let (of, at) = (fields.get(usize::from(item))?, fields.get(usize::from(to))?);
    let (first, last) = (item.min(to), item.max(to));
    let of_items = move |finding: &Finding| {
        let concerns = |no: u8| {
            let position = no - 1;
            if is_moved {
                (first..=last).contains(&position)
            } else {
                [item, to].contains(&position)
            }
        };
        is_about_values(finding) && finding.field.is_some_and(|field| concerns(field.no))
    };
    let explained = cx.held.iter().filter(|finding| of_items(finding)).count();
    (explained >= FEW as usize).then(|| {
        Told::new(&ITEMS_EXCHANGED, of_items).say(|draft| {
            draft.arg(i64::from(of.no)).arg(of.name).arg(i64::from(at.no)).arg(at.name);
        })
    })
}
