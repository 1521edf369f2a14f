//! The clock of the mock.

use std::collections::BTreeMap;
use std::time::Duration;

use askama::Template;
use axum::extract::State;
use careplan_relay::ClockMove;
use careplan_relay::certificate::{CertificateState, renewable_from};
use careplan_relay::clock::{self, ClockMode, Timing};
use careplan_relay::control::AccountView;
use careplan_relay::due::DueKind;
use careplan_relay::store::SetAside;
use careplan_spec::{Text, tokyo};
use jiff::civil::{Date, DateTime, Time};
use jiff::{Timestamp, ToSpan};

use super::admit;
use crate::sites::Sites;
use crate::sites::alert::Alert;
use crate::sites::page::{Page, PageResult, see, show};
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

/// When in the day presets set the clock: offices are open then.
const MORNING: Time = Time::constant(9, 0, 0, 0);

/// Offices named in a row, at most.
const NAMED: usize = 3;

/// Something that falls due on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// A free pass has ended the day before and becomes a licence.
    FreePassRenews,
    /// A free pass has ended the day before, and nothing follows.
    FreePassEnds,
    /// A licence has ended the day before and renews.
    LicenceRenews,
    /// A licence has ended the day before, and nothing follows.
    LicenceEnds,
    /// A password has expired.
    PasswordExpires,
    /// A certificate can be renewed from now on.
    CertificateRenewable,
    /// A certificate has ended the day before.
    CertificateEnds,
}

impl Event {
    const fn text(self) -> Text {
        match self {
            Self::FreePassRenews => Text::new(
                "フリーパスが終わり、本利用（ライセンス料のかかる利用）に自動更新される",
                "free passes end and become licences",
            ),
            Self::FreePassEnds => Text::new(
                "フリーパスが終わり、送信できなくなる（自動更新を停止した事業所）",
                "free passes end, and sending with them (renewal stopped)",
            ),
            Self::LicenceRenews => {
                Text::new("ライセンスが自動更新される", "licences renew by themselves")
            }
            Self::LicenceEnds => Text::new(
                "ライセンスが切れ、送信できなくなる",
                "licences end, and sending with them",
            ),
            Self::PasswordExpires => Text::new(
                "パスワードの有効期限が切れ、電子請求受付システムで変更するまでログインできない",
                "passwords expire: no login before they are changed on the billing site",
            ),
            Self::CertificateRenewable => Text::new(
                "証明書を更新できるようになり、お知らせが届く",
                "certificates can be renewed; a notice says so",
            ),
            Self::CertificateEnds => Text::new(
                "証明書の有効期間が終わり、「正しい電子証明書をインストールしてください。」になる",
                "certificates end: “正しい電子証明書をインストールしてください。”",
            ),
        }
    }
}

/// What falls due, with the offices it is about.
type Calendar = BTreeMap<(Date, Event), Vec<String>>;

/// What falls due from tomorrow on, as things stand.
fn calendar(accounts: &[AccountView], today: Date, renewal_days: u32) -> Calendar {
    let mut all = Calendar::new();
    for account in accounts.iter().filter(|account| account.kj_id.is_some()) {
        let mut add = |day: Date, event: Event| {
            if day > today {
                all.entry((day, event)).or_default().push(account.name.clone());
            }
        };
        let licence = &account.licence;
        if let Some(last) = licence.valid_until {
            let renews = licence.auto_renewal == Some(true);
            let event = match (licence.free_pass, renews) {
                (true, true) => Event::FreePassRenews,
                (true, false) => Event::FreePassEnds,
                (false, true) => Event::LicenceRenews,
                (false, false) => Event::LicenceEnds,
            };
            add(last.saturating_add(1.day()), event);
        }
        if let Some(end) = account.password_expires_at {
            add(clock::date_of(end), Event::PasswordExpires);
        }
        let good = account.certificates.iter().find(|own| own.state == CertificateState::Issued);
        if let Some(end) = good.and_then(|own| own.not_after) {
            add(renewable_from(end, renewal_days), Event::CertificateRenewable);
            add(clock::date_of(end).saturating_add(1.day()), Event::CertificateEnds);
        }
    }
    all
}

