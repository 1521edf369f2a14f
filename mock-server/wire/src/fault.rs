//! Faults on demand: what a network and a busy server do to a client, when a test asks for it.
//!
//! A fault is armed for one endpoint or for all, fires with a given rate, at most a given number
//! of times, and decides by a seed that is shown, so that a run can be repeated. The controls arm
//! and disarm; [`crate::api::envelope`] applies what [`Faults::decide`] says.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// It waits `latency_ms` before it is handled.
    Latency,
    /// It is not handled; the answer has the status `status` (default 500).
    Status,
    /// It is not handled; the answer is 503 and says that the system is being maintained.
    Maintenance,
    /// The connection is closed without an answer, before or after the request was handled.
    Drop,
    /// The request is handled; the connection breaks after `after_bytes` of the answer's body.
    Truncate,
}

impl FaultKind {
    /// The name, as in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Latency => "latency",
            Self::Status => "status",
            Self::Maintenance => "maintenance",
            Self::Drop => "drop",
            Self::Truncate => "truncate",
        }
    }
}

/// When a connection is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// Before the request is handled: nothing has happened.
    #[default]
    Before,
    /// After it was handled: it has happened, and the client does not know.
    After,
}

/// A fault to arm.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FaultOrder {
    /// Method and path as the API description has them (`POST /v1/messages`), or `*` for all of
    /// the relay and the sites.
    #[schema(example = "POST /v1/messages")]
    pub endpoint: String,
    /// What happens.
    pub kind: FaultKind,
    /// Milliseconds to wait, for `latency`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<u64>,
    /// The status, for `status`: 400 to 599.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Bytes of the body that still go out, for `truncate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_bytes: Option<u64>,
    /// When, for `drop`.
    #[serde(default)]
    pub when: When,
    /// The share of requests it strikes, 0 to 1.
    #[serde(default = "always")]
    pub rate: f64,
    /// How often it strikes at most; without it, for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// The seed of its choices; without it, one is drawn and shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

const fn always() -> f64 {
    1.0
}

/// A fault that is armed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ArmedFault {
    /// Its number, for disarming it.
    pub id: u64,
    /// What was ordered, with the seed filled in.
    #[serde(flatten)]
    pub order: FaultOrder,
    /// How often it has struck.
    pub struck: u64,
    #[serde(skip)]
    random: u64,
}

/// What is wrong with an order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultOrderError {
    /// The rate is not between 0 and 1.
    #[error("rate must lie between 0 and 1")]
    Rate,
    /// The status is not one of a refusal or failure.
    #[error("status must lie between 400 and 599")]
    Status,
    /// The endpoint has no method or no path.
    #[error("endpoint must be * or a method and a path, such as POST /v1/messages")]
    Endpoint,
    /// `latency` without milliseconds.
    #[error("latency needs latency_ms, at most 600000")]
    Latency,
    /// Too many faults are armed.
    #[error("at most {MOST_FAULTS} faults can be armed")]
    TooMany,
}

/// How many faults can be armed at once.
pub const MOST_FAULTS: usize = 100;

/// What to do to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Strike {
    /// Wait so long first.
    pub latency: Option<Duration>,
    /// Then this.
    pub then: Option<Blow>,
}

/// What replaces or spoils an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blow {
    /// This status instead of handling it.
    Status(u16),
    /// 503 instead of handling it.
    Maintenance,
    /// No answer, and nothing handled.
    DropBefore,
    /// No answer, although it was handled.
    DropAfter,
    /// So many bytes of the answer's body.
    Truncate(u64),
}

impl Strike {
    /// The name of the fault, for the journal.
    pub const fn name(&self) -> Option<&'static str> {
        match (self.then, self.latency) {
            (Some(Blow::Status(_)), _) => Some("status"),
            (Some(Blow::Maintenance), _) => Some("maintenance"),
            (Some(Blow::DropBefore | Blow::DropAfter), _) => Some("drop"),
            (Some(Blow::Truncate(_)), _) => Some("truncate"),
            (None, Some(_)) => Some("latency"),
            (None, None) => None,
        }
    }
}

/// The faults that are armed.
#[derive(Debug, Default)]
pub struct Faults {
    armed: AtomicBool,
    list: Mutex<List>,
}

