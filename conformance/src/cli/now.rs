//! The time of a run: an argument, `SOURCE_DATE_EPOCH`, or the clock, in the time of Japan.

use careplan_spec::tokyo;
use jiff::Timestamp;

use crate::cli::config::misconfigured;

/// A moment in the time of Japan.
#[derive(Debug, Clone)]
pub(super) struct Now(jiff::ZonedDateTime);

impl Now {
    /// The time that was asked for, or that it is.
    pub(super) fn of(argument: Option<&str>) -> anyhow::Result<Self> {
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
    pub(super) fn rfc3339(&self) -> String {
        self.0.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// YYYY-MM-DD.
    pub(super) fn day(&self) -> String {
        self.0.strftime("%Y-%m-%d").to_string()
    }

    /// YYYY-MM.
    pub(super) fn month(&self) -> String {
        self.0.strftime("%Y-%m").to_string()
    }
}
