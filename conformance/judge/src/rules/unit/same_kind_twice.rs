//! X016 `same-kind-twice`.

use std::collections::BTreeMap;

use crate::rules::prelude::*;

/// 1つの送信単位に同じ種別が2つある: one kind twice in a send unit.
pub(crate) static SAME_KIND_TWICE: Rule = Rule {
    code: "X016",
    name: "same-kind-twice",
    title: Text::new("1つの送信単位に同じ種別が2つある", "one kind twice in a send unit"),
    explanation: Text::new(
        "送信単位の中で、画像以外の種別は1ファイルずつです。年月の違うファイルは、別の送信単位として検査します（X068）。",
        "Every kind but images occurs once in a unit. Files of other months are judged as units of their own (X068).",
    ),
    message: Text::new("{0}のファイルが{1}つあります。", "There are {1} files of {0}."),
    fix: Text::new(
        "年月や連番を分けるか、1つにまとめてください。",
        "Separate them by month or sequence, or join them.",
    ),
    source: Source::Fixed("S 2.4, S 3.4", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Combination),
    covers: &["B01", "RW 1"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["same-kind-twice"],
        passes: &["K2", "Y1/rich", "two-months-under-one-sequence"],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    let mut counts: BTreeMap<FileKind, i64> = BTreeMap::new();
    for file in &cx.unit.files {
        *counts.entry(file.header.kind).or_default() += 1;
    }
    for (kind, count) in counts {
        if count > 1 && kind != FileKind::UpkihonImage {
            cx.report(&SAME_KIND_TWICE).arg(kind.prefix()).arg(count);
        }
    }
}