#[derive(Debug, Default)]
struct List {
    faults: Vec<ArmedFault>,
    next_id: u64,
}

impl Faults {
    /// Arms a fault; returns it with its number and seed.
    ///
    /// # Errors
    /// [`FaultOrderError`].
    pub fn arm(&self, mut order: FaultOrder) -> Result<ArmedFault, FaultOrderError> {
        if !(0.0..=1.0).contains(&order.rate) {
            return Err(FaultOrderError::Rate);
        }
        if order.status.is_some_and(|status| !(400..600).contains(&status)) {
            return Err(FaultOrderError::Status);
        }
        if order.kind == FaultKind::Latency && order.latency_ms.is_none_or(|ms| ms > 600_000) {
            return Err(FaultOrderError::Latency);
        }
        if order.endpoint != "*" {
            let (method, path) = order.endpoint.split_once(' ').ok_or(FaultOrderError::Endpoint)?;
            let is_method = !method.is_empty() && method.bytes().all(|b| b.is_ascii_uppercase());
            if !is_method || !path.starts_with('/') {
                return Err(FaultOrderError::Endpoint);
            }
        }
        let seed = order.seed.unwrap_or_else(drawn_seed);
        order.seed = Some(seed);
        let mut list = self.guard();
        if list.faults.len() >= MOST_FAULTS {
            return Err(FaultOrderError::TooMany);
        }
        list.next_id += 1;
        let fault = ArmedFault { id: list.next_id, order, struck: 0, random: seed };
        tracing::info!(
            fault = fault.id, kind = fault.order.kind.name(), endpoint = %fault.order.endpoint,
            rate = fault.order.rate, seed, "a fault is armed"
        );
        list.faults.push(fault.clone());
        self.armed.store(true, Ordering::Release);
        Ok(fault)
    }

    /// The faults that are armed, in the order of arming; those used up stay until disarmed.
    pub fn list(&self) -> Vec<ArmedFault> {
        self.guard().faults.clone()
    }

    /// Disarms one; whether there was one of that number.
    pub fn disarm(&self, id: u64) -> bool {
        let mut list = self.guard();
        let before = list.faults.len();
        list.faults.retain(|fault| fault.id != id);
        self.armed.store(!list.faults.is_empty(), Ordering::Release);
        list.faults.len() < before
    }

    /// Disarms all.
    pub fn disarm_all(&self) {
        self.guard().faults.clear();
        self.armed.store(false, Ordering::Release);
    }

    /// What happens to a request of `method` to the endpoint `path`.
    ///
    /// Latencies add up; of the others the first that strikes decides.
    pub fn decide(&self, method: &str, path: &str) -> Strike {
        let mut strike = Strike::default();
        if !self.armed.load(Ordering::Acquire) {
            return strike;
        }
        for fault in &mut self.guard().faults {
            if !fault.is_for(method, path) || (fault.blow().is_some() && strike.then.is_some()) {
                continue;
            }
            if !fault.strikes() {
                continue;
            }
            match fault.blow() {
                Some(blow) => strike.then = Some(blow),
                None => {
                    let ms = Duration::from_millis(fault.order.latency_ms.unwrap_or(0));
                    strike.latency = Some(strike.latency.unwrap_or_default() + ms);
                }
            }
        }
        strike
    }

