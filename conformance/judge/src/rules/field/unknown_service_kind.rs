//! F031 `unknown-service-kind`.

use crate::rules::prelude::*;

/// 知られていないサービス種類コード: an unknown service kind.
pub(crate) static UNKNOWN_SERVICE_KIND: Rule = Rule {
    code: "F031",
    name: "unknown-service-kind",
    title: Text::new("知られていないサービス種類コード", "an unknown service kind"),
    explanation: Text::new(
        "サービス種類コードは公表された2桁のコードです。",
        "Service kinds are published codes of two characters.",
    ),
    message: Text::new(
        "{field}の値「{found}」は知られていないサービス種類コードです。",
        "{field}: {found} is no known service kind.",
    ),
    fix: Text::new(
        "2桁の種類コードを半角で出力してください。",
        "Write the two-character kind, half width.",
    ),
    source: Source::Row,
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F20", "P01"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &["service-kind-of-one-digit", "service-kind-nobody-knows"],
        passes: &["S2"],
    },
};

fn applies(field: &Field) -> bool {
    field.format == Format::ServiceKind
}

fn holds(_: &Field, value: &[u8]) -> bool {
    service_kind::find(value).is_some()
}

fn report(cx: &mut FieldCx<'_>) {
    if service_kind::is_well_formed(cx.value) {
        // The list of kinds is not part of the layout: a new one may exist.
        cx.draft.at_most(Severity::Warning);
    }
}