/// A row of what falls due.
struct DueRow {
    day: String,
    local: String,
    text: &'static str,
    offices: usize,
    names: String,
}

/// A day worth going to.
struct ClockPreset {
    title: String,
    day: String,
    local: String,
    /// What happens on the way: in words, and to how many offices.
    due: Vec<(&'static str, usize)>,
}

/// The next day with this month and day, after today.
fn next(today: Date, month: i8, day: i8) -> Option<Date> {
    let this_year = Date::new(today.year(), month, day).ok()?;
    if this_year > today { Some(this_year) } else { Date::new(today.year() + 1, month, day).ok() }
}

fn local(day: Date) -> String {
    day.to_datetime(MORNING).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// The days worth going to, each once, in order.
fn presets(all: &Calendar, today: Date, visit: &Visit) -> Vec<ClockPreset> {
    let mut days: BTreeMap<Date, Vec<&'static str>> = BTreeMap::new();
    let mut add = |day: Option<Date>, title: &'static str| {
        if let Some(day) = day.filter(|day| YEARS.contains(&day.year())) {
            days.entry(day).or_default().push(title);
        }
    };
    add(next(today, 4, 1), visit.t("次の年度初め", "the next fiscal year"));
    add(next(today, 5, 31), visit.t("次の5月末", "the end of next May"));
    add(next(today, 6, 1), visit.t("次の6月1日", "the next 1 June"));
    let first = |wanted: &[Event]| {
        all.keys().find(|(_, event)| wanted.contains(event)).map(|(day, _)| *day)
    };
    add(
        first(&[Event::FreePassRenews, Event::FreePassEnds]),
        visit.t("フリーパスが終わった翌日", "the day after a free pass"),
    );
    add(
        first(&[Event::LicenceRenews, Event::LicenceEnds]),
        visit.t("ライセンスが終わった翌日", "the day after a licence"),
    );
    add(first(&[Event::PasswordExpires]), visit.t("パスワードの有効期限", "when passwords expire"));
    add(
        first(&[Event::CertificateRenewable]),
        visit.t("証明書の更新が始まる日", "when certificates can be renewed"),
    );
    add(
        first(&[Event::CertificateEnds]),
        visit.t("証明書が終わった翌日", "the day after a certificate"),
    );
    days.into_iter()
        .map(|(day, titles)| {
            let mut due: BTreeMap<Event, usize> = BTreeMap::new();
            for ((_, event), offices) in all.iter().filter(|((at, _), _)| *at <= day) {
                *due.entry(*event).or_default() += offices.len();
            }
            ClockPreset {
                title: titles.join(visit.t("、", ", ")),
                day: clock::shown_date(day),
                local: local(day),
                due: due
                    .into_iter()
                    .map(|(event, count)| (event.text().get(visit.lang), count))
                    .collect(),
            }
        })
        .collect()
}

/// A step that could not be done.
struct SetAsideRow {
    id: String,
    time: String,
    what: &'static str,
    subject: String,
    why: String,
}

impl SetAsideRow {
    fn of(step: SetAside, visit: &Visit) -> Self {
        let what = match DueKind::from_id(&step.kind) {
            Some(DueKind::CertificateIssue) => Text::new("証明書の発行", "issuing a certificate"),
            Some(DueKind::CertificateNotice) => {
                Text::new("証明書の期限のお知らせ", "telling that a certificate ends")
            }
            Some(DueKind::LicenceCharge) => {
                Text::new("ライセンス料の支払い", "the charge of a licence")
            }
            Some(DueKind::LicenceNotice) => {
                Text::new("ライセンスの期限のお知らせ", "telling that a licence ends")
            }
            Some(DueKind::LicenceEnd) => {
                Text::new("ライセンスの終了・更新", "the end or renewal of a licence")
            }
            None => Text::new("不明な処理", "something unknown"),
        };
        Self {
            time: step.at.map(clock::shown).unwrap_or_default(),
            what: what.get(visit.lang),
            id: step.id,
            subject: step.subject,
            why: step.why,
        }
    }
}

#[derive(Template)]
#[template(path = "console/clock.html")]
struct ClockPage {
    page: Page,
    frozen: bool,
    is_real: bool,
    /// Waiting times apply.
    waits: bool,
    jumps: Vec<(u64, &'static str)>,
    local: String,
    presets: Vec<ClockPreset>,
    rows: Vec<DueRow>,
    set_aside: Vec<SetAsideRow>,
}

pub(super) async fn page(State(sites): State<Sites>, visit: Visit) -> PageResult {
    admit(&visit)?;
    let clock = sites.relay().clock();
    let mode = clock.mode();
    let now = tokyo::zoned(clock.now());
    let today = clock.today();
    let accounts = sites.relay().turn().await?.operator().accounts().await?;
    let set_aside = sites.relay().turn().await?.operator().set_aside().await?;
    let all = calendar(&accounts, today, sites.relay().switches().certificate_renewal_days);
    let rows = all.iter().map(|((day, event), offices)| DueRow {
        day: clock::shown_date(*day),
        local: local(*day),
        text: event.text().get(visit.lang),
        offices: offices.len(),
        names: offices.iter().take(NAMED).cloned().collect::<Vec<_>>().join("、"),
    });
    Ok(show(&ClockPage {
        rows: rows.collect(),
        set_aside: set_aside.into_iter().map(|step| SetAsideRow::of(step, &visit)).collect(),
        presets: presets(&all, today, &visit),
        frozen: matches!(mode, ClockMode::Frozen { .. }),
        is_real: matches!(mode, ClockMode::Running { offset_ms: -1_000..=1_000 }),
        waits: sites.relay().timing() == Timing::Real,
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
    admit(&visit)?;
    let relay = sites.relay();
    let step = posted.get("step");
    match posted.get("do") {
        "retry" => {
            let left = relay.turn().await?.operator().retry_step(step).await?;
            visit.say(if left.iter().any(|left| left.id == step) {
                Alert::bad("まだ行えません。", "It still cannot be done.").and(
                    "理由を確かめ、直してからもう一度行うか、取り除いてください。",
                    "See why, mend it and try again, or remove the step.",
                )
            } else {
                Alert::good("行いました。", "It is done.")
            });
            return Ok(see("/console/clock"));
        }
        "instant" | "real-timing" => {
            let (timing, ja, en) = match posted.get("do") {
                "instant" => (Timing::Instant, "待ち時間をなくす", "No waiting times"),
                _ => (Timing::Real, "本物の待ち時間にする", "Waiting times as in reality"),
            };
            relay.set_timing(timing);
            sites.noted(&visit, None, Text::made(ja, en));
            visit.say(
                Alert::good(format!("{ja}：設定しました。"), format!("{en}: it is set.")).and(
                    "これからの申請に当てはまります。申請済みのものは、申請したときの予定のままです。",
                    "It holds for what is applied for from now on; what was applied for before comes when it was to come.",
                ),
            );
            return Ok(see("/console/clock"));
        }
        "drop" => {
            relay.turn().await?.operator().drop_step(step).await?;
            visit.say(Alert::note("取り除きました。", "The step was removed."));
            return Ok(see("/console/clock"));
        }
        _ => {}
    }
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
    fn next_may_is_never_today() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(next(day("2026-11-21"), 5, 31), Some(day("2027-05-31")));
        assert_eq!(next(day("2027-05-31"), 5, 31), Some(day("2028-05-31")));
        assert_eq!(next(day("2027-05-30"), 5, 31), Some(day("2027-05-31")));
    }

    #[test]
    fn times_of_forms_are_those_of_japan() {
        assert_eq!(read("2027-06-01T09:00").unwrap().to_string(), "2027-06-01T00:00:00Z");
        assert_eq!(read("2027-06-01").unwrap().to_string(), "2027-05-31T15:00:00Z");
        for strange in ["", "x", "2027-02-30T00:00", "1999-01-01T00:00", "9999-01-01T00:00"] {
            assert!(read(strange).is_none(), "{strange}");
        }
    }
}
