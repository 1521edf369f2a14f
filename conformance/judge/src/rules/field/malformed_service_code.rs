//! F015 `malformed-service-code`.

use crate::rules::prelude::*;

/// サービスコードの桁数が違う: a service code of the wrong length.
pub(crate) static MALFORMED_SERVICE_CODE: Rule = Rule {
    code: "F015",
    name: "malformed-service-code",
    title: Text::new("サービスコードの桁数が違う", "a service code of the wrong length"),
    explanation: Text::new(
        "サービスコードは種類2桁と項目4桁の6桁です。",
        "Service codes have six characters: kind 2, item 4.",
    ),
    message: Text::new(
        "{field}の値「{found}」は6桁のサービスコードではありません。",
        "{field}: {found} is not a service code of six characters.",
    ),
    fix: Text::new(
        "種類コード2桁に項目コード4桁を続けて出力してください。",
        "Write the kind and the item code together.",
    ),
    source: Source::Row,
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["R07", "F21"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &["service-code-without-kind", "service-code-of-seven-characters"],
        passes: &["S1"],
    },
};

fn applies(field: &Field) -> bool {
    matches!(field.format, Format::ServiceCode | Format::ServiceCodeOrTotal)
}

fn holds(_: &Field, value: &[u8]) -> bool {
    value.len() == 6
}

fn report(cx: &mut FieldCx<'_>) {
    if cx.value.len() == 4 {
        cx.draft.hint(Text::new("種類コード2桁が抜けています。", "The kind is missing."));
    }
}
