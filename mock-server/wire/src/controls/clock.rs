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
use careplan_relay::clock::{self, ClockMode, Timing};
use careplan_relay::outcome::Refusal;
use careplan_relay::{ClockMove, Relay};

/// The clock.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClockView {
    /// The time.
    now: Timestamp,
    /// The time in Japan, as the screens write it.
    now_shown: String,
    /// Whether it stands still.
    frozen: bool,
    /// Milliseconds it is ahead of the machine's clock.
    offset_ms: i64,
    /// Whether waiting times of the real procedure apply.
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
    /// Whether waiting times of the real procedure apply from now on, as `--timing` says at the
    /// start; what was applied for before comes when it was to come.
    #[schema(value_type = Option<String>)]
    timing: Option<Timing>,
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
    let mut moves = Vec::new();
    if let Some(to) = &order.set {
        moves.push(ClockMove::Set(read_time(to)?));
    }
    if let Some(seconds) = order.advance_seconds {
        moves.push(ClockMove::Advance(Duration::from_secs(seconds)));
    }
    if let Some(frozen) = order.frozen {
        moves.push(if frozen { ClockMove::Freeze } else { ClockMove::Unfreeze });
    }
    if moves.is_empty() && order.timing.is_none() {
        return Err((&CLOCK_ORDER_WRONG).into());
    }
    stays_in_calendar(controls.relay.clock().now(), &moves)?;
    controls.relay.move_clock_by(&moves).await?;
    if let Some(timing) = order.timing {
        controls.relay.set_timing(timing);
    }
    tracing::info!(now = %controls.relay.clock().now(), "the clock was moved");
    Ok(Json(view(&controls.relay)))
}

/// Nothing is moved unless every move can be.
fn stays_in_calendar(now: Timestamp, moves: &[ClockMove]) -> ApiResult<()> {
    let mut at = now;
    for how in moves {
        at = match how {
            ClockMove::Set(to) => *to,
            ClockMove::Advance(by) => {
                clock::plus_ms(at, i64::try_from(by.as_millis()).map_err(|_| beyond())?)
            }
            ClockMove::Freeze | ClockMove::Unfreeze => at,
        };
        if clock::date_of(at).year() > clock::LAST_YEAR {
            return Err(beyond());
        }
    }
    Ok(())
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
    if clock::is_in_calendar(at) { Ok(at) } else { Err(beyond()) }
}

fn beyond() -> ApiError {
    Refusal::new(&CLOCK_ORDER_WRONG)
        .because(
            format!("時計は1970年から{}年までです。", clock::LAST_YEAR),
            format!("The clock goes from 1970 to {}.", clock::LAST_YEAR),
        )
        .into()
}

fn view(relay: &Relay) -> ClockView {
    let clock = relay.clock();
    let now = clock.now();
    let real = Timestamp::now().as_millisecond();
    let (frozen, offset_ms) = match clock.mode() {
        ClockMode::Running { offset_ms } => (false, offset_ms),
        ClockMode::Frozen { at } => (true, at.as_millisecond() - real),
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
        assert_eq!(
            read_time("2027-06-01T09:00:00+09:00").unwrap().to_string(),
            "2027-06-01T00:00:00Z"
        );
        for strange in ["", "tomorrow", "2027-02-30", "1969-12-31", "2100-01-01"] {
            assert!(read_time(strange).is_err(), "{strange}");
        }
    }

    #[test]
    fn the_clock_does_not_leave_the_calendar() {
        let now = "2026-11-21T00:00:00Z".parse().unwrap();
        let ahead = |seconds| [ClockMove::Advance(Duration::from_secs(seconds))];
        assert!(stays_in_calendar(now, &ahead(u64::MAX)).is_err());
        assert!(stays_in_calendar(now, &ahead(400_000_000_000)).is_err());
        assert!(stays_in_calendar(now, &ahead(86_400)).is_ok());
    }
}
