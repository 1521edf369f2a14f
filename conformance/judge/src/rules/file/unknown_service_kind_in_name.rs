//! L005 `unknown-service-kind-in-name`.

use crate::rules::prelude::*;

/// ファイル名のサービス種類が知られていない: an unknown service kind in the name.
pub(crate) static UNKNOWN_SERVICE_KIND_IN_NAME: Rule = Rule {
    code: "L005",
    name: "unknown-service-kind-in-name",
    title: Text::new(
        "ファイル名のサービス種類が知られていない",
        "an unknown service kind in the name",
    ),
    explanation: Text::new(
        "受け取る側は、送信先のサービス種類で部署やソフトを振り分けます。",
        "Receivers sort files by the service kind in the name.",
    ),
    message: Text::new(
        "ファイル名の{0}のサービス種類「{1}」は知られていません。",
        "The {0}'s service kind {1} in the name is unknown.",
    ),
    fix: Text::new(
        "居宅介護支援は43、サービス事業所は提供する種類の2桁のコードにしてください。",
        "Write 43 for care management, else the two-character kind of the service.",
    ),
    source: Source::Fixed("L ファイル名", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["F16"],
    check: Check::File(&[], check),
    examples: Examples {
        fails: &["kind-in-name-nobody-knows", "sender-kind-in-name-nobody-knows"],
        passes: &["K4"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let Some(name) = cx.file.name.clone() else { return };
    let sides = [
        (name.sender, Text::new("送信元", "sender")),
        (name.receiver, Text::new("送信先", "receiver")),
    ];
    for (party, side) in sides {
        let Some(kind) = party.service_kind else { continue };
        if service_kind::find(&kind).is_none() {
            let kind = String::from_utf8_lossy(&kind).into_owned();
            cx.report(&UNKNOWN_SERVICE_KIND_IN_NAME).arg(side).arg(kind);
        }
    }
}
