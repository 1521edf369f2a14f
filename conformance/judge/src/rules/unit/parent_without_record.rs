//! X005 `parent-without-record`.

use crate::rules::prelude::*;

/// 子のレコードがない利用者がいる: a person without a child record.
pub(crate) static PARENT_WITHOUT_RECORD: Rule = Rule {
    code: "X005",
    name: "parent-without-record",
    title: Text::new("子のレコードがない利用者がいる", "a person without a child record"),
    explanation: Text::new(
        "第1表にはその利用者の2表・3表が、6表には7表が付くのが普通です。",
        "A person in table 1 usually has tables 2 and 3, in table 6 a table 7.",
    ),
    message: Text::new(
        "この利用者・日付（{0}）のレコードが{1}にありません。",
        "{1} has no record for this person and date ({0}).",
    ),
    fix: Text::new("出力の漏れがないか確認してください。", "Check whether something was left out."),
    source: Source::Fixed("S 2.3", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["K01", "K03"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["person-without-table-3", "tables-1-to-3-without-supplement-of-one"],
        passes: &["K2", "parent-with-a-broken-date", "only-child-with-a-broken-date"],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    for (child, parent) in crate::rules::unit::family::pairs(cx.unit) {
        let annex = matches!(
            child.header.kind,
            FileKind::Uphosoku
                | FileKind::UpkihonSub1
                | FileKind::UpkihonSub2
                | FileKind::UpyoboSub
        );
        // Supplements have a rule of their own; annexes may be empty for a person.
        if annex || !child.facts.is_whole() {
            continue;
        }
        for key in &parent.facts.keys {
            if key.sound && child.facts.key(key.person, key.link).is_none() {
                cx.report_at(&PARENT_WITHOUT_RECORD, parent, key.first, None)
                    .arg(i64::from(key.link))
                    .arg(child.header.kind.prefix());
            }
        }
    }
}
