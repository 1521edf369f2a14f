//! F017 `malformed-per-diem-bitmap`.

use crate::rules::prelude::*;

/// 日割対象日の形式が正しくない: a malformed 日割対象日.
pub(crate) static MALFORMED_PER_DIEM_BITMAP: Rule = Rule {
    code: "F017",
    name: "malformed-per-diem-bitmap",
    title: Text::new("日割対象日の形式が正しくない", "a malformed 日割対象日"),
    explanation: Text::new(
        "日割り請求のときだけ、31日分を0と1の31桁で書きます。表計算ソフトで開くと「1.11E+30」のような形に壊れます。",
        "For per-diem claims only: 31 characters 0 or 1. Spreadsheets turn them into 1.11E+30.",
    ),
    message: Text::new(
        "{field}の値「{found}」は0と1の31桁ではありません。",
        "{field}: {found} is not 31 characters 0 or 1.",
    ),
    fix: Text::new(
        "日割りでなければ空、日割りなら左端を1日として31桁の0と1を出力してください。",
        "Leave it empty, or write 31 characters 0 or 1, the first for day 1.",
    ),
    source: Source::Row,
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["R05", "F21", "RW 15"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &[
            "per-diem-in-scientific-notation",
            "per-diem-of-thirty-digits",
            "per-diem-of-32-digits",
            "per-diem-with-a-two",
        ],
        passes: &["per-diem-to-the-last-day"],
    },
};

fn applies(field: &Field) -> bool {
    field.format == Format::PerDiemBitmap
}

fn holds(_: &Field, value: &[u8]) -> bool {
    value.len() == 31 && value.iter().all(|byte| matches!(byte, b'0' | b'1'))
}

fn report(cx: &mut FieldCx<'_>) {
    let bits = cx.value.iter().all(|byte| matches!(byte, b'0' | b'1'));
    if let Some(hint) = crate::rules::field::cause::of_digits(cx.value) {
        cx.draft.hint(hint);
    } else if bits && cx.value.len() < 31 {
        let found = cx.value.len();
        cx.draft.hint(Text::made(
            format!("{found}桁しかありません。先頭の0が落ちたか、月の日数で切られています。"),
            format!(
                "There are {found}: leading zeros were lost, or it was cut at the month's end."
            ),
        ));
    }
}
