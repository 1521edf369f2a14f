//! L069 `actuals-for-another-planner`.

use crate::rules::file::parties::{self, text};
use crate::rules::prelude::*;

/// 実績のプラン担当業者が送信先と違う: actuals of plans of another planner than the receiver.
pub(crate) static ACTUALS_FOR_ANOTHER_PLANNER: Rule = Rule {
    code: "L069",
    name: "actuals-for-another-planner",
    title: Text::new(
        "実績のプラン担当業者が送信先と違う",
        "actuals of plans of another planner than the receiver",
    ),
    explanation: Text::new(
        "実績は、その予定を送ってきた居宅介護支援事業所へ返します。プラン担当業者コードを、名前の送信先と比べます。地域包括支援センターが関わる委託と、居宅介護支援事業所からの転送は指摘しません。ファイルごとに1件です。",
        "Actuals go back to the planner whose plan they follow: プラン担当業者コード is compared with the receiver of the name. Entrusted cases with a support centre and forwarding by a planner are left alone. One finding a file.",
    ),
    message: Text::new(
        "{field}が{found}ですが、名前の送信先は{expected}です（{0}件）。",
        "{field} is {found}, but the receiver in the name is {expected} ({0} records).",
    ),
    fix: Text::new(
        "送信先ごとに、その事業所の利用者だけを出力してください。",
        "Export for each receiver the people whose plans it made.",
    ),
    source: Source::Fixed("L UPJSK 6", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["RW 6"],
    check: Check::File(&[FileKind::Upjsk], check),
    examples: Examples {
        fails: &["actuals-of-plans-of-another-planner"],
        passes: &["S1", "actuals-forwarded", "actuals-of-plans-of-a-support-centre"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let Some(name) = &cx.file.name else { return };
    if parties::may_entrust(&name.receiver) || parties::is_planner(&name.sender) {
        return;
    }
    // That they go to no planner at all is said of the direction (X012).
    if name.receiver.service_kind.is_some() && !parties::is_planner(&name.receiver) {
        return;
    }
    let mut others = cx.facts.makers.iter().filter(|makers| {
        makers.planner[0] != 0
            && makers.planner != name.receiver.office
            // 3.x names hold no kinds: a planner forwards what was sent to it.
            && makers.planner != name.sender.office
            && !parties::is_support_centre(&makers.planner)
            && office_number::doubt(&makers.planner).is_none()
    });
    let Some(first) = others.next().copied() else { return };
    let count = first.count + others.map(|makers| makers.count).sum::<u32>();
    let receiver = text(&name.receiver.office);
    cx.report_at(&ACTUALS_FOR_ANOTHER_PLANNER, first.at, Some(upjsk::PLAN_OFFICE_NUMBER))
        .found(text(&first.planner))
        .expected(receiver)
        .arg(i64::from(count));
}
