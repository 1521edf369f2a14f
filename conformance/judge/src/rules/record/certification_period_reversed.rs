//! R022 `certification-period-reversed`.

use crate::rules::prelude::*;

/// 期間の終わりが始まりより前: a period that ends before it starts.
pub(crate) static CERTIFICATION_PERIOD_REVERSED: Rule = Rule {
    code: "R022",
    name: "certification-period-reversed",
    title: Text::new("期間の終わりが始まりより前", "a period that ends before it starts"),
    explanation: Text::new(
        "認定有効期間や限度額適用期間の開始日と終了日が逆になっています。",
        "Start and end of a period are reversed.",
    ),
    message: Text::new(
        "{field}「{found}」が開始日より前です。",
        "{field}: {found} is before the start.",
    ),
    fix: Text::new("開始日と終了日を確認してください。", "Check start and end."),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["RW 25"],
    check: Check::Record(
        &[FileKind::Up1kyo, FileKind::Uphosoku, FileKind::Upkihon, FileKind::Upyobo],
        check,
    ),
    examples: Examples {
        fails: &[
            "certification-period-reversed",
            "limit-period-reversed",
            "certification-period-reversed-in-basic-information",
            "certification-period-reversed-in-a-prevention-plan",
        ],
        passes: &["K1", "certification-of-one-day"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let (start, end) = match cx.file.kind {
        FileKind::Up1kyo => (up1kyo::CERTIFICATION_START_DATE, up1kyo::CERTIFICATION_END_DATE),
        FileKind::Uphosoku => (uphosoku::LIMIT_START_DATE, uphosoku::LIMIT_END_DATE),
        FileKind::Upkihon => (upkihon::CERTIFICATION_START_DATE, upkihon::CERTIFICATION_END_DATE),
        _ => (upyobo::CERTIFICATION_START_DATE, upyobo::CERTIFICATION_END_DATE),
    };
    if let (Some(first), Some(last)) = (cx.date(start), cx.date(end))
        && last < first
    {
        cx.report(&CERTIFICATION_PERIOD_REVERSED, end);
    }
}
