//! The clock: set it, let it jump, stop it.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Controls;
use crate::api::body::JsonBody;
use crate::api::problem::{ApiError, ApiResult, Problem};
use crate::api::transport_refusal::CLOCK_ORDER_WRONG;
use crate::clock::{self, Clock, Course, Timing};
use crate::domain::Relay;
use crate::refusal::Refusal;

/// The clock.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClockView {
    /// The time.
    #[schema(value_type = String, format = DateTime)]
    now: Timestamp,
    /// The time in Japan, as the screens write it.
    now_shown: String,
    /// Whether it stands still.
    frozen: bool,
    /// Milliseconds it is ahead of the machine's clock.
    offset_ms: i64,
    /// `instant` or `real`: whether waiting times of the real procedure apply.
    #[schema(value_type = String)]
    timing: Timing,
}

/// What to do with the clock. Several members are done in this order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClockOrder {
    /// Set it: a time (`2027-06-01T09:00:00+09:00`), or a date, whose day begins in Japan.
    set: Option<String>,
    /// Let it jump ahead. What falls due on the way happens in order.
    advance_seconds: Option<u64>,
    /// Stop it, or let it run on.
    frozen: Option<bool>,
}

/// What time it is
#[utoipa::path(
    get, path = "/v1/controls/clock", tag = "controls",
    security((), ("admin_token" = [])),
    responses(
        (status = 200, body = ClockView),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show_clock(State(relay): State<Relay>) -> Json<ClockView> {
    Json(view(&relay))
}

/// Set the clock, let it jump, stop it
///
/// Certificates, tokens, passwords and licences follow at once, TLS included.
#[utoipa::path(
    post, path = "/v1/controls/clock", tag = "controls",
    security((), ("admin_token" = [])),
    request_body = ClockOrder,
    responses(
        (status = 200, body = ClockView),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn set_clock(
    State(controls): State<Controls>,
    JsonBody(order): JsonBody<ClockOrder>,
) -> ApiResult<Json<ClockView>> {
    let clock = controls.relay.clock();
    if order.set.is_none() && order.advance_seconds.is_none() && order.frozen.is_none() {
        return Err((&CLOCK_ORDER_WRONG).into());
    }
    let to = order.set.as_deref().map(read_time).transpose()?;
    if let Some(to) = to {
        clock.set(to);
    }
    if let Some(seconds) = order.advance_seconds {
        advance(clock, seconds)?;
    }
    match order.frozen {
        Some(true) => clock.freeze(),
        Some(false) => clock.unfreeze(),
        None => {}
    }
    controls.relay.settle().await?;
    tracing::info!(now = %clock.now(), "the clock was moved");
    Ok(Json(view(&controls.relay)))
}

/// The last year the clock goes to: certificates write four digits.
const LAST_YEAR: i16 = 9_000;

fn advance(clock: &Clock, seconds: u64) -> ApiResult<()> {
    let by = i64::try_from(seconds).ok().and_then(|seconds| seconds.checked_mul(1_000));
    let to = by.map(|by| clock::plus_ms(clock.now(), by));
    match to {
        Some(to) if clock::date_of(to).year() <= LAST_YEAR => {
            clock.advance(Duration::from_secs(seconds));
            Ok(())
        }
        _ => Err(beyond()),
    }
}

/// A time, or a date in Japan.
pub(super) fn read_time(text: &str) -> ApiResult<Timestamp> {
    let at = text
        .parse::<Timestamp>()
        .or_else(|_| text.parse::<Date>().map(clock::start_of))
        .map_err(|_| {
            ApiError::from(Refusal::new(&CLOCK_ORDER_WRONG).because(
                "set には 2027-06-01T09:00:00+09:00 のような日時か、2027-06-01 のような日付を指定してください。",
                "set takes a time such as 2027-06-01T09:00:00+09:00, or a date such as 2027-06-01.",
            ))
        })?;
    if (1_970..=LAST_YEAR).contains(&clock::date_of(at).year()) { Ok(at) } else { Err(beyond()) }
}

fn beyond() -> ApiError {
    Refusal::new(&CLOCK_ORDER_WRONG)
        .because(
            format!("時計は1970年から{LAST_YEAR}年までです。"),
            format!("The clock goes from 1970 to {LAST_YEAR}."),
        )
        .into()
}

fn view(relay: &Relay) -> ClockView {
    let clock = relay.clock();
    let now = clock.now();
    let real = Timestamp::now().as_millisecond();
    let (frozen, offset_ms) = match clock.course() {
        Course::Running { offset_ms } => (false, offset_ms),
        Course::Frozen { at } => (true, at.as_millisecond() - real),
    };
    ClockView { now, now_shown: clock::shown(now), frozen, offset_ms, timing: relay.timing() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_begins_in_japan() {
        let at = read_time("2027-06-01").unwrap();
        assert_eq!(at.to_string(), "2027-05-31T15:00:00Z");
        assert_eq!(read_time("2027-06-01T09:00:00+09:00").unwrap().to_string(), "2027-06-01T00:00:00Z");
        for strange in ["", "tomorrow", "2027-02-30", "1969-12-31", "9999-01-01"] {
            assert!(read_time(strange).is_err(), "{strange}");
        }
    }

    #[test]
    fn the_clock_does_not_leave_the_calendar() {
        let clock = Clock::frozen_at("2026-11-21T00:00:00Z".parse().unwrap());
        assert!(advance(&clock, u64::MAX).is_err());
        assert!(advance(&clock, 400_000_000_000).is_err());
        advance(&clock, 86_400).unwrap();
        assert_eq!(clock.now().to_string(), "2026-11-22T00:00:00Z");
    }
}
