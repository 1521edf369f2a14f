//! R001 `service-date-outside-month`.

use crate::rules::prelude::*;
use crate::rules::record::use_slip::UseSlip;

/// 利用日が対象年月の外にある: the service date is outside the month.
pub(crate) static SERVICE_DATE_OUTSIDE_MONTH: Rule = Rule {
    code: "R001",
    name: "service-date-outside-month",
    title: Text::new("利用日が対象年月の外にある", "the service date is outside the month"),
    explanation: Text::new(
        "サービス利用日は対象年月の中の日です。福祉用具貸与や月額の包括サービスでも、その月の日付を入れます。",
        "The service date lies in the service month, for rented equipment and monthly services too.",
    ),
    message: Text::new(
        "{field}「{found}」が対象年月{0}の日ではありません。",
        "{field}: {found} is not in the month {0}.",
    ),
    fix: Text::new(
        "対象年月の中の実際の利用日を出力してください。別の月の分は別のファイルにします。",
        "Write the real date; other months go into other files.",
    ),
    source: Source::Fixed("L UPPLAN 10", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["R01", "RW 9"],
    check: Check::Record(crate::rules::record::use_slip::KINDS, check),
    examples: Examples {
        fails: &["service-date-next-month", "service-date-of-another-month"],
        passes: &["S1", "target-month-of-zeros"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let fields = UseSlip::of(cx);
    let (Some(date), Some(month)) = (cx.sound(fields.service_date), cx.sound(fields.target_month))
    else {
        return;
    };
    if date.len() == 8 && date[..6] != *month && month != b"000000" {
        let month = String::from_utf8_lossy(month).into_owned();
        cx.report(&SERVICE_DATE_OUTSIDE_MONTH, fields.service_date)
            .arg(month.as_str())
            .expected(month.as_str());
    }
}