    fn guard(&self) -> MutexGuard<'_, List> {
        // Each change is one push, one removal or one counter.
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ArmedFault {
    fn is_for(&self, method: &str, path: &str) -> bool {
        self.order.endpoint == "*" || self.order.endpoint.split_once(' ') == Some((method, path))
    }

    /// Draws once, and counts if it strikes.
    fn strikes(&mut self) -> bool {
        if self.order.count.is_some_and(|count| self.struck >= count) {
            return false;
        }
        let strikes = share(&mut self.random) < self.order.rate;
        self.struck += u64::from(strikes);
        strikes
    }

    fn blow(&self) -> Option<Blow> {
        match self.order.kind {
            FaultKind::Latency => None,
            FaultKind::Status => Some(Blow::Status(self.order.status.unwrap_or(500))),
            FaultKind::Maintenance => Some(Blow::Maintenance),
            FaultKind::Drop if self.order.when == When::After => Some(Blow::DropAfter),
            FaultKind::Drop => Some(Blow::DropBefore),
            FaultKind::Truncate => Some(Blow::Truncate(self.order.after_bytes.unwrap_or(0))),
        }
    }
}

/// The next number of SplitMix64, as a share of 1.
fn share(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    // 53 bits fit an f64 exactly, so the result is below 1.
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}

/// A seed nobody gave; small enough to be typed, and exact in every JSON reader.
fn drawn_seed() -> u64 {
    let mut bytes = [0; 4];
    match getrandom::fill(&mut bytes) {
        Ok(()) => u64::from(u32::from_le_bytes(bytes)),
        // Without randomness a fixed seed is as good: it is shown either way.
        Err(_) => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(endpoint: &str, kind: FaultKind) -> FaultOrder {
        FaultOrder {
            endpoint: endpoint.to_owned(),
            kind,
            latency_ms: None,
            status: None,
            after_bytes: None,
            when: When::Before,
            rate: 1.0,
            count: None,
            seed: None,
        }
    }

    #[test]
    fn a_fault_strikes_its_endpoint_as_often_as_ordered() {
        let faults = Faults::default();
        let mut status = order("POST /v1/messages", FaultKind::Status);
        status.status = Some(502);
        status.count = Some(2);
        let armed = faults.arm(status).unwrap();
        assert!(armed.order.seed.is_some());
        assert_eq!(faults.decide("GET", "/v1/messages"), Strike::default());
        for _ in 0..2 {
            assert_eq!(faults.decide("POST", "/v1/messages").then, Some(Blow::Status(502)));
        }
        assert_eq!(faults.decide("POST", "/v1/messages"), Strike::default());
        assert_eq!(faults.list()[0].struck, 2);
        assert!(faults.disarm(armed.id));
        assert!(!faults.disarm(armed.id));
    }

    #[test]
    fn latencies_add_up_and_the_first_blow_decides() {
        let faults = Faults::default();
        for kind in
            [FaultKind::Latency, FaultKind::Drop, FaultKind::Latency, FaultKind::Maintenance]
        {
            let mut order = order("*", kind);
            order.latency_ms = (kind == FaultKind::Latency).then_some(5);
            faults.arm(order).unwrap();
        }
        let strike = faults.decide("GET", "/v1/top");
        assert_eq!(strike.latency, Some(Duration::from_millis(10)));
        assert_eq!(strike.then, Some(Blow::DropBefore));
        assert_eq!(faults.list()[3].struck, 0, "a fault that did not strike is not counted");
        faults.disarm_all();
        assert_eq!(faults.decide("GET", "/v1/top"), Strike::default());
    }

    #[test]
    fn a_seed_repeats_a_run() {
        let run = |seed| {
            let faults = Faults::default();
            let mut order = order("*", FaultKind::Maintenance);
            order.rate = 0.3;
            order.seed = Some(seed);
            faults.arm(order).unwrap();
            (0..200).map(|_| faults.decide("GET", "/").then.is_some()).collect::<Vec<_>>()
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
        let struck = run(7).iter().filter(|struck| **struck).count();
        assert!((30..90).contains(&struck), "{struck} of 200 at a rate of 0.3");
    }

    #[test]
    fn strange_orders_are_refused() {
        let faults = Faults::default();
        let mut rate = order("*", FaultKind::Drop);
        rate.rate = 1.5;
        assert_eq!(faults.arm(rate).unwrap_err(), FaultOrderError::Rate);
        let mut status = order("*", FaultKind::Status);
        status.status = Some(200);
        assert_eq!(faults.arm(status).unwrap_err(), FaultOrderError::Status);
        for endpoint in ["", "POST", "/v1/messages", "post /v1/messages", "POST v1"] {
            let error = faults.arm(order(endpoint, FaultKind::Drop)).unwrap_err();
            assert_eq!(error, FaultOrderError::Endpoint, "{endpoint}");
        }
        assert_eq!(
            faults.arm(order("*", FaultKind::Latency)).unwrap_err(),
            FaultOrderError::Latency
        );
        assert!(faults.list().is_empty());
    }
}
