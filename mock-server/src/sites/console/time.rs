//! The clock of the mock.

use std::time::Duration;

use askama::Template;
use axum::extract::State;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use super::admit;
use crate::clock::{self, Course};
use crate::domain::ClockMove;
use crate::sites::Sites;
use crate::sites::page::{Alert, Page, PageResult, see, show};
use crate::sites::posted::Posted;
use crate::sites::visit::Visit;

/// The first and the last year the console sets the clock to.
const YEARS: std::ops::RangeInclusive<i16> = 2_020..=2_099;

/// Jumps ahead, in seconds, with their names.
const JUMPS: [(u64, &str, &str); 6] = [
    (30 * 60, "30分進める", "30 minutes"),
    (60 * 60, "1時間進める", "1 hour"),
    (86_400, "1日進める", "1 day"),
    (30 * 86_400, "30日進める", "30 days"),
    (180 * 86_400, "180日進める", "180 days"),
    (366 * 86_400, "1年進める", "1 year"),
];

#[derive(Template)]
#[template(path = "console/clock.html")]
struct ClockPage {
    page: Page,
    frozen: bool,
    is_real: bool,
    jumps: Vec<(u64, &'static str)>,
    local: String,
}

pub(super) async fn page(State(sites): State<Sites>, visit: Visit) -> PageResult {
    admit(&sites, &visit)?;
    let clock = sites.relay().clock();
    let course = clock.course();
    let now = clock.now().to_zoned(clock::TOKYO.clone());
    Ok(show(&ClockPage {
        frozen: matches!(course, Course::Frozen { .. }),
        is_real: matches!(course, Course::Running { offset_ms: -1_000..=1_000 }),
        jumps: JUMPS.iter().map(|(by, ja, en)| (*by, visit.t(ja, en))).collect(),
        local: now.strftime("%Y-%m-%dT%H:%M").to_string(),
        page: visit.page(),
    }))
}

/// A time as a form gives it, in Japan.
fn read(text: &str) -> Option<Timestamp> {
    let time = text
        .parse::<DateTime>()
        .or_else(|_| text.parse::<Date>().map(|date| date.at(0, 0, 0, 0)))
        .ok()?;
    YEARS.contains(&time.year()).then(|| clock::moment(time.date(), time.time()))
}

pub(super) async fn act(State(sites): State<Sites>, visit: Visit, posted: Posted) -> PageResult {
    admit(&sites, &visit)?;
    let relay = sites.relay();
    let order = match posted.get("do") {
        "freeze" => Some(ClockMove::Freeze),
        "run" => Some(ClockMove::Unfreeze),
        "real" => {
            relay.move_clock(ClockMove::Unfreeze).await?;
            Some(ClockMove::Set(Timestamp::now()))
        }
        "set" => read(posted.trimmed("time")).map(ClockMove::Set),
        jump => JUMPS
            .iter()
            .find(|(by, ..)| jump == format!("ahead:{by}"))
            .map(|(by, ..)| Duration::from_secs(*by))
            .filter(|by| {
                let then = relay.clock().now().saturating_add(*by);
                then.is_ok_and(|then| YEARS.contains(&clock::date_of(then).year()))
            })
            .map(ClockMove::Advance),
    };
    let Some(order) = order else {
        visit.say(Alert::bad(
            "日時を読み取れないか、2020年から2099年の範囲にありません。",
            "The time cannot be read, or is not between 2020 and 2099.",
        ));
        return Ok(see("/console/clock"));
    };
    relay.move_clock(order).await?;
    visit.say(Alert::good(
        format!("時計は {} です。", clock::shown(relay.clock().now())),
        format!("It is {} now.", clock::shown(relay.clock().now())),
    ));
    Ok(see("/console/clock"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_forms_are_those_of_japan() {
        assert_eq!(read("2027-06-01T09:00").unwrap().to_string(), "2027-06-01T00:00:00Z");
        assert_eq!(read("2027-06-01").unwrap().to_string(), "2027-05-31T15:00:00Z");
        for strange in ["", "x", "2027-02-30T00:00", "1999-01-01T00:00", "9999-01-01T00:00"] {
            assert!(read(strange).is_none(), "{strange}");
        }
    }
}
