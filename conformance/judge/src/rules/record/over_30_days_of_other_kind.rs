//! R046 `over-30-days-of-other-kind`.

use crate::rules::prelude::*;
use crate::rules::record::use_slip::UseSlip;

/// 短期入所以外の行に３０日超区分がある: the mark for more than 30 days outside stays.
pub(crate) static OVER_30_DAYS_OF_OTHER_KIND: Rule = Rule {
    code: "R046",
    name: "over-30-days-of-other-kind",
    title: Text::new(
        "短期入所以外の行に３０日超区分がある",
        "the mark for more than 30 days outside stays",
    ),
    explanation: Text::new(
        "３０日超区分は、短期入所を30日を超えて続けて使う日の印です。訪問や通所、福祉用具の行では0です。1のままだと、給付の対象から外れた行として取り込まれることがあります。",
        "The mark is for the days of a short stay beyond 30 in a row. Other services have 0; with 1 a row may be taken for one that is not covered.",
    ),
    message: Text::new(
        "{field}が1ですが、種類{0}は短期入所ではありません。",
        "{field} is 1, but kind {0} is no short stay.",
    ),
    fix: Text::new("短期入所以外の行では0を出力してください。", "Write 0 outside short stays."),
    source: Source::Fixed("L UPPLAN 23", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Record(&[FileKind::Upplan, FileKind::Upjsk, FileKind::Upsikyu], check),
    examples: Examples {
        fails: &["visit-over-30-days", "visit-over-30-days-in-table-7"],
        passes: &["stay-over-30-days", "K2"],
    },
};

/// Kinds of stays: short stays, and facilities used for a short time.
pub(crate) const fn is_stay(kind: &[u8]) -> bool {
    matches!(kind, [b'2', b'1'..=b'8' | b'A' | b'B'] | b"38" | b"39" | b"68" | b"69" | b"79")
}

fn check(cx: &mut RecordCx<'_>) {
    let (mark, code) = if cx.file.kind == FileKind::Upsikyu {
        (upsikyu::OVER_30_DAYS, upsikyu::SERVICE_CODE)
    } else {
        let fields = UseSlip::of(cx);
        (fields.over_30_days, fields.code)
    };
    if cx.get(mark) != b"1" {
        return;
    }
    let Some(code) = cx.sound(code) else { return };
    // What a sum may have there is the concern of `subtotal-row-filled`.
    let is_service = service_code::classify(code) == service_code::CodeClass::Service;
    if let (Some(kind), true) = (code.get(..2), is_service)
        && !is_stay(kind)
    {
        cx.report(&OVER_30_DAYS_OF_OTHER_KIND, mark).arg(ms932::decode_lossy(kind));
    }
}
