//! F027 `unusual-benefit-rate`.

use crate::rules::prelude::*;

/// 見慣れない給付率: an unusual benefit rate.
pub(crate) static UNUSUAL_BENEFIT_RATE: Rule = Rule {
    code: "F027",
    name: "unusual-benefit-rate",
    title: Text::new("見慣れない給付率", "an unusual benefit rate"),
    explanation: Text::new(
        "給付率は90・80・70が普通で、生活保護単独や30日超の行は0になります。仕様は単位を明記していませんが、百分率と読むのが通例です。",
        "90, 80 and 70 are usual, 0 for public assistance and days over 30. The unit is not stated; percent is customary.",
    ),
    message: Text::new(
        "{field}の「{found}」は見慣れない給付率です。",
        "{field}: {found} is unusual.",
    ),
    fix: Text::new(
        "百分率の整数（例 90）か確認してください。",
        "Check that it is a percentage such as 90.",
    ),
    source: Source::Fixed("L UPSIKYU 25", Basis::Inferred),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &["OQ C16"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &["benefit-rate-in-tenths", "benefit-rate-of-110"],
        passes: &["K2", "benefit-rate-of-100"],
    },
};

fn applies(field: &Field) -> bool {
    field.constant == "BENEFIT_RATE"
}

fn holds(_: &Field, value: &[u8]) -> bool {
    let rate = std::str::from_utf8(value).ok().and_then(|text| text.parse::<u16>().ok());
    rate.is_none_or(|rate| price::BENEFIT_RATES.contains(&rate))
}

fn report(cx: &mut FieldCx<'_>) {
    let rates = price::BENEFIT_RATES.map(|rate| rate.to_string());
    cx.draft.expected(Text::made(rates.join("、"), rates.join(", ")));
}
