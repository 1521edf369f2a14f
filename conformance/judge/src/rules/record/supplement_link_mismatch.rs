//! R012 `supplement-link-mismatch`.

use crate::rules::prelude::*;

/// 利用者補足情報のひも付けが合わない: the user supplement is linked to the wrong tables.
pub(crate) static SUPPLEMENT_LINK_MISMATCH: Rule = Rule {
    code: "R012",
    name: "supplement-link-mismatch",
    title: Text::new(
        "利用者補足情報のひも付けが合わない",
        "the user supplement is linked to the wrong tables",
    ),
    explanation: Text::new(
        "利用者補足情報は、1〜3表と送るときは計画作成日で（対象年月は000000）、6・7表と送るときは対象年月で（計画作成日は00000000）ひも付けます。ファイル名の年月とも一致させます。",
        "With tables 1 to 3 the supplement is linked by the plan date (month 000000), with tables 6 and 7 by the month (plan date 00000000); the name agrees.",
    ),
    message: Text::new("{field}が「{found}」です（{0}）。", "{field} is {found} ({0})."),
    fix: Text::new(
        "一緒に送る表に合わせて、項目4・項目63・ファイル名の年月をそろえてください。",
        "Make items 4 and 63 and the month in the name agree with the tables sent along.",
    ),
    source: Source::Fixed("S 2.3, L UPHOSOKU 4, 63", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["K02", "K04", "RW 1"],
    check: Check::Record(&[FileKind::Uphosoku], check),
    examples: Examples {
        fails: &[
            "supplement-of-a-month-with-plan-date",
            "supplement-of-a-plan-with-month",
            "supplement-of-a-plan-without-date",
            "supplement-of-a-month-without-month",
        ],
        passes: &["K1", "K2"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let Some(name) = cx.file.name.as_ref() else { return };
    let Some(in_name) = name.month else { return };
    let (date, month) = (cx.sound(uphosoku::PLAN_DATE), cx.sound(uphosoku::TARGET_MONTH));
    if &in_name == b"000000" {
        if month.is_some_and(|month| month != b"000000") {
            cx.report(&SUPPLEMENT_LINK_MISMATCH, uphosoku::TARGET_MONTH)
                .arg(Text::new(
                    "ファイル名の年月は000000、つまり1〜3表用です",
                    "the name says 000000, so it belongs to tables 1 to 3",
                ))
                .expected("000000");
        }
        if date == Some(b"00000000") {
            cx.report(&SUPPLEMENT_LINK_MISMATCH, uphosoku::PLAN_DATE)
                .arg(Text::new(
                    "1〜3表用では第1表の計画作成（変更）日を入れます",
                    "with tables 1 to 3 it is the plan date of table 1",
                ))
                .expected(Text::new("第1表の計画作成（変更）日", "the plan date of table 1"));
        }
        return;
    }
    if month == Some(b"000000") {
        cx.report(&SUPPLEMENT_LINK_MISMATCH, uphosoku::TARGET_MONTH)
            .arg(Text::new(
                "6・7表用ではサービス提供年月を入れます",
                "with tables 6 and 7 it is the service month",
            ))
            .expected(String::from_utf8_lossy(&in_name).into_owned());
    }
    if date.is_some_and(|date| date != b"00000000") {
        cx.report(&SUPPLEMENT_LINK_MISMATCH, uphosoku::PLAN_DATE)
            .arg(Text::new("6・7表用では00000000です", "with tables 6 and 7 it is 00000000"))
            .expected("00000000");
    }
}
