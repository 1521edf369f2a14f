//! X067 `service-kind-does-not-fit-care-level`.

use crate::rules::prelude::*;
use crate::rules::unit::tables_6_and_7::{supplement_of, text};

/// サービス種類が要介護度に合わない: a service kind that does not fit the care level.
pub(crate) static SERVICE_KIND_DOES_NOT_FIT_CARE_LEVEL: Rule = Rule {
    code: "X067",
    name: "service-kind-does-not-fit-care-level",
    title: Text::new(
        "サービス種類が要介護度に合わない",
        "a service kind that does not fit the care level",
    ),
    explanation: Text::new(
        "要介護の方は介護給付、要支援の方と事業対象者の方は予防給付と総合事業のサービスを使います（事業対象者の方の予防給付は、認定の前後で起こり得るため指摘しません）。月途中の区分変更、申請中、認定の始まる月は指摘しません。住民主体などの総合事業（A3・A4・A7・A8）は要介護の方が続けて使うことがあるため、指摘しません。利用者と年月ごとに1件です。",
        "People of 要介護 use long-term care, those of 要支援 and 事業対象者 prevention and municipal services (prevention for 事業対象者 may happen around a certification and is left alone). Not reported in months in which the level changes, is applied for or begins; nor municipal services of A3, A4, A7, A8, which people of 要介護 may go on using. One finding a person and month.",
    ),
    message: Text::new(
        "種類{0}のサービスがありますが、利用者補足情報の要介護状態区分は{1}です。",
        "There is a service of kind {0}, but the care level in the supplement is {1}.",
    ),
    fix: Text::new(
        "要介護状態区分とサービスコードのどちらが正しいか確認してください。",
        "Check which is right, care level or service code.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["RW 25"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &[
            "municipal-service-for-care-level-3",
            "municipal-service-from-the-first-of-the-month",
            "long-term-care-for-support-level",
            "long-term-care-for-a-person-of-the-municipal-services",
        ],
        passes: &[
            "K2",
            "K2/rich",
            "municipal-service-in-the-month-of-a-change",
            "municipal-service-in-the-month-of-certification",
        ],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    let (Some(plan), Some(file)) =
        (cx.unit.file(FileKind::Upplan), cx.unit.file(FileKind::Uphosoku))
    else {
        return;
    };
    for uses in plan.facts.uses_by_key() {
        let key = &plan.facts.keys[uses[0].key as usize];
        let Some((supplement, level)) = supplement_of(file, plan, uses[0].key) else { continue };
        let begins = supplement.limit_start / 100 == key.link && supplement.limit_start % 100 > 1;
        if !key.whole || supplement.is_changing || begins {
            continue;
        }
        if let Some(row) = uses.iter().find(|row| !fits(&level, &row.service_kind())) {
            let (kind, level) = (text(&row.service_kind()), text(&level));
            let name =
                |code: &str| service_kind::find(code.as_bytes()).map_or("", |kind| kind.name);
            let said = care_level::find(level.as_bytes()).map_or("", |level| level.name);
            cx.report_at(
                &SERVICE_KIND_DOES_NOT_FIT_CARE_LEVEL,
                plan,
                row.at,
                Some(upplan::SERVICE_CODE),
            )
            .arg(format!("{kind}（{}）", name(&kind)))
            .arg(format!("{level}（{said}）"));
        }
    }
}

/// Whether people of a level use services of a kind. Unknown levels and kinds do.
fn fits(level: &[u8; 2], kind: &[u8; 2]) -> bool {
    let is_municipal = kind[0] == b'A';
    let is_prevention = matches!(
        kind,
        b"24"
            | b"25"
            | b"26"
            | b"2B"
            | b"34"
            | b"39"
            | b"62"
            | b"63"
            | b"64"
            | b"66"
            | b"67"
            | b"69"
            | b"74"
            | b"75"
    );
    let is_covered =
        service_kind::find(kind).is_some_and(|kind| kind.scope == service_kind::Scope::Covered);
    match level {
        _ if !is_covered => true,
        b"06" | b"12" | b"13" => is_municipal || is_prevention,
        b"21" | b"22" | b"23" | b"24" | b"25" => {
            !is_prevention && !matches!(kind, b"A1" | b"A2" | b"A5" | b"A6")
        }
        _ => true,
    }
}
