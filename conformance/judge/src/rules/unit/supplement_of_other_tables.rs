//! X017 `supplement-of-other-tables`.

use crate::rules::prelude::*;

/// 補足情報の名前の年月が、一緒に送る表と合わない: the supplement's month does not fit the tables sent along.
pub(crate) static SUPPLEMENT_OF_OTHER_TABLES: Rule = Rule {
    code: "X017",
    name: "supplement-of-other-tables",
    title: Text::new(
        "補足情報の名前の年月が、一緒に送る表と合わない",
        "the supplement's month does not fit the tables sent along",
    ),
    explanation: Text::new(
        "利用者補足情報の名前の年月は、1〜3表と送るときは000000、6・7表と送るときはサービス提供年月です。",
        "In names of supplements the month is 000000 with tables 1 to 3 and the service month with tables 6 and 7.",
    ),
    message: Text::new(
        "利用者補足情報の名前の年月が{0}です（一緒に送る表から見て{1}）。",
        "The month in the supplement's name is {0}; with these tables it is {1}.",
    ),
    fix: Text::new(
        "ファイル名の年月を、一緒に送る表に合わせてください。",
        "Name the supplement after the tables it belongs to.",
    ),
    source: Source::Fixed("S 2.3, L UPHOSOKU ファイル名", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Overlooks(
        "the kinds make a unit; whether the server also compares the months in names is not public",
    ),
    covers: &["K02", "K04", "RW 1"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["supplement-named-for-the-plan", "supplement-of-the-other-tables"],
        passes: &["K1", "K2"],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    let Some(supplement) = cx.unit.file(FileKind::Uphosoku) else { return };
    let month_of = |file: UnitFile<'_>| file.header.name.as_ref().and_then(|name| name.month);
    let Some(found) = month_of(supplement) else { return };
    let expected = if cx.unit.file(FileKind::Up1kyo).is_some() {
        Some(*b"000000")
    } else {
        cx.unit.file(FileKind::Upplan).and_then(month_of)
    };
    if let Some(expected) = expected
        && expected != found
    {
        let text = |month: [u8; 6]| String::from_utf8_lossy(&month).into_owned();
        cx.report_at(&SUPPLEMENT_OF_OTHER_TABLES, supplement, RecordRef::default(), None)
            .found(text(found))
            .expected(text(expected))
            .arg(text(found))
            .arg(text(expected));
    }
}
