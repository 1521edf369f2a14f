//! L003 `month-in-basic-information-name`.

use crate::rules::prelude::*;
use careplan_spec::file_name::Quirk;
use careplan_spec::file_name::Reading;

/// 利用者基本情報の名前に年月の要素がある: a month in the name of basic information.
pub(crate) static MONTH_IN_BASIC_INFORMATION_NAME: Rule = Rule {
    code: "L003",
    name: "month-in-basic-information-name",
    title: Text::new(
        "利用者基本情報の名前に年月の要素がある",
        "a month in the name of basic information",
    ),
    explanation: Text::new(
        "本文3.4の例は「UPKIHON_000000_…」ですが、レイアウト定義書の規約に年月はありません。相手によってどちらかしか読めません。",
        "An example in section 3.4 has UPKIHON_000000_…, the naming rule of the annex has no month. Some partners read one form only.",
    ),
    message: Text::new(
        "名前に年月（000000）が入っています。定義書の規約では入りません。",
        "The name holds a month (000000), which the rule of the annex does not have.",
    ),
    fix: Text::new(
        "UPKIHON_に続けて送信元の番号を書いてください。",
        "Write the sender directly after UPKIHON_.",
    ),
    source: Source::Fixed("S 3.4, L UPKIHON", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["F13", "OQ C4"],
    check: Check::File(&[], check),
    examples: Examples { fails: &["month-in-the-name-of-basic-information"], passes: &["Y1"] },
};

fn check(cx: &mut FileCx<'_>) {
    if let Reading::Standard { name, quirks } = &cx.file.reading
        && quirks.contains(&Quirk::MonthInBasicInformation)
    {
        let (found, expected) = (cx.file.base_name.clone(), name.compose());
        cx.report(&MONTH_IN_BASIC_INFORMATION_NAME).found(found).expected(expected);
    }
}
