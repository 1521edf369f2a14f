//! Numbers for Prometheus.
//!
//! The recorder belongs to one server, not to the process, so that several servers in one process
//! (tests) count apart. Handles are looked up once for each endpoint and status and kept.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::http::Method;
use metrics::{Counter, Gauge, Histogram, Key, Label, Level, Metadata, Recorder, Unit};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

const REQUESTS: &str = "careplan_requests_total";
const DURATION: &str = "careplan_request_duration_seconds";
const REFUSALS: &str = "careplan_refusals_total";
const CONNECTIONS: &str = "careplan_connections_open";
const ACCEPTED: &str = "careplan_connections_total";
const CLOSED: &str = "careplan_connections_closed_for_room_total";
const HANDSHAKES: &str = "careplan_tls_handshakes_total";
const FAULTS: &str = "careplan_faults_total";

/// Upper bounds of the duration buckets, in seconds.
const BUCKETS: &[f64] =
    &[0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0];

/// How often observations are put into their buckets; until then each takes a few bytes.
const UPKEEP: Duration = Duration::from_secs(2);

static METADATA: Metadata<'static> =
    Metadata::new(module_path!(), Level::INFO, Some(module_path!()));

/// What one server counts.
#[derive(Clone)]
pub struct Metrics {
    shared: Arc<Shared>,
}

struct Shared {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    answers: RwLock<HashMap<String, Vec<Answers>>>,
}

/// One path has few of these: kept for each listener, method and status.
#[derive(Clone)]
struct Answers {
    listener: &'static str,
    method: Method,
    status: u16,
    count: Counter,
    duration: Histogram,
}

