//! R019 `updated-by-other-office`.

use crate::rules::prelude::*;

/// 更新業者コードが送信元と違う: 更新業者コード is not the sender.
pub(crate) static UPDATED_BY_OTHER_OFFICE: Rule = Rule {
    code: "R019",
    name: "updated-by-other-office",
    title: Text::new("更新業者コードが送信元と違う", "更新業者コード is not the sender"),
    explanation: Text::new(
        "予定では居宅介護支援事業所、実績ではサービス事業所の番号を入れると注記されています。委託で転送するときなど、違っていてよい場合もあります。",
        "It is the care-management office in plans and the service office in actuals; forwarding of entrusted cases is an exception.",
    ),
    message: Text::new(
        "{field}「{found}」が送信元の事業所番号{0}と違います。",
        "{field}: {found} is not the sender {0}.",
    ),
    fix: Text::new(
        "出力した事業所の番号を入れてください。",
        "Write the number of the office that made the file.",
    ),
    source: Source::Fixed("L UPPLAN 24", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R15"],
    check: Check::Record(crate::rules::record::use_slip::KINDS, check),
    examples: Examples {
        fails: &["updated-by-the-planner", "plan-updated-by-the-provider"],
        passes: &["K2", "plan-of-another-planner", "actuals-forwarded"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let Some(name) = cx.file.name.as_ref() else { return };
    let (field, forwarded) = match cx.file.kind {
        FileKind::Upplan => (upplan::UPDATED_BY_OFFICE_NUMBER, false),
        _ => {
            // 居宅 → 包括: actuals of others are passed on (S 3.1).
            let kind = |party: &file_name::Party| {
                party.service_kind.is_some_and(|kind| service_kind::is_planner(&kind))
            };
            (upjsk::UPDATED_BY_OFFICE_NUMBER, kind(&name.sender) && kind(&name.receiver))
        }
    };
    let Some(office) = cx.sound(field) else { return };
    // In entrusted cases the planner in charge may have made the plan that another office sends.
    let planned = cx.file.kind == FileKind::Upplan && office == cx.get(upplan::PLAN_OFFICE_NUMBER);
    if office != name.sender.office && !forwarded && !planned {
        let sender = name.sender.office().to_owned();
        cx.report(&UPDATED_BY_OTHER_OFFICE, field).arg(sender.as_str()).expected(sender.as_str());
    }
}
