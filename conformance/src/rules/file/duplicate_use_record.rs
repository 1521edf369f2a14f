//! L024 `duplicate-use-record`.

use std::collections::HashMap;

use careplan_spec::Basis;
use careplan_spec::FileKind;
use careplan_spec::Text;

use crate::context::FileCx;
use crate::example::Example;
use crate::rule::Check;
use crate::rule::Rule;
use crate::rule::Source;
use crate::sample::SampleSet;
use crate::severity::Severity;

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
    covers: &["K12"],
    check: Check::File(crate::rules::record::use_slip::KINDS, check),
    examples: &[
        Example::ng("同じ行が2件", "the same row twice", || {
            SampleSet::actual_use().repeated(FileKind::Upjsk, 0)
        }),
        Example::ok("別の日", "another day", SampleSet::actual_use),
    ],
};

fn check(cx: &mut FileCx<'_>) {
    type Same = (u32, [u8; 6], u32, u16, u16, [u8; 10], [u8; 2], bool, Option<i32>);
    let mut seen: HashMap<Same, u32> = HashMap::new();
    let mut wrong = Vec::new();
    for row in &cx.facts.uses {
        let equipment = matches!(&row.code[..2], b"17" | b"67");
        if equipment || row.detail_number != 0 || row.date == 0 || row.code[0] == 0 {
            continue;
        }
        let same: Same = (
            row.key,
            row.code,
            row.date,
            row.start,
            row.end,
            row.office,
            row.satellite,
            row.over_30_days,
            row.units,
        );
        let first = *seen.entry(same).or_insert(row.at.record);
        if first != row.at.record {
            wrong.push((row.at, first));
        }
    }
    for (at, first) in wrong {
        cx.report_at(&DUPLICATE_USE_RECORD, at, None).arg(i64::from(first));
    }
}