impl Answers {
    fn is_for(&self, listener: &str, method: &Method, status: u16) -> bool {
        self.listener == listener && self.status == status && self.method == method
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// Everything at zero.
    pub fn new() -> Self {
        let builder = PrometheusBuilder::new();
        let recorder = match builder.set_buckets(BUCKETS) {
            Ok(builder) => builder.build_recorder(),
            // Only an empty list of buckets is refused; summaries are then as good.
            Err(_) => PrometheusBuilder::new().build_recorder(),
        };
        let describe = |name: &'static str, unit, text: &'static str| {
            recorder.describe_counter(name.into(), unit, text.into());
        };
        describe(REQUESTS, Some(Unit::Count), "Requests answered, by endpoint and status.");
        describe(REFUSALS, Some(Unit::Count), "Requests refused, by code of the problem document.");
        describe(ACCEPTED, Some(Unit::Count), "Connections accepted.");
        describe(CLOSED, Some(Unit::Count), "Connections closed because others came.");
        describe(HANDSHAKES, Some(Unit::Count), "TLS handshakes, by outcome.");
        describe(FAULTS, Some(Unit::Count), "Faults injected, by kind.");
        recorder.describe_histogram(
            DURATION.into(),
            Some(Unit::Seconds),
            "Time until the head of the answer was ready.".into(),
        );
        recorder.describe_gauge(CONNECTIONS.into(), Some(Unit::Count), "Connections open.".into());
        let handle = recorder.handle();
        Self { shared: Arc::new(Shared { recorder, handle, answers: RwLock::default() }) }
    }

    /// A request was answered. `path` is that of the endpoint; requests to no endpoint all count
    /// as `none`, or anyone could make the server keep a handle for every path there is.
    pub fn answered(
        &self,
        listener: &'static str,
        method: &Method,
        path: Option<&str>,
        status: u16,
        duration: Duration,
    ) {
        let (method, path) = path.map_or((&Method::OPTIONS, "none"), |path| (method, path));
        let known = {
            let answers = self.shared.answers.read().unwrap_or_else(PoisonError::into_inner);
            let of_path = answers.get(path);
            of_path.and_then(|of| of.iter().find(|a| a.is_for(listener, method, status)).cloned())
        };
        let answers = known.unwrap_or_else(|| self.handles_for(listener, method, path, status));
        answers.count.increment(1);
        answers.duration.record(duration.as_secs_f64());
    }

    /// A request was refused with this code.
    pub fn refused(&self, code: &'static str) {
        self.counter(REFUSALS, vec![Label::new("code", code)]).increment(1);
    }

    /// A fault struck.
    pub fn faulted(&self, kind: &'static str) {
        self.counter(FAULTS, vec![Label::new("kind", kind)]).increment(1);
    }

    /// A handshake came to an end: `ok`, `failed` or `timeout`.
    pub fn handshake(&self, outcome: &'static str) {
        self.counter(HANDSHAKES, vec![Label::new("outcome", outcome)]).increment(1);
    }

    /// A connection was accepted; it counts as open while the result lives.
    pub fn connected(&self, listener: &'static str) -> OpenConnection {
        let label = || vec![Label::new("listener", listener)];
        self.counter(ACCEPTED, label()).increment(1);
        let key = Key::from_parts(CONNECTIONS, label());
        let open = self.shared.recorder.register_gauge(&key, &METADATA);
        open.increment(1);
        OpenConnection { open }
    }

    /// So many connections were closed because another one came, or that one itself.
    pub fn closed_for_room(&self, listener: &'static str, count: usize) {
        let counter = self.counter(CLOSED, vec![Label::new("listener", listener)]);
        counter.increment(u64::try_from(count).unwrap_or(u64::MAX));
    }

    /// Everything, in the text format of Prometheus.
    pub fn render(&self) -> String {
        self.shared.handle.render()
    }

    /// Puts observations into their buckets for as long as it is polled.
    pub async fn upkeep(self) {
        let mut ticks = tokio::time::interval(UPKEEP);
        loop {
            ticks.tick().await;
            self.shared.handle.run_upkeep();
        }
    }

    fn handles_for(
        &self,
        listener: &'static str,
        method: &Method,
        path: &str,
        status: u16,
    ) -> Answers {
        // A method nobody has heard of is answered 405 on a path that exists.
        let shown = if is_common(method) { method.as_str().to_owned() } else { "other".to_owned() };
        let place = || {
            vec![
                Label::new("listener", listener),
                Label::new("method", shown.clone()),
                Label::new("path", path.to_owned()),
            ]
        };
        let mut labels = place();
        labels.push(Label::new("status", status.to_string()));
        let count = self.counter(REQUESTS, labels);
        let duration =
            self.shared.recorder.register_histogram(&Key::from_parts(DURATION, place()), &METADATA);
        let answers = Answers { listener, method: method.clone(), status, count, duration };
        if is_common(method) {
            let mut kept = self.shared.answers.write().unwrap_or_else(PoisonError::into_inner);
            kept.entry(path.to_owned()).or_default().push(answers.clone());
        }
        answers
    }

    fn counter(&self, name: &'static str, labels: Vec<Label>) -> Counter {
        self.shared.recorder.register_counter(&Key::from_parts(name, labels), &METADATA)
    }
}

/// Whether a method is one that people use; any other word may stand for it too.
pub(crate) fn is_common(method: &Method) -> bool {
    [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::HEAD,
        Method::OPTIONS,
    ]
    .contains(method)
}

/// A connection that is open.
#[must_use]
pub struct OpenConnection {
    open: Gauge,
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.open.decrement(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_servers_count_apart() {
        let (one, other) = (Metrics::new(), Metrics::new());
        let open = one.connected("relay");
        one.answered("relay", &Method::GET, Some("/v1/top"), 200, Duration::from_millis(1));
        one.answered("relay", &Method::GET, Some("/v1/top"), 200, Duration::from_millis(2));
        one.refused("token-unknown");
        let text = one.render();
        let line = "careplan_requests_total{listener=\"relay\",method=\"GET\",path=\"/v1/top\",status=\"200\"} 2";
        assert!(text.contains(line), "{text}");
        assert!(text.contains("careplan_connections_open{listener=\"relay\"} 1"), "{text}");
        assert!(text.contains("careplan_refusals_total{code=\"token-unknown\"} 1"), "{text}");
        drop(open);
        assert!(one.render().contains("careplan_connections_open{listener=\"relay\"} 0"));
        assert!(!other.render().contains("/v1/top"));
    }
}
