//! R020 `actual-of-other-office`.

use crate::rules::prelude::*;

/// 実績に、送信元ではない事業所の行がある: an actual of an office other than the sender.
pub(crate) static ACTUAL_OF_OTHER_OFFICE: Rule = Rule {
    code: "R020",
    name: "actual-of-other-office",
    title: Text::new(
        "実績に、送信元ではない事業所の行がある",
        "an actual of an office other than the sender",
    ),
    explanation: Text::new(
        "サービス事業所は自事業所の実績を返します。居宅介護支援事業所が地域包括支援センターへ転送するときは、ほかの事業所の行で正しいため、指摘しません。",
        "A service office returns its own actuals. Forwarding from a care-management office to a support centre is not reported.",
    ),
    message: Text::new(
        "{field}「{found}」が送信元の事業所番号{0}と違います。",
        "{field}: {found} is not the sender {0}.",
    ),
    fix: Text::new(
        "送信元の事業所が提供したサービスだけを出力してください。",
        "Write the services of the sending office only.",
    ),
    source: Source::Fixed("L UPJSK 20", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R16", "RW 6"],
    check: Check::Record(&[FileKind::Upjsk], check),
    examples: Examples {
        fails: &["actual-of-another-office", "actuals-under-the-number-of-the-hospital"],
        passes: &["S1", "actuals-forwarded", "old-version-actuals-forwarded"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let Some(name) = cx.file.name.as_ref() else { return };
    let planner = name.sender.service_kind.is_some_and(|kind| service_kind::is_planner(&kind));
    // Names of 3.x hold no kinds; the planner in charge forwards actuals too.
    let planner = planner || cx.get(upjsk::PLAN_OFFICE_NUMBER) == name.sender.office;
    let Some(office) = cx.sound(upjsk::SERVICE_OFFICE_NUMBER) else { return };
    if office != name.sender.office && !planner {
        let sender = name.sender.office().to_owned();
        cx.report(&ACTUAL_OF_OTHER_OFFICE, upjsk::SERVICE_OFFICE_NUMBER)
            .arg(sender.as_str())
            .expected(sender.as_str());
    }
}
