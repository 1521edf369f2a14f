//! L046 `kind-limit-instead-of-category-limit`.

use crate::rules::prelude::*;

/// 区分支給限度内の単位数がなく、種類別だけがある: units within the limit of a kind alone.
pub(crate) static KIND_LIMIT_INSTEAD_OF_CATEGORY_LIMIT: Rule = Rule {
    code: "L046",
    name: "kind-limit-instead-of-category-limit",
    title: Text::new(
        "区分支給限度内の単位数がなく、種類別だけがある",
        "units within the limit of a kind alone",
    ),
    explanation: Text::new(
        "種類支給限度基準内単位数（20）だけがあり、区分支給限度基準内単位数（22）が空です。種類別の限度額を使う市町村は少なく、使うときも区分の単位数は入ります。項目19・20と21・22が入れ替わって出力されているおそれがあります。ファイルごとに1回お知らせします。",
        "Units stand within the limit of the service kind (20) and not within that of all kinds (22). Few municipalities use the former, and then both are filled: items 19, 20 and 21, 22 may be swapped. Said once a file.",
    ),
    message: Text::new(
        "種類支給限度基準内単位数だけが入った行が{0}件あります。項目19・20と21・22が入れ替わっていませんか。",
        "{0} rows have units within the limit of the kind alone: are items 19, 20 and 21, 22 swapped?",
    ),
    fix: Text::new(
        "区分支給限度基準の単位数を21・22に出力してください。",
        "Write the units of the limit of all kinds in 21 and 22.",
    ),
    source: Source::Fixed("L UPSIKYU 22", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::File(&[FileKind::Upsikyu], check),
    examples: Examples {
        fails: &["limits-swapped-in-table-7"],
        passes: &["K2", "both-limits-in-table-7"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let (Some(at), count) = cx.facts.kind_limit_alone else { return };
    cx.report_at(
        &KIND_LIMIT_INSTEAD_OF_CATEGORY_LIMIT,
        at,
        Some(upsikyu::CATEGORY_LIMIT_WITHIN_UNITS),
    )
    .arg(i64::from(count));
}
