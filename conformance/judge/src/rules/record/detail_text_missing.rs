//! R015 `detail-text-missing`.

use crate::rules::prelude::*;

/// 「その他」などの内容が書かれていない: the text that a choice asks for is missing.
pub(crate) static DETAIL_TEXT_MISSING: Rule = Rule {
    code: "R015",
    name: "detail-text-missing",
    title: Text::new(
        "「その他」などの内容が書かれていない",
        "the text that a choice asks for is missing",
    ),
    explanation: Text::new(
        "相談方法が03（その他）なら項目9に、現況が02（入院・入所中）なら項目13に内容を書きます。",
        "Method 03 (other) asks for a text in item 9, status 02 (in hospital) for one in item 13.",
    ),
    message: Text::new("{field}が空です（{0}）。", "{field} is empty ({0})."),
    fix: Text::new(
        "選択に応じた内容を入力してください。",
        "Enter the text that belongs to the choice.",
    ),
    source: Source::Fixed("L UPKIHON 8, 12", Basis::Stated),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R40"],
    check: Check::Record(&[FileKind::Upkihon], check),
    examples: Examples {
        fails: &["other-method-unexplained", "hospital-unexplained"],
        passes: &["Y1", "other-method-explained"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let pairs = [
        (
            upkihon::CONSULTATION_METHOD,
            b"03",
            upkihon::CONSULTATION_METHOD_OTHER,
            Text::new("相談方法が03（その他）のとき", "the method is 03, other"),
        ),
        (
            upkihon::USER_CURRENT_STATUS,
            b"02",
            upkihon::USER_CURRENT_STATUS_NOTE,
            Text::new("現況が02（入院又は入所中）のとき", "the status is 02, in hospital"),
        ),
    ];
    for (choice, code, text, why) in pairs {
        if cx.get(choice) == code && cx.get(text).is_empty() {
            cx.report(&DETAIL_TEXT_MISSING, text).arg(why);
        }
    }
}
