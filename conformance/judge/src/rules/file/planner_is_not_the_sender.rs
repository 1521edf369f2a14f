//! L066 `planner-is-not-the-sender`.

use crate::rules::file::parties::{self, text};
use crate::rules::prelude::*;

/// 計画を作った事業所が送信元と違う: the planner is not the sender.
pub(crate) static PLANNER_IS_NOT_THE_SENDER: Rule = Rule {
    code: "L066",
    name: "planner-is-not-the-sender",
    title: Text::new("計画を作った事業所が送信元と違う", "the planner is not the sender"),
    explanation: Text::new(
        "計画や予定は、それを作った居宅介護支援事業所が送ります。第1表の介護支援事業者コード、第6表のプラン担当業者コードを、名前の送信元と比べます。地域包括支援センターが関わる委託、ほかの居宅介護支援事業所へ渡す場合、第6表を担当の事業所自身が更新した場合は指摘しません。ファイルごとに1件です。",
        "Plans are sent by the planner who made them. The planner in table 1 or 6 is compared with the sender of the name; entrusted cases with a support centre, sending to another planner and tables 6 that the planner in charge updated itself are left alone. One finding a file.",
    ),
    message: Text::new(
        "{field}が{found}ですが、名前の送信元は{expected}です（{0}件）。",
        "{field} is {found}, but the sender in the name is {expected} ({0} records).",
    ),
    fix: Text::new(
        "ファイル名の送信元と、計画を作った事業所の番号を確認してください。",
        "Check the sender in the name and the number of the planner.",
    ),
    source: Source::Fixed("L UP1KYO 13, L UPPLAN 6", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["RW 6"],
    check: Check::File(&[FileKind::Up1kyo, FileKind::Upplan], check),
    examples: Examples {
        fails: &["table-1-of-another-planner", "table-6-of-another-planner"],
        passes: &["K1", "K2", "plan-of-another-planner", "table-1-of-a-support-centre"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let Some(name) = &cx.file.name else { return };
    if parties::may_entrust(&name.sender) || parties::is_planner(&name.receiver) {
        return;
    }
    // That somebody else sends plans at all is said of the direction (X012).
    if name.sender.service_kind.is_some() && !parties::is_planner(&name.sender) {
        return;
    }
    let (field, is_table_1) = match cx.file.kind {
        FileKind::Up1kyo => (up1kyo::PLANNER_OFFICE_NUMBER, true),
        _ => (upplan::PLAN_OFFICE_NUMBER, false),
    };
    let mut others = cx.facts.makers.iter().filter(|makers| {
        makers.planner[0] != 0
            && makers.planner != name.sender.office
            && !parties::is_support_centre(&makers.planner)
            && office_number::doubt(&makers.planner).is_none()
            && (is_table_1 || makers.updated_by != makers.planner)
    });
    let Some(first) = others.next().copied() else { return };
    let count = first.count + others.map(|makers| makers.count).sum::<u32>();
    let sender = text(&name.sender.office);
    cx.report_at(&PLANNER_IS_NOT_THE_SENDER, first.at, Some(field))
        .found(text(&first.planner))
        .expected(sender)
        .arg(i64::from(count));
}
