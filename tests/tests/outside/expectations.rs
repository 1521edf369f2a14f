//! What a relay does: 111 expectations, each with an id, a clause and a check that asks over
//! sockets and judges the raw answer.
//!
//! A test runs a group of them against one server and names the ids that fail. [`defects`] proves
//! that they can fail: with switches turned and with something between that tampers.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

mod defects;
mod scene;

use scene::Scene;

/// One thing a relay does.
struct Expectation {
    /// Stable: its group, a hyphen, two digits. Never used again.
    id: &'static str,
    /// What is expected.
    what: &'static str,
    /// Where that comes from, and how firmly it stands.
    clause: &'static str,
    /// Asks, and panics where the answer is another.
    check: fn(Arc<Scene>) -> Checking,
}

/// A check under way.
type Checking = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The expectations of a group, in the order of running.
macro_rules! expectations {
    ($($id:literal $check:ident ($clause:literal) $what:literal;)*) => {
        pub(super) static ALL: &[super::Expectation] = &[$(super::Expectation {
            id: $id,
            what: $what,
            clause: $clause,
            check: |scene| Box::pin($check(scene)),
        }),*];
    };
}
/// Every group: its module and, of the same name, its test.
macro_rules! groups {
    ($($group:ident)*) => {
        $(mod $group;)*

        const GROUPS: &[&[Expectation]] = &[$($group::ALL),*];

        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $group() {
            let failed = failures(&Scene::start(&[]).await.into(), $group::ALL).await;
            let told: Vec<_> = failed.iter().map(Failure::to_string).collect();
            assert!(failed.is_empty(), "\n{}", told.join("\n"));
        })*
    };
}

groups! {
    certificates login licence sending lists download offices problems headers sessions bulk
}

/// An expectation that is not met.
struct Failure {
    expectation: &'static Expectation,
    /// What the check panicked with.
    came: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Expectation { id, what, clause, .. } = self.expectation;
        write!(f, "{id} {what} ({clause}): {}", self.came)
    }
}

/// What moves the clock or replaces the state: it is saved before and put back afterwards.
const DISTURBING: [&str; 10] = [
    "LOGIN-08",
    "LOGIN-09",
    "LOGIN-10",
    "LIC-07",
    "LIC-08",
    "LIC-09",
    "FETCH-10",
    "SESSION-05",
    "SESSION-06",
    "SESSION-07",
];

/// Runs these one after the other; what fails.
async fn failures(scene: &Arc<Scene>, expectations: &'static [Expectation]) -> Vec<Failure> {
    let mut failed = Vec::new();
    for expectation in expectations {
        let state = match DISTURBING.contains(&expectation.id) {
            true => Some(scene.save().await),
            false => None,
        };
        if let Err(error) = tokio::spawn((expectation.check)(Arc::clone(scene))).await {
            let panic = error.into_panic();
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
            failed.push(Failure { expectation, came: text.unwrap_or_default() });
        }
        if let Some(state) = state {
            scene.restore(state).await;
        }
    }
    failed
}

#[test]
fn ids_are_unique_and_none_is_lost() {
    let mut ids = std::collections::BTreeSet::new();
    for group in GROUPS {
        let (prefix, _) = group[0].id.split_once('-').unwrap();
        for (expectation, number) in group.iter().zip(1..) {
            assert_eq!(expectation.id, format!("{prefix}-{number:02}"));
            assert!(ids.insert(expectation.id), "{}", expectation.id);
        }
    }
    assert_eq!(ids.len(), 111);
    assert!(DISTURBING.iter().all(|id| ids.contains(id)));
}
