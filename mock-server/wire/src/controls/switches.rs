//! The switches: behaviour the public documents are silent about.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Controls;
use crate::api::body::JsonBody;
use crate::api::problem::{ApiError, ApiResult, Problem};
use crate::api::transport_refusal::SWITCH_WRONG;
use careplan_relay::outcome::Refusal;
use careplan_relay::switches::{SWITCHES, Switches};

/// A switch.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SwitchRow {
    /// Name.
    key: &'static str,
    /// Its value, as configuration writes it.
    value: String,
    /// The default.
    default: String,
    /// The kind of value.
    value_kind: &'static str,
    /// The least a number may be; null for other kinds.
    least: Option<u64>,
    /// The most a number may be; null for other kinds.
    most: Option<u64>,
    /// What it decides, Japanese.
    title: &'static str,
    /// English.
    title_en: &'static str,
    /// Why the default is what it is, Japanese.
    reason: &'static str,
    /// English.
    reason_en: &'static str,
    /// Where the documents are silent or speak.
    source: &'static str,
    /// How firmly the default stands.
    basis: &'static str,
}

/// Every switch.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SwitchList {
    /// In the order of the documentation.
    items: Vec<SwitchRow>,
}

/// Every switch with its value and reason
#[utoipa::path(
    get, path = "/v1/controls/switches", tag = "controls",
    security((), ("admin_token" = [])),
    responses(
        (status = 200, body = SwitchList),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list_switches(State(controls): State<Controls>) -> Json<SwitchList> {
    Json(list(&controls.relay.switches()))
}

/// Turn switches
///
/// A JSON object of names and values; on an error none is turned.
#[utoipa::path(
    patch, path = "/v1/controls/switches", tag = "controls",
    security((), ("admin_token" = [])),
    request_body = BTreeMap<String, Value>,
    responses(
        (status = 200, body = SwitchList),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn set_switches(
    State(controls): State<Controls>,
    JsonBody(orders): JsonBody<BTreeMap<String, Value>>,
) -> ApiResult<Json<SwitchList>> {
    let mut switches = Switches::clone(&controls.relay.switches());
    for (key, value) in &orders {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Null => "none".to_owned(),
            value => value.to_string(),
        };
        switches.set(key, &text).map_err(|error| {
            let text = error.text();
            ApiError::from(Refusal::new(&SWITCH_WRONG).because(text.ja, text.en))
        })?;
    }
    controls.relay.turn().await?.operator().set_switches(switches).await?;
    let keys: Vec<&str> = orders.keys().map(String::as_str).collect();
    tracing::info!(switches = keys.join(","), "switches were turned");
    Ok(Json(list(&controls.relay.switches())))
}

fn list(switches: &Switches) -> SwitchList {
    let items = SWITCHES
        .iter()
        .map(|info| SwitchRow {
            key: info.key,
            value: switches.show(info.key).unwrap_or_default(),
            default: (info.default)(),
            value_kind: info.value_kind,
            least: info.range.map(|range| *range.start()),
            most: info.range.map(|range| *range.end()),
            title: info.title.ja,
            title_en: info.title.en,
            reason: info.reason.ja,
            reason_en: info.reason.en,
            source: info.source,
            basis: info.basis.id(),
        })
        .collect();
    SwitchList { items }
}
