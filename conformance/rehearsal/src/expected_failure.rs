//! Failures that are known and accepted for a time, so that a pipeline fails on new ones only.

use careplan_spec::Text;
use careplan_spec::calendar;
use serde::Deserialize;

use super::catalogue;

/// An item that is known to fail.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedFailure {
    /// Number of the item.
    pub item: String,
    /// Why it fails, and who works on it.
    pub reason: String,
    /// The last day on which it is accepted, YYYY-MM-DD; without it, always.
    pub until: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    expected: Vec<ExpectedFailure>,
}

/// The known failures of a product: `[[expected]]` tables in TOML.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExpectedFailures(Vec<ExpectedFailure>);

impl ExpectedFailures {
    /// Reads the file.
    ///
    /// # Errors
    /// It is no such file, names an item that does not exist or one twice, gives no reason, or a
    /// day that is none.
    pub fn parse(text: &str) -> Result<Self, Text<String>> {
        let refused = |ja: String, en: String| {
            Text::made(format!("既知の不合格のファイル：{ja}"), format!("expected failures: {en}"))
        };
        let written: Written =
            toml::from_str(text).map_err(|error| refused(error.to_string(), error.to_string()))?;
        let mut all: Vec<ExpectedFailure> = Vec::new();
        for mut expected in written.expected {
            let Some(item) = catalogue::find(&expected.item) else {
                return Err(refused(
                    format!("試験項目「{}」はありません", expected.item),
                    format!("there is no item {:?}", expected.item),
                ));
            };
            expected.item.clone_from(&item.id);
            if expected.reason.trim().is_empty() {
                return Err(refused(
                    format!("{}：reason（理由）を書いてください", item.id),
                    format!("{}: give a reason", item.id),
                ));
            }
            if expected.until.as_deref().is_some_and(|until| day(until).is_none()) {
                return Err(refused(
                    format!("{}：until が日付ではありません（例 2026-12-31）", item.id),
                    format!("{}: until is no day; write it like 2026-12-31", item.id),
                ));
            }
            if all.iter().any(|known| known.item == expected.item) {
                return Err(refused(
                    format!("{} が2回書かれています", item.id),
                    format!("{} stands there twice", item.id),
                ));
            }
            all.push(expected);
        }
        Ok(Self(all))
    }

    /// The entry of an item, whether it still holds or not.
    pub fn of(&self, item: &str) -> Option<&ExpectedFailure> {
        self.0.iter().find(|expected| expected.item == item)
    }
}

impl ExpectedFailure {
    /// Whether it holds on a day, YYYY-MM-DD.
    pub fn holds_on(&self, today: &str) -> bool {
        match (self.until.as_deref().map(day), day(today)) {
            (None, _) => true,
            (Some(until), Some(today)) => until >= Some(today),
            (Some(_), None) => false,
        }
    }
}

/// A day written YYYY-MM-DD, as a number.
pub fn day(text: &str) -> Option<u32> {
    let bytes = text.as_bytes();
    let is_shaped = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
    let digits: String = text.chars().filter(|ch| *ch != '-').collect();
    calendar::parse_date(digits.as_bytes()).filter(|_| is_shaped).map(calendar::Date::number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expectation_ends_after_its_last_day() {
        let text =
            "[[expected]]\nitem = \"d1-r-03\"\nreason = \"改行LF\"\nuntil = \"2026-11-30\"\n";
        let all = ExpectedFailures::parse(text).expect("a good file");
        let expected = all.of("D1-R-03").expect("it is named");
        assert!(expected.holds_on("2026-11-30") && !expected.holds_on("2026-12-01"));
        assert!(!expected.holds_on("nonsense"));
    }

    #[test]
    fn nonsense_is_refused() {
        for (text, reason) in [
            ("[[expected]]\nitem = \"D9-W-01\"\nreason = \"x\"", "no item"),
            ("[[expected]]\nitem = \"D1-W-01\"\nreason = \" \"", "give a reason"),
            ("[[expected]]\nitem = \"D1-W-01\"\nreason = \"x\"\nuntil = \"2026-02-30\"", "no day"),
            ("[[expected]]\nitem = \"D1-W-01\"\nreason = \"x\"\nif = \"y\"", "unknown field"),
        ] {
            let refused = ExpectedFailures::parse(text).expect_err(text);
            assert!(refused.en.contains(reason), "{}", refused.en);
        }
    }
}
