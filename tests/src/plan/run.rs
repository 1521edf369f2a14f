//! Running the plan.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Expectation;
use super::scene::Scene;
use super::seen::{Failure, Unmet};

/// How an expectation came out.
#[derive(Debug, Clone)]
pub enum State {
    /// The server does it.
    Passed,
    /// It does something else.
    Failed(Box<Failure>),
    /// It could not be seen: the server does not offer what it takes (Japanese, English).
    NotRun(String, String),
    /// The check itself broke; nothing is known. Never a pass.
    Internal(String),
}

impl State {
    /// Its name in reports.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed(_) => "failed",
            Self::NotRun(..) => "not-run",
            Self::Internal(_) => "internal-failure",
        }
    }
}

/// An expectation and how it came out.
#[derive(Debug)]
pub struct Outcome {
    /// The expectation.
    pub expectation: &'static Expectation,
    /// How it came out.
    pub state: State,
    /// How long it took.
    pub took: Duration,
}

/// Whether the relay answers at all.
///
/// # Errors
/// It does not; says what came.
pub async fn reachable(scene: &Scene) -> Result<(), String> {
    let login = scene.login(super::server::Role::Planner);
    let client = scene.client(Some(&login.installed));
    match scene.ask(client.get(scene.relay("/v1/authority"))).await {
        Ok(_) => Ok(()),
        Err(Unmet::Failed(failure)) => Err(failure.came),
        Err(Unmet::NotRun(_, reason)) => Err(reason),
    }
}

/// Runs these expectations one after the other; tells each outcome as it comes.
pub async fn run(
    scene: &Arc<Scene>,
    expectations: &[&'static Expectation],
    mut tell: impl FnMut(&Outcome),
) -> Vec<Outcome> {
    let mut outcomes = Vec::with_capacity(expectations.len());
    for expectation in expectations {
        let started = Instant::now();
        let state = judge(scene, expectation).await;
        let outcome = Outcome { expectation, state, took: started.elapsed() };
        tell(&outcome);
        outcomes.push(outcome);
    }
    outcomes
}

async fn judge(scene: &Arc<Scene>, expectation: &'static Expectation) -> State {
    let missing = expectation.needs.iter().find(|need| !scene.server.offers(**need));
    if let Some(need) = missing {
        let (ja, en) = need.describe();
        return State::NotRun(format!("{ja}が必要"), format!("needs {en}"));
    }
    let saved = match expectation.disturbs() {
        false => None,
        true => match scene.save().await {
            Ok(state) => Some(state),
            Err(unmet) => return of(Err(unmet)),
        },
    };
    let checked = tokio::spawn((expectation.check)(Arc::clone(scene))).await;
    let restored = match saved {
        Some(state) => scene.restore(state).await,
        None => Ok(()),
    };
    let state = match checked {
        Ok(done) => of(done),
        Err(error) => State::Internal(error.to_string()),
    };
    match (state, restored) {
        (State::Passed, Err(Unmet::Failed(failure))) => {
            State::Internal(format!("the state could not be put back: {}", failure.came))
        }
        (state, _) => state,
    }
}

fn of(done: super::Done) -> State {
    match done {
        Ok(()) => State::Passed,
        Err(Unmet::Failed(failure)) => State::Failed(failure),
        Err(Unmet::NotRun(ja, en)) => State::NotRun(ja, en),
    }
}
