//! L014 `detail-number-missing`.

use crate::facts::UseRow;
use crate::rules::prelude::*;
use crate::rules::record::use_slip::UseSlip;

/// 明細判別コードで区別できない福祉用具がある: rented items that cannot be told apart.
pub(crate) static DETAIL_NUMBER_MISSING: Rule = Rule {
    code: "L014",
    name: "detail-number-missing",
    title: Text::new(
        "明細判別コードで区別できない福祉用具がある",
        "rented items that cannot be told apart",
    ),
    explanation: Text::new(
        "同じコード・同じ単位数の用具が複数あるときは、明細判別コードを1から振ります。ないと1件にまとめられるおそれがあります。",
        "Several items with equal code and units are numbered 1, 2, 3 … Without numbers they may be taken for one.",
    ),
    message: Text::new(
        "同じ日・同じコード・同じ単位数の福祉用具が、明細判別コード「{0}」で{1}件あります。",
        "There are {1} items of one day, code and units with the number \"{0}\".",
    ),
    fix: Text::new(
        "用具ごとに明細判別コードを1・2・3と振ってください。",
        "Number the items 1, 2, 3.",
    ),
    source: Source::Fixed("L UPPLAN 19", Basis::Stated),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R10", "R11", "RW 13"],
    check: Check::File(crate::rules::record::use_slip::KINDS, check),
    examples: Examples {
        fails: &[
            "items-without-detail-numbers",
            "items-both-numbered-1",
            "three-items-without-detail-numbers",
        ],
        passes: &[
            "K2/rich",
            "items-on-different-days",
            "items-of-different-units",
            "items-of-two-offices",
            "items-of-two-satellites",
            "prevention-items-without-detail-numbers",
        ],
    },
};

/// What makes two equipment rows of one person equal, then the record.
type ItemIdentity<'a> = (&'a [u8; 6], Option<i32>, u32, &'a [u8; 10], &'a [u8; 2], u8, RecordRef);

fn check(cx: &mut FileCx<'_>) {
    let mut rows: Vec<ItemIdentity<'_>> = Vec::new();
    let mut wrong = Vec::new();
    for person in cx.facts.uses_by_key() {
        rows.clear();
        rows.extend(person.iter().filter(|row| row.code.starts_with(b"17")).map(identity));
        rows.sort_unstable();
        for same in rows.chunk_by(is_same) {
            let later = same.iter().enumerate().skip(1);
            wrong.extend(later.map(|(before, row)| (row.6, row.5, before as i64 + 1)));
        }
    }
    wrong.sort_unstable();
    let field = UseSlip::of_kind(cx.file.kind).detail;
    for (at, number, count) in wrong {
        let shown = if number == 0 { String::new() } else { number.to_string() };
        cx.report_at(&DETAIL_NUMBER_MISSING, at, Some(field)).arg(shown).arg(count);
    }
}

fn identity(row: &UseRow) -> ItemIdentity<'_> {
    (&row.code, row.units.get(), row.date, &row.office, &row.satellite, row.detail_number, row.at)
}

fn is_same(a: &ItemIdentity<'_>, b: &ItemIdentity<'_>) -> bool {
    (a.0, a.1, a.2, a.3, a.4, a.5) == (b.0, b.1, b.2, b.3, b.4, b.5)
}
