//! R040 `implausible-birth-date`.

use crate::rules::prelude::*;

/// 生年月日がありそうにない: an unlikely birth date.
pub(crate) static IMPLAUSIBLE_BIRTH_DATE: Rule = Rule {
    code: "R040",
    name: "implausible-birth-date",
    title: Text::new("生年月日がありそうにない", "an unlikely birth date"),
    explanation: Text::new(
        "ファイル名の日時から見て、生年月日が未来であるか、120歳以上になります。和暦と西暦の取り違え（昭和15年を2015年など）や打ち間違いによく見られます。介護保険の被保険者は40歳以上なので、40歳未満も情報としてお知らせします。",
        "Seen from the day in the file name, the birth date lies in the future or makes the person 120 years old or more: often an era taken for a year. People insured under 介護保険 are 40 or older, so younger ones are mentioned too.",
    ),
    message: Text::new("{field}「{found}」は{0}。", "{field}: {found} {0}."),
    fix: Text::new(
        "被保険者証の生年月日を確認してください。",
        "Check the date on the insurance card.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Record(&[FileKind::Uphosoku, FileKind::Upkihon], check),
    examples: Examples {
        fails: &[
            "birth-date-in-the-future",
            "birth-date-120-years-ago",
            "birth-date-less-than-40-years-ago",
            "birth-date-in-the-future-in-basic-information",
        ],
        passes: &["K1", "birth-date-almost-120-years-ago", "birth-date-40-years-ago"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let field = match cx.file.kind {
        FileKind::Uphosoku => uphosoku::USER_BIRTH_DATE,
        _ => upkihon::USER_BIRTH_DATE,
    };
    let (Some(made), Some(born)) = (made_on(cx.file), cx.date(field)) else { return };
    // As YYYYMMDD both, so that the difference counts birthdays.
    let age = made.number().checked_sub(born.number()).map(|difference| difference / 10_000);
    let (why, severity) = match age {
        None => (Text::new("ファイルの日時より後です", "is after the file"), Severity::Warning),
        Some(120..) => (
            Text::new("120歳以上になります", "makes the person 120 years old or more"),
            Severity::Warning,
        ),
        Some(..40) => {
            (Text::new("40歳未満になります", "makes the person younger than 40"), Severity::Info)
        }
        Some(_) => return,
    };
    cx.report(&IMPLAUSIBLE_BIRTH_DATE, field).arg(why).at_most(severity);
}
