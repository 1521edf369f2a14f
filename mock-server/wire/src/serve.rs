//! The server: three listeners around one central system.

mod ports;
mod routers;

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::api;
use crate::api::host::HostNames;
use crate::controls;
use crate::fault::Faults;
use crate::journal::{self, Journal};
use crate::listener::descriptors;
use crate::listener::places::{Caps, Places};
use crate::listener::tls::{ClientCertificates, ServerNames, TlsError, TlsFront};
use crate::listener::{Front, Limits, Listener};
use crate::memory::{Bounds, Memory};
use crate::metrics::Metrics;
use crate::openapi::{self, Addresses};
use crate::operator::OperatorToken;
use crate::scenarios::Scenarios;
use careplan_relay::outcome::{Error, Failure};
use careplan_relay::secret::Secret;
use careplan_relay::store::{Store, StoreLocation};
use careplan_relay::{ClockMove, Relay, Settings};

use self::ports::{Bound, bind, bind_port, host_names, local_host, shown_host};
use self::routers::Parts;

pub use self::routers::{PageParts, Pages};

/// The first port where none is asked for.
pub const DEFAULT_PORT_BASE: u16 = 8080;

/// The sites under TLS are so many ports after the first.
const SITES_TLS_STEP: u16 = 3;

/// How to serve.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the state lives.
    pub place: StoreLocation,
    /// The central system.
    pub settings: Settings,
    /// Scenario for an empty place; without it, the first that is offered.
    pub scenario: Option<String>,
    /// Seed of everything random that is readable: passwords, codes.
    pub seed: u64,
    /// The time to set the clock to, whatever the state says; it runs on from there.
    pub clock: Option<Timestamp>,
    /// Whether the clock stands still.
    pub frozen: bool,
    /// The address of all listeners.
    pub bind: IpAddr,
    /// Sites on this port, controls on the next, the relay on the one after; 0 takes free ones.
    pub port_base: u16,
    /// Names the server is called by, beside `localhost` and the loopback addresses.
    pub host_names: Vec<String>,
    /// Whether the handshake refuses wrong client certificates.
    pub strict_tls: bool,
    /// Whether the sites are served under TLS too, on the port after the relay, and what is done
    /// about certificates of browsers there.
    pub sites_tls: Option<ClientCertificates>,
    /// Whether another address than a loopback one is meant.
    pub listen_anywhere: bool,
    /// Token of the controls; drawn where it is needed and none is given.
    pub admin_token: Option<Secret>,
    /// What a peer may take.
    pub limits: Limits,
    /// Bytes of the journal.
    pub journal_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            place: StoreLocation::default(),
            settings: Settings::default(),
            scenario: None,
            seed: 1,
            clock: None,
            frozen: false,
            bind: Ipv4Addr::LOCALHOST.into(),
            port_base: DEFAULT_PORT_BASE,
            host_names: Vec::new(),
            strict_tls: false,
            sites_tls: None,
            listen_anywhere: false,
            admin_token: None,
            limits: Limits::default(),
            journal_bytes: journal::DEFAULT_BYTES,
        }
    }
}

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An address others can reach, without the flag that says so.
    #[error(
        "{0} is no loopback address. This is a mock without real security: \
         say --listen-anywhere if you mean it"
    )]
    NotLoopback(IpAddr),
    /// There are not enough ports from this one on.
    #[error("--port-base {0} leaves no room for the ports after it")]
    PortBase(u16),
    /// A port is taken.
    #[error("{address} cannot be opened ({source}); another --port-base, or 0 for free ports")]
    Bind {
        /// Where.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// There is no such scenario.
    #[error("there is no scenario {0}")]
    Scenario(String),
    /// The central system.
    #[error(transparent)]
    System(#[from] Failure),
    /// TLS.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The operating system has no randomness.
    #[error("no token could be drawn: {0}")]
    Randomness(String),
}

/// The description of the interface at the default addresses, JSON.
///
/// # Errors
/// It cannot be written as JSON.
pub fn description() -> serde_json::Result<String> {
    let url = |scheme: &str, step: u16| {
        let port = DEFAULT_PORT_BASE + step;
        format!("{scheme}://127.0.0.1:{port}")
    };
    let at = Addresses {
        sites: url("http", 0),
        controls: url("http", 1),
        relay: url("https", 2),
        sites_tls: None,
    };
    let mut sites = api::portal_routes().into_openapi();
    sites.merge(openapi::routes().into_openapi());
    let (relay, controls) = (api::relay_routes(), controls::routes());
    let whole = openapi::document(relay.into_openapi(), sites, controls.into_openapi(), &at);
    serde_json::to_string_pretty(&whole)
}

/// What `--print-config` prints.
#[derive(Debug, Clone, Serialize)]
pub struct PrintedConfig {
    /// Where the listeners are.
    #[serde(flatten)]
    pub addresses: Addresses,
    /// Certificate of the test authority, PEM.
    pub ca_pem: String,
    /// Token of the controls, where one is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admin_token: Option<Secret>,
}

/// A server that runs.
pub struct Server {
    relay: Relay,
    memory: Memory,
    addresses: Addresses,
    admin_token: Option<Secret>,
    stop: watch::Sender<bool>,
    listeners: JoinSet<()>,
    background: JoinSet<()>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}

impl Server {
    /// Starts: when it returns, connections are taken. `pages` are the pages of the sites.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start<P: Into<Pages>>(
        options: Options,
        scenarios: Arc<dyn Scenarios>,
        pages: impl FnOnce(PageParts) -> P,
    ) -> Result<Self, StartError> {
        if !options.bind.is_loopback() && !options.listen_anywhere {
            return Err(StartError::NotLoopback(options.bind));
        }
        // A taken port should be known before anything else is done.
        let [sites, controls, relay_port] = bind(options.bind, options.port_base).await?;
        let sites_tls = match options.sites_tls {
            Some(clients) => {
                Some((clients, bind_port(options.bind, options.port_base, SITES_TLS_STEP).await?))
            }
            None => None,
        };
        let relay = open(&options, scenarios.as_ref()).await?;
        let shown = shown_host(&options);
        let url = |scheme: &str, listener: &Bound| format!("{scheme}://{shown}:{}", listener.port);
        let addresses = Addresses {
            relay: url("https", &relay_port),
            sites: url("http", &sites),
            controls: url("http", &controls),
            sites_tls: sites_tls.as_ref().map(|(_, bound)| url("https", bound)),
        };
        relay.serving_at(&addresses.sites)?;
        let admin_token = match (options.admin_token.clone(), options.bind.is_loopback()) {
            (Some(token), _) => Some(OperatorToken::given(token)),
            (None, true) => None,
            (None, false) => Some(drawn_token()?),
        };
        let operator = admin_token.map(Arc::new);
        let (asked, grace) = (relay.clone(), options.limits.body);
        let memory = Memory::new(move || Bounds::of(&asked.switches(), grace));
        let parts = Parts {
            relay: relay.clone(),
            memory: memory.clone(),
            scenarios,
            faults: Arc::new(Faults::default()),
            journal: Arc::new(Journal::new(options.journal_bytes)),
            metrics: Metrics::new(),
            hosts: HostNames::new(&host_names(&options), options.listen_anywhere),
            relay_url: format!("https://{}:{}", local_host(options.bind), relay_port.port),
        };
        let names = ServerNames::new(&options.host_names, options.bind);
        let asked = match options.strict_tls {
            true => ClientCertificates::Demanded,
            false => ClientCertificates::Asked,
        };
        let tls = Arc::new(TlsFront::new(relay.clone(), names.clone(), asked)?);
        let routers = parts.routers(&addresses, operator.clone(), |parts| pages(parts).into());

        let (stop, stopped) = watch::channel(false);
        let mut listeners = JoinSet::new();
        let mut fronts = vec![
            ("sites", sites, Front::Plain, routers.sites.clone()),
            ("controls", controls, Front::Plain, routers.controls),
            ("relay", relay_port, Front::Tls(tls), routers.relay),
        ];
        if let Some((clients, bound)) = sites_tls {
            let tls = Arc::new(TlsFront::new(relay.clone(), names, clients)?);
            fronts.push(("sites", bound, Front::Tls(tls), routers.sites));
        }
        let limits = options.limits;
        descriptors::raise(limits.connections.saturating_mul(fronts.len()));
        let caps = Caps::within_descriptors(limits.connections, limits.per_address);
        let places = Places::new(caps, limits.head);
        for (name, bound, front, router) in fronts {
            for socket in bound.sockets {
                let (metrics, places) = (parts.metrics.clone(), places.clone());
                let (front, router) = (front.clone(), router.clone());
                let listener = Listener { name, socket, front, router, limits, metrics, places };
                listeners.spawn(listener.run(stopped.clone()));
            }
        }
        let mut background = JoinSet::new();
        background.spawn(parts.metrics.upkeep());
        let admin_token = operator.map(|operator| operator.token().clone());
        Ok(Self { relay, memory, addresses, admin_token, stop, listeners, background })
    }

    /// The central system.
    pub fn relay(&self) -> &Relay {
        &self.relay
    }

    /// What is in memory of what comes and goes.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Where the listeners are.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// Token of the controls, where one is asked for.
    pub fn admin_token(&self) -> Option<&Secret> {
        self.admin_token.as_ref()
    }

    /// What a program needs in order to talk to this server.
    pub fn printed_config(&self) -> PrintedConfig {
        PrintedConfig {
            addresses: self.addresses.clone(),
            ca_pem: self.relay.authority().ca_pem.clone(),
            admin_token: self.admin_token.clone(),
        }
    }

    /// Takes no more connections, lets open requests end, and returns.
    pub async fn stop(mut self) {
        // Nobody listens only if every listener has ended already.
        let _ = self.stop.send(true);
        while self.listeners.join_next().await.is_some() {}
        self.background.shutdown().await;
    }
}

