//! X066 `kind-limit-without-limit`.

use crate::facts::{Amount, BenefitRow};
use crate::rules::prelude::*;
use crate::rules::unit::tables_6_and_7::{supplement_of, text};

/// 種類別の限度額がないのに、種類別の超の単位数がある: units over a kind's limit that is not there.
pub(crate) static KIND_LIMIT_WITHOUT_LIMIT: Rule = Rule {
    code: "X066",
    name: "kind-limit-without-limit",
    title: Text::new(
        "種類別の限度額がないのに、種類別の超の単位数がある",
        "units over a kind's limit that is not there",
    ),
    explanation: Text::new(
        "種類支給限度基準の超の単位数は、市町村が種類別の限度額を定めた方だけに使います。その限度額は利用者補足情報の項目20から書きます。超が0の行は指摘しません。ファイルごとに1件です。",
        "Units over a kind's limit are for people whose municipality has set one; it stands in the supplement from item 20 on. Rows with nothing over it are left alone. One finding a file.",
    ),
    message: Text::new(
        "{field}が{found}ですが、利用者補足情報に種類{0}の限度額がありません（{1}人）。",
        "{field} is {found}, but the supplement has no limit for kind {0} ({1} people).",
    ),
    fix: Text::new(
        "区分支給限度基準の項目（21・22）と取り違えていないか確認してください。",
        "Check whether the items of the monthly limit (21, 22) were meant.",
    ),
    source: Source::Fixed("L UPSIKYU 19", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R27"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["units-over-a-kind-limit-that-is-not-there"],
        passes: &["K2", "K2/rich", "units-split-at-a-kind-limit", "units-within-no-kind-limit"],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    let Some(file) = cx.unit.file(FileKind::Uphosoku) else { return };
    let mut first: Option<(BenefitRow, UnitFile<'_>, Amount)> = None;
    let mut people = 0;
    for month in cx.months {
        let Some((supplement, _)) = supplement_of(file, month.plan, month.key) else { continue };
        let wrong = month.details().find_map(|row| {
            let kind = family(row.service_kind());
            let has_limit = supplement.limited_kinds.iter().any(|limited| family(*limited) == kind);
            let is_filled = |amount: Amount| row.amount(amount).unwrap_or(0) != 0;
            // Units within a kind's limit where nothing is over it are right, or L046's.
            let amount = Amount::OverKindLimit;
            if !is_filled(amount) {
                return None;
            }
            (!has_limit).then_some((*row, amount))
        });
        if let Some((row, amount)) = wrong {
            people += 1;
            first.get_or_insert((row, month.benefits, amount));
        }
    }
    if let Some((row, benefits, amount)) = first {
        cx.report_at(&KIND_LIMIT_WITHOUT_LIMIT, benefits, row.at, Some(amount.field()))
            .found(row.amount(amount).unwrap_or(0).to_string())
            .arg(text(&row.service_kind()))
            .arg(people);
    }
}

/// 短期入所療養介護 is limited under 22 (25 for prevention), whatever the facility.
const fn family(kind: [u8; 2]) -> [u8; 2] {
    match &kind {
        b"23" | b"2A" => *b"22",
        b"26" | b"2B" => *b"25",
        _ => kind,
    }
}
