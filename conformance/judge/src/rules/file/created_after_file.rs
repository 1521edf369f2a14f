//! L040 `created-after-file`.

use crate::rules::prelude::*;

/// 作成年月日がファイルの日時より後: records made after their file.
pub(crate) static CREATED_AFTER_FILE: Rule = Rule {
    code: "L040",
    name: "created-after-file",
    title: Text::new("作成年月日がファイルの日時より後", "records made after their file"),
    explanation: Text::new(
        "作成年月日が、ファイル名の日時（連番の先頭8桁）より後の日付です。帳票の作成日に翌月1日などを入れているか、連番に出力した日時ではない値を使っています。後の連番を正しい版とみなす受け取り側では、順序が入れ替わることがあります。同じファイルでは1回だけ、最も後の日付をお知らせします。",
        "The date of creation is later than the day in the file name: the first of the next month as the date of the form, or a sequence that is not the time of the export. Receivers take the later sequence for the newer version. Said once a file, of the latest date.",
    ),
    message: Text::new(
        "作成年月日{0}が、ファイル名の日付{1}より後です。",
        "The date of creation {0} is after {1}, the day in the file name.",
    ),
    fix: Text::new(
        "作成年月日と、連番に使う日時を確認してください。",
        "Check the date of creation, and what the sequence is made of.",
    ),
    source: Source::Fixed("S 2.4", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["F17"],
    check: Check::File(
        &[
            FileKind::Up1kyo,
            FileKind::Up2kyo,
            FileKind::Up3kyo,
            FileKind::Upplan,
            FileKind::Upjsk,
            FileKind::Upsikyu,
        ],
        check,
    ),
    examples: Examples {
        fails: &["created-the-day-after-the-file", "everything-created-after-the-file"],
        passes: &["K2", "created-on-the-day-of-the-file"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let (created, at) = cx.facts.latest_created;
    let Some(made) = made_on(cx.file) else { return };
    if created <= made.number() {
        return;
    }
    let field = match cx.file.kind {
        FileKind::Up1kyo => up1kyo::CREATED_DATE,
        FileKind::Up2kyo => up2kyo::PLAN_DOCUMENT_CREATED_DATE,
        FileKind::Up3kyo => up3kyo::WEEKLY_PLAN_CREATED_DATE,
        FileKind::Upplan => upplan::CREATED_DATE,
        FileKind::Upjsk => upjsk::CREATED_DATE,
        _ => upsikyu::CREATED_DATE,
    };
    cx.report_at(&CREATED_AFTER_FILE, at, Some(field))
        .arg(created.to_string())
        .arg(made.to_string());
}
