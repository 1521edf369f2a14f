//! Taking connections: one loop for plain HTTP and for TLS.
//!
//! Every wait has an end: for the handshake, for the head of a request (also the next one of an
//! open connection), for each piece of a body ([`crate::api::body`]). The number of connections is
//! bounded; where there are too many, one that is idle is closed for the next ([`places`]).

pub mod connection;
pub mod descriptors;
pub mod places;
mod plain_on_tls;
pub mod tls;

use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::Service;

use self::connection::{Activity, Cut, CuttableIo, Peer};
use self::places::{Place, Places};
use self::tls::TlsFront;
use crate::metrics::Metrics;
use careplan_relay::certificate::Presented;

/// What a peer may take, in time and number.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Until the TLS handshake is done.
    pub handshake: Duration,
    /// Until the head of a request is complete; an idle connection is closed after it too.
    pub head: Duration,
    /// Connections at once, for each listener.
    pub connections: usize,
    /// Connections at once from one address, for each listener.
    pub per_address: usize,
    /// How long a body may be silent, or behind its pace (switch `slowest-bytes-per-second`), and
    /// an archive that goes out.
    pub body: Duration,
    /// Until open requests are cut off when the server stops.
    pub shutdown: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(10),
            head: Duration::from_secs(30),
            body: Duration::from_secs(30),
            connections: 4_096,
            per_address: 1_024,
            shutdown: Duration::from_secs(5),
        }
    }
}

/// What stands between a socket and the router.
#[derive(Debug, Clone)]
pub enum Front {
    /// Nothing.
    Plain,
    /// TLS.
    Tls(Arc<TlsFront>),
}

/// Everything a connection needs.
struct Shared {
    name: &'static str,
    front: Front,
    router: Router,
    limits: Limits,
    metrics: Metrics,
    places: Places,
}

/// A listener to be run.
#[derive(Debug)]
pub struct Listener {
    /// `sites`, `controls` or `relay`.
    pub name: &'static str,
    /// Where connections come in.
    pub socket: TcpListener,
    /// What stands between it and the router.
    pub front: Front,
    /// What answers.
    pub router: Router,
    /// What a peer may take.
    pub limits: Limits,
    /// Numbers.
    pub metrics: Metrics,
    /// The places it shares with other listeners.
    pub places: Places,
}

impl Listener {
    /// Takes connections until `stop` turns true, then lets open requests end.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let Self { name, socket, front, router, limits, metrics, places } = self;
        let shared = Arc::new(Shared { name, front, router, limits, metrics, places });
        let graceful = GracefulShutdown::new();
        loop {
            let (stream, place) = tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                next = shared.next_connection(&socket) => next,
            };
            let (shared, watcher) = (Arc::clone(&shared), graceful.watcher());
            tokio::spawn(async move {
                tokio::select! {
                    () = serve(&shared, stream, watcher, place.activity()) => {}
                    () = place.wanted() => {
                        tracing::debug!(listener = shared.name, "closed to make room");
                    }
                }
            });
        }
        drop(socket);
        tokio::select! {
            () = graceful.shutdown() => {}
            () = tokio::time::sleep(limits.shutdown) => {
                tracing::warn!(listener = name, "requests were cut off");
            }
        }
    }
}

impl Shared {
    /// The next connection, and its place.
    async fn next_connection(&self, socket: &TcpListener) -> (TcpStream, Place) {
        loop {
            match socket.accept().await {
                Ok((stream, from)) => match self.places.take(self.name, from.ip()) {
                    Some((place, 0)) => return (stream, place),
                    Some((place, gone)) => {
                        self.metrics.closed_for_room(self.name, gone);
                        return (stream, place);
                    }
                    // Every connection is being answered: this one is closed.
                    None => self.metrics.closed_for_room(self.name, 1),
                },
                Err(error) => {
                    // Out of file descriptors, or the peer has gone already: the next one may do.
                    tracing::warn!(%error, "a connection could not be accepted");
                    if error.kind() != io::ErrorKind::ConnectionAborted && self.places.make_room() {
                        self.metrics.closed_for_room(self.name, 1);
                    }
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }
}

async fn serve(shared: &Shared, stream: TcpStream, watcher: Watcher, activity: &Activity) {
    let _open = shared.metrics.connected(shared.name);
    let address = stream.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    // Answers are small; waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    match &shared.front {
        Front::Plain => {
            let cut = Cut::default();
            let peer = Peer { address, certificate: None, serial: None, tls: false, cut };
            exchange(shared, stream, false, peer, watcher, activity).await;
        }
        Front::Tls(tls) => {
            let accepted = async {
                if plain_on_tls::speaks_http(&stream).await? {
                    plain_on_tls::answer(stream).await?;
                    return Err(io::Error::other("plain HTTP"));
                }
                tls.accept(stream).await
            };
            let handshake = tokio::time::timeout(shared.limits.handshake, accepted).await;
            let outcome = match &handshake {
                Ok(Ok(_)) => "ok",
                Ok(Err(_)) => "failed",
                Err(_) => "timeout",
            };
            shared.metrics.handshake(outcome);
            match handshake {
                Ok(Ok(stream)) => {
                    let (_, connection) = stream.get_ref();
                    let is_h2 = connection.alpn_protocol() == Some(b"h2");
                    let chain = connection.peer_certificates().unwrap_or_default();
                    let certificate = Presented::from_chain(chain).map(Arc::new);
                    let serial = chain.first().and_then(tls::serial_of);
                    let cut = Cut::default();
                    let peer = Peer { address, certificate, serial, tls: true, cut };
                    exchange(shared, stream, is_h2, peer, watcher, activity).await;
                }
                Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
                Err(_) => tracing::debug!("a TLS handshake took too long"),
            }
        }
    }
}

/// Requests and answers on one connection.
fn exchange<S>(
    shared: &Shared,
    stream: S,
    is_h2: bool,
    peer: Peer,
    watcher: Watcher,
    activity: &Activity,
) -> impl Future<Output = ()> + Send + use<S>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(shared.limits.head);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(shared.limits.head)
        .keep_alive_timeout(shared.limits.head)
        .max_concurrent_streams(256);
    // The version is known from ALPN; guessing it from the first bytes would wait without end.
    let builder = if is_h2 { builder.http2_only() } else { builder.http1_only() };
    let activity = activity.clone();
    let io = TokioIo::new(CuttableIo::new(stream, peer.cut.clone(), activity.clone()));
    let router = shared.router.clone();
    let (name, patience) = (shared.name, shared.limits.head);
    let handled = activity.clone();
    let service = hyper::service::service_fn(move |request: hyper::Request<_>| {
        let is_health = ["/healthz", "/readyz"].contains(&request.uri().path());
        handled.asked_for_health(is_health && name == "controls");
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(peer.clone());
        let (answer, handling) = (router.clone().call(request), handled.handling());
        async move {
            let answer = answer.await;
            drop(handling);
            answer
        }
    });
    async move {
        let connection = builder.serve_connection_with_upgrades(io, service).into_owned();
        // The timer of the head starts with its first byte; this one is for those who send none,
        // and for those who do not take their answer.
        tokio::select! {
            ended = watcher.watch(connection) => if let Err(error) = ended {
                tracing::debug!(listener = name, %error, "a connection broke");
            },
            () = activity.idle_for(patience) => {
                tracing::debug!(listener = name, "an idle connection was closed");
            }
        }
    }
}
