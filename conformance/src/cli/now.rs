//! The time of a run: an argument, `SOURCE_DATE_EPOCH`, or the clock, in the time of Japan.

use careplan_spec::calendar::{self, Date};
use careplan_spec::tokyo;
use jiff::Timestamp;

use crate::cli::config::misconfigured;

/// A moment in the time of Japan.
#[derive(Debug, Clone)]
pub(crate) struct Now(jiff::ZonedDateTime);

impl Now {
    /// The time that was asked for, or that it is.
    pub(crate) fn of(argument: Option<&str>) -> anyhow::Result<Self> {
        let epoch = std::env::var("SOURCE_DATE_EPOCH").ok();
        let moment = match (argument, epoch) {
            (Some(text), _) => text
                .parse::<Timestamp>()
                .map_err(|error| misconfigured(format!("--now {text}: {error}")))?,
            (None, Some(seconds)) => seconds
                .parse()
                .ok()
                .and_then(|seconds| Timestamp::from_second(seconds).ok())
                .ok_or_else(|| misconfigured(format!("SOURCE_DATE_EPOCH: {seconds}")))?,
            (None, None) => Timestamp::now(),
        };
        Ok(Self(tokyo::zoned(moment)))
    }

    /// RFC 3339, to the second.
    pub(crate) fn rfc3339(&self) -> String {
        self.0.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// RFC 3339 without the offset, to the second.
    pub(crate) fn local(&self) -> String {
        self.0.strftime("%Y-%m-%dT%H:%M:%S").to_string()
    }

    /// The day.
    pub(crate) fn date(&self) -> anyhow::Result<Date> {
        let digits = self.0.strftime("%Y%m%d").to_string();
        calendar::parse_date(digits.as_bytes())
            .ok_or_else(|| misconfigured(format!("{}: 1800–2199", self.day())))
    }

    /// YYYY-MM-DD.
    pub(crate) fn day(&self) -> String {
        self.0.strftime("%Y-%m-%d").to_string()
    }

    /// YYYY-MM.
    pub(crate) fn month(&self) -> String {
        self.0.strftime("%Y-%m").to_string()
    }
}
