//! X004 `record-without-parent`.

use crate::rules::prelude::*;

/// 親のレコードがない: a record without its parent.
pub(crate) static RECORD_WITHOUT_PARENT: Rule = Rule {
    code: "X004",
    name: "record-without-parent",
    title: Text::new("親のレコードがない", "a record without its parent"),
    explanation: Text::new(
        "2表・3表は第1表、7表は6表、別表は親の様式に、利用者と日付（年月）でひも付きます。親がないレコードは取り込まれません。",
        "Records are linked to their parent by person and date or month; without a parent they are lost.",
    ),
    message: Text::new(
        "この利用者・日付（{0}）のレコードが{1}にありません。",
        "{1} has no record for this person and date ({0}).",
    ),
    fix: Text::new(
        "保険者番号・被保険者番号・日付（年月）を親とそろえて出力してください。",
        "Write insurer, insured number and date as in the parent.",
    ),
    source: Source::Fixed("S 2.3, S 3.3", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Overlooks(
        "whether the server compares the records of several files is not public",
    ),
    covers: &["K01", "K02", "K03", "K04", "K06", "RW 5"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["benefit-of-nobody", "table-2-of-another-plan", "annex-of-nobody"],
        passes: &["K1", "parent-with-a-broken-date", "child-with-a-broken-date"],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    for (child, parent) in crate::rules::unit::family::pairs(cx.unit) {
        if !parent.facts.is_whole() {
            continue;
        }
        for key in &child.facts.keys {
            if key.sound && parent.facts.key(key.person, key.link).is_none() {
                cx.report_at(&RECORD_WITHOUT_PARENT, child, key.first, None)
                    .arg(i64::from(key.link))
                    .arg(parent.header.kind.prefix());
            }
        }
    }
}
