//! L024 `duplicate-use-record`.

use crate::facts::UseRow;
use crate::rules::prelude::*;

/// 同じ内容の利用票の行が2件ある: two equal rows in table 6.
pub(crate) static DUPLICATE_USE_RECORD: Rule = Rule {
    code: "L024",
    name: "duplicate-use-record",
    title: Text::new("同じ内容の利用票の行が2件ある", "two equal rows in table 6"),
    explanation: Text::new(
        "同じ日・時刻・コード・事業所の行が2件あると、二重に数えられるか片方が消えます。30日超で分かれた行と福祉用具は除いています。",
        "Two rows of one day, time, code and office are counted twice or lose one. Rows split at 30 days and rented equipment are left out.",
    ),
    message: Text::new(
        "同じ日・時刻・サービスコード・事業所の行が、{0}件目のレコードにもあります。",
        "Record {0} has the same day, time, service code and office.",
    ),
    fix: Text::new(
        "1日に複数回なら、サービス回数か時刻で表してください。",
        "Express several visits by count or times.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["K12"],
    check: Check::File(crate::rules::record::use_slip::KINDS, check),
    examples: Examples {
        fails: &["use-record-twice", "use-record-three-times"],
        passes: &[
            "S1",
            "use-records-split-at-30-days",
            "use-records-at-another-time",
            "use-records-of-another-length",
            "use-records-of-different-units",
            "same-visit-at-two-satellites",
            "use-records-with-detail-numbers",
            "use-records-with-broken-dates",
            "items-without-detail-numbers",
            "prevention-items-without-detail-numbers",
            "use-records-with-broken-codes",
        ],
    },
};

/// What makes two rows of one person equal, then the record: sorting puts equal rows side by side
/// in the order of the file.
type UseIdentity<'a> =
    (u32, &'a [u8; 6], u16, u16, &'a [u8; 10], &'a [u8; 2], bool, Option<i32>, RecordRef);

fn check(cx: &mut FileCx<'_>) {
    let mut rows: Vec<UseIdentity<'_>> = Vec::new();
    let mut wrong = Vec::new();
    for person in cx.facts.uses_by_key() {
        rows.clear();
        rows.extend(person.iter().filter(|row| counts(row)).map(identity));
        rows.sort_unstable();
        for same in rows.chunk_by(is_same) {
            let first = same[0].8.record;
            wrong.extend(same[1..].iter().map(|row| (row.8, first)));
        }
    }
    wrong.sort_unstable();
    for (at, first) in wrong {
        cx.report_at(&DUPLICATE_USE_RECORD, at, None).arg(i64::from(first));
    }
}

fn counts(row: &UseRow) -> bool {
    let equipment = matches!(&row.code[..2], b"17" | b"67");
    !equipment && row.detail_number == 0 && row.date != 0 && row.code[0] != 0
}

fn identity(row: &UseRow) -> UseIdentity<'_> {
    let UseRow { code, office, satellite, over_30_days, .. } = row;
    (row.date, code, row.start, row.end, office, satellite, *over_30_days, row.units.get(), row.at)
}

fn is_same(a: &UseIdentity<'_>, b: &UseIdentity<'_>) -> bool {
    (a.0, a.1, a.2, a.3, a.4, a.5, a.6, a.7) == (b.0, b.1, b.2, b.3, b.4, b.5, b.6, b.7)
}
