//! F016 `service-code-characters`.

use crate::rules::prelude::*;

/// サービスコードに見慣れない文字がある: unusual characters in a service code.
pub(crate) static SERVICE_CODE_CHARACTERS: Rule = Rule {
    code: "F016",
    name: "service-code-characters",
    title: Text::new(
        "サービスコードに見慣れない文字がある",
        "unusual characters in a service code",
    ),
    explanation: Text::new(
        "公開されているコード表では、種類は数字とA・B、項目は先頭だけが英字になります。",
        "In public tables kinds are digits and A or B, and only the first character of an item is a letter.",
    ),
    message: Text::new(
        "{field}の値「{found}」は公開のコード表にない形です。",
        "{field}: {found} has a form that public tables do not have.",
    ),
    fix: Text::new(
        "最新のサービスコード表の半角のコードを出力してください。",
        "Write the code of the current table, half width.",
    ),
    source: Source::Fixed("L UPPLAN 15", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R07", "RW 11"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &[
            "service-code-in-lower-case",
            "service-code-with-the-letter-o",
            "service-code-in-lower-case-in-table-7",
        ],
        passes: &["municipal-service-code", "K2", "name-of-six-bytes"],
    },
};

fn applies(field: &Field) -> bool {
    matches!(field.format, Format::ServiceCode | Format::ServiceCodeOrTotal)
}

fn holds(field: &Field, value: &[u8]) -> bool {
    let total = field.format == Format::ServiceCodeOrTotal
        && service_code::classify(value) != service_code::CodeClass::Service;
    total || value.len() != 6 || service_code::has_usual_characters(value)
}

fn report(_: &mut FieldCx<'_>) {}
