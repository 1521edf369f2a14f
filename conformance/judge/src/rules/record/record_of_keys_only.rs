//! R050 `record-of-keys-only`.

use crate::rules::prelude::*;

/// 番号と日付のほかに何もないレコード: a record with keys and nothing else.
pub(crate) static RECORD_OF_KEYS_ONLY: Rule = Rule {
    code: "R050",
    name: "record-of-keys-only",
    title: Text::new("番号と日付のほかに何もないレコード", "a record with keys and nothing else"),
    explanation: Text::new(
        "利用者の番号や日付、行の番号だけで、内容の項目がすべて空のレコードです。画面の空の行がそのまま出力されたときに見られ、受け取った側で空の行になります。",
        "Every item but numbers and dates is empty: an empty row of the screen that was exported, and becomes an empty row for the partner.",
    ),
    message: Text::new(
        "レコードの内容の項目がすべて空です。",
        "Every item of the record but its keys is empty.",
    ),
    fix: Text::new("空の行は出力しないでください。", "Leave out empty rows."),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Record(
        &[
            FileKind::Up2kyo,
            FileKind::Up3kyo,
            FileKind::UpkihonSub1,
            FileKind::UpkihonSub2,
            FileKind::UpyoboSub,
        ],
        check,
    ),
    examples: Examples {
        fails: &["weekly-record-of-keys-only", "annex-record-of-keys-only", "row-of-keys-only"],
        passes: &["K1", "Y1", "row-of-one-item"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let Some(layout) = cx.file.layout else { return };
    let is_key = |field: &Field| {
        field.required != Required::No
            || matches!(field.format, Format::SequenceNumber | Format::Unused)
            || field.constant == "UPDATED_BY_OFFICE_NUMBER"
    };
    let mut fields = layout.fields.iter().zip(cx.values).rev();
    if fields.all(|(field, value)| value.is_empty() || is_key(field)) {
        cx.report_record(&RECORD_OF_KEYS_ONLY);
    }
}
