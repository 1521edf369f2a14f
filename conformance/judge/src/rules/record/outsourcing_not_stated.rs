//! R016 `outsourcing-not-stated`.

use crate::rules::prelude::*;

/// 委託の有無が書かれていない: 委託の有無 is not stated.
pub(crate) static OUTSOURCING_NOT_STATED: Rule = Rule {
    code: "R016",
    name: "outsourcing-not-stated",
    title: Text::new("委託の有無が書かれていない", "委託の有無 is not stated"),
    explanation: Text::new(
        "地域包括支援センターでも居宅介護支援事業所でも記入する項目ですが、必須の○ではなく「必要」の印だけが付いています。",
        "The item is to be filled by both kinds of offices, but carries 必要, not 必須.",
    ),
    message: Text::new("{field}が空です。", "{field} is empty."),
    fix: Text::new("1（自前）か2（委託）を出力してください。", "Write 1 (own) or 2 (entrusted)."),
    source: Source::Fixed("L UPKIHON 6", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R41", "OQ B2"],
    check: Check::Record(&[FileKind::Upkihon, FileKind::Upyobo], check),
    examples: Examples {
        fails: &["outsourcing-empty", "outsourcing-empty-in-basic-information"],
        passes: &["Y1"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let field = match cx.file.kind {
        FileKind::Upkihon => upkihon::OUTSOURCED,
        _ => upyobo::OUTSOURCED,
    };
    if cx.get(field).is_empty() {
        cx.report(&OUTSOURCING_NOT_STATED, field).expected_by_row();
    }
}
