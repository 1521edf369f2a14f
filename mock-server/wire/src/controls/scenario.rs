//! Ready-made states.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Controls;
use crate::api::body::JsonBody;
use crate::api::problem::{ApiResult, Problem};
use crate::api::transport_refusal::SCENARIO_UNKNOWN;
use careplan_relay::beginning::Origin;
use careplan_relay::outcome::Refusal;

/// A scenario that can be loaded.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ScenarioRow {
    /// Name.
    name: &'static str,
    /// What it is for, Japanese.
    title: &'static str,
    /// English.
    title_en: &'static str,
}

/// The current scenario and all there are.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ScenarioView {
    /// Name of the current one.
    name: String,
    /// Its seed.
    seed: u64,
    /// All there are.
    scenarios: Vec<ScenarioRow>,
}

/// A scenario to be loaded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ScenarioOrder {
    /// Name.
    #[schema(example = "demo")]
    name: String,
    /// Seed of what is random in it; without it, the current one.
    seed: Option<u64>,
}

/// The current scenario
#[utoipa::path(
    get, path = "/v1/controls/scenario", tag = "controls",
    security((), ("admin_token" = [])),
    responses(
        (status = 200, body = ScenarioView),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show_scenario(State(controls): State<Controls>) -> Json<ScenarioView> {
    Json(view(&controls))
}

/// Replace everything by a scenario
///
/// The authority and the clock stay; faults are disarmed and the journal is emptied.
#[utoipa::path(
    post, path = "/v1/controls/scenario", tag = "controls",
    security((), ("admin_token" = [])),
    request_body = ScenarioOrder,
    responses(
        (status = 200, body = ScenarioView),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn load_scenario(
    State(controls): State<Controls>,
    JsonBody(order): JsonBody<ScenarioOrder>,
) -> ApiResult<Json<ScenarioView>> {
    let seed = order.seed.unwrap_or_else(|| controls.relay.origin().seed);
    begin(&controls, &order.name, seed).await?;
    tracing::info!(scenario = order.name, "a scenario was loaded");
    Ok(Json(view(&controls)))
}

/// Start the current scenario over
///
/// Faults are disarmed and the journal is emptied. There is no body, and no `Content-Type` is
/// needed.
#[utoipa::path(
    post, path = "/v1/controls/reset", tag = "controls",
    security((), ("admin_token" = [])),
    responses(
        (status = 200, body = ScenarioView),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn reset(State(controls): State<Controls>) -> ApiResult<Json<ScenarioView>> {
    let Origin { name, seed } = controls.relay.origin();
    begin(&controls, &name, seed).await?;
    Ok(Json(view(&controls)))
}

async fn begin(controls: &Controls, name: &str, seed: u64) -> ApiResult<()> {
    let Some(beginning) = controls.scenarios.beginning(name, seed) else {
        let names: Vec<&str> =
            controls.scenarios.offered().iter().map(|scenario| scenario.name).collect();
        let names = names.join(", ");
        let refusal = Refusal::new(&SCENARIO_UNKNOWN).because(
            format!("「{name}」というシナリオはありません。{names}"),
            format!("There is no scenario {name}. {names}"),
        );
        return Err(refusal.into());
    };
    controls.relay.begin(&beginning).await?;
    controls.faults.disarm_all();
    controls.journal.clear();
    Ok(())
}

fn view(controls: &Controls) -> ScenarioView {
    let Origin { name, seed } = controls.relay.origin();
    let scenarios = controls
        .scenarios
        .offered()
        .iter()
        .map(|scenario| ScenarioRow {
            name: scenario.name,
            title: scenario.title.ja,
            title_en: scenario.title.en,
        })
        .collect();
    ScenarioView { name, seed, scenarios }
}
