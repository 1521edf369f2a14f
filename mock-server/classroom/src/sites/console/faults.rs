//! Faults worth showing, armed with one click.

use askama::Template;
use axum::extract::State;
use careplan_spec::Text;
use careplan_wire::fault::{FaultKind, FaultOrder, When};

use super::admit;
use crate::sites::Sites;
use crate::sites::alert::Alert;
use crate::sites::page::{Page, PageError, PageResult, see, show};
use crate::sites::posted::Posted;
use crate::sites::visit::Visit;

/// A fault that can be shown.
#[derive(Debug)]
pub(super) struct FaultPreset {
    pub(super) id: &'static str,
    title: Text,
    /// What people see.
    shows: Text,
    endpoint: &'static str,
    kind: FaultKind,
    when: When,
    count: Option<u64>,
}

/// The client repeats a send by itself three times under the same key.
const EVERY_ATTEMPT: u64 = 3;

/// The presets.
pub(super) static PRESETS: &[FaultPreset] = &[
    FaultPreset {
        id: "send-broken",
        title: Text::new("送信の途中で通信が切れる（3回）", "A send breaks off (three times)"),
        shows: Text::new(
            "届いたかどうか分からない表示になり、もう一度送信しても二重になりません。",
            "Nobody knows whether it arrived; sending again does not make a second message.",
        ),
        endpoint: "POST /v1/messages",
        kind: FaultKind::Drop,
        when: When::After,
        count: Some(EVERY_ATTEMPT),
    },
    FaultPreset {
        id: "send-once",
        title: Text::new("送信中に一度だけ通信が切れる", "A send breaks off once"),
        shows: Text::new(
            "アプリが自動で送り直し、送信成功になります。",
            "The client repeats it by itself.",
        ),
        endpoint: "POST /v1/messages",
        kind: FaultKind::Drop,
        when: When::Before,
        count: Some(1),
    },
    FaultPreset {
        id: "claim-lost",
        title: Text::new(
            "データ取得の応答が届かない（1回）",
            "The answer to a fetch is lost (once)",
        ),
        shows: Text::new(
            "「済」になったのに受け取れない場面です。送信元に再送を依頼します。",
            "The message counts as fetched and nothing came: the sender must send it again.",
        ),
        endpoint: "POST /v1/inbox/{id}/claim",
        kind: FaultKind::Drop,
        when: When::After,
        count: Some(1),
    },
    FaultPreset {
        id: "download-cut",
        title: Text::new("受け取りの途中で切れる（1回）", "A download is cut (once)"),
        shows: Text::new("アプリが続きから受け取ります。", "The client goes on where it stopped."),
        endpoint: "GET /v1/downloads/{download_token}",
        kind: FaultKind::Truncate,
        when: When::Before,
        count: Some(1),
    },
    FaultPreset {
        id: "maintenance",
        title: Text::new("ログインがメンテナンス中になる", "The login is under maintenance"),
        shows: Text::new("メンテナンス中の表示になります。", "The client says so."),
        endpoint: "POST /v1/login/terminal",
        kind: FaultKind::Maintenance,
        when: When::Before,
        count: None,
    },
    FaultPreset {
        id: "slow",
        title: Text::new(
            "受信一覧の表示に3秒かかる",
            "The list of received messages takes 3 seconds",
        ),
        shows: Text::new("混雑した時間帯の様子です。", "As at a busy hour."),
        endpoint: "GET /v1/inbox",
        kind: FaultKind::Latency,
        when: When::Before,
        count: None,
    },
];

impl FaultPreset {
    fn order(&self) -> FaultOrder {
        FaultOrder {
            endpoint: self.endpoint.to_owned(),
            kind: self.kind,
            latency_ms: (self.kind == FaultKind::Latency).then_some(3_000),
            status: None,
            after_bytes: (self.kind == FaultKind::Truncate).then_some(300),
            when: self.when,
            rate: 1.0,
            count: self.count,
            seed: Some(1),
        }
    }
}

/// Arms a preset.
///
/// # Errors
/// Too many are armed.
pub(super) fn arm(sites: &Sites, preset: &FaultPreset) -> Result<(), PageError> {
    sites.parts.faults.arm(preset.order()).map(|_| ()).map_err(|error| {
        tracing::warn!(%error, "a fault could not be armed");
        PageError::Failed
    })
}

/// A fault that is armed, as a row.
struct Armed {
    id: u64,
    what: String,
    struck: u64,
    left: String,
}

#[derive(Template)]
#[template(path = "console/faults.html")]
struct FaultsPage {
    page: Page,
    presets: Vec<(&'static str, &'static str, &'static str)>,
    armed: Vec<Armed>,
}

pub(super) async fn page(State(sites): State<Sites>, visit: Visit) -> PageResult {
    admit(&visit)?;
    let armed = sites.parts.faults.list();
    let armed = armed
        .into_iter()
        .map(|fault| Armed {
            id: fault.id,
            what: format!("{} {}", fault.order.kind.name(), fault.order.endpoint),
            struck: fault.struck,
            left: fault.order.count.map_or_else(
                || "∞".to_owned(),
                |count| count.saturating_sub(fault.struck).to_string(),
            ),
        })
        .collect();
    let presets = PRESETS
        .iter()
        .map(|preset| (preset.id, preset.title.get(visit.lang), preset.shows.get(visit.lang)))
        .collect();
    Ok(show(&FaultsPage { page: visit.page(), presets, armed }))
}

pub(super) async fn act(State(sites): State<Sites>, visit: Visit, posted: Posted) -> PageResult {
    admit(&visit)?;
    match posted.get("do") {
        "arm" => {
            let id = posted.get("id");
            let preset = PRESETS.iter().find(|preset| preset.id == id);
            arm(&sites, preset.ok_or(PageError::NotFound)?)?;
            visit.say(Alert::good("障害を準備しました。", "The fault is armed."));
        }
        "disarm" if posted.get("id").parse().is_ok_and(|id| sites.parts.faults.disarm(id)) => {
            visit.say(Alert::note("障害を取り消しました。", "The fault is disarmed."));
        }
        "clear" => {
            sites.parts.faults.disarm_all();
            visit.say(Alert::note("すべての障害を取り消しました。", "No fault is armed."));
        }
        _ => {}
    }
    Ok(see("/console/faults"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use careplan_wire::fault::Faults;

    #[test]
    fn every_preset_can_be_armed() {
        let faults = Faults::default();
        for preset in PRESETS {
            faults.arm(preset.order()).unwrap_or_else(|error| panic!("{}: {error}", preset.id));
        }
    }
}