/// The central system, at the time that was asked for.
async fn open(options: &Options, scenarios: &dyn Scenarios) -> Result<Relay, StartError> {
    let settings = options.settings.clone();
    // Before a scenario is made, so that its dates are relative to this time.
    if let Some(at) = options.clock {
        settings.clock.set(at);
    }
    let first = || scenarios.offered().first().map(|first| first.name.to_owned());
    let name = options.scenario.clone().or_else(first).unwrap_or_default();
    let beginning = scenarios.beginning(&name, options.seed).ok_or(StartError::Scenario(name))?;
    let store = Store::open(&options.place).await.map_err(Failure::from)?;
    let relay = Relay::open(store, settings, &beginning).await?;
    // A directory with a state has set the clock as it was.
    let set = options.clock.map(ClockMove::Set);
    let freeze = options.frozen.then_some(ClockMove::Freeze);
    // Stopped first: a clock that is set and then stopped has run on a little.
    for how in freeze.into_iter().chain(set) {
        relay.move_clock(how).await.map_err(|error| match error {
            Error::Failed(failure) => failure,
            Error::Refused(refusal) => Failure::Task(refusal.to_string()),
        })?;
    }
    Ok(relay)
}

fn drawn_token() -> Result<OperatorToken, StartError> {
    OperatorToken::drawn().map_err(|error| StartError::Randomness(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenarios::ScenarioInfo;
    use careplan_relay::beginning::Beginning;

    struct Nothing;

    impl Scenarios for Nothing {
        fn offered(&self) -> &'static [ScenarioInfo] {
            &[]
        }

        fn beginning(&self, _: &str, _: u64) -> Option<Beginning> {
            None
        }
    }

    #[tokio::test]
    async fn an_open_address_is_refused_unless_it_is_meant() {
        let options =
            Options { bind: Ipv4Addr::UNSPECIFIED.into(), port_base: 0, ..Options::default() };
        let error =
            Server::start(options, Arc::new(Nothing), |_| axum::Router::new()).await.unwrap_err();
        assert!(matches!(error, StartError::NotLoopback(_)), "{error}");
    }
}
