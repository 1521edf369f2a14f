//! TLS of the relay, and of the sites for those who practise with a certificate in the browser.
//!
//! By default every client certificate, or none, gets through the handshake, so that people read
//! in HTTP what is wrong with theirs. That the client holds the key of the certificate it shows is
//! verified even so. With `--strict-tls` the handshake itself refuses: no certificate, one of
//! another root, an expired or a revoked one. What only the relay can know (kind, office) is
//! judged in HTTP in both cases.

use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use careplan_certs::CertificateFacts;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::time_provider::TimeProvider;
use rustls::{
    DigitallySignedStruct, DistinguishedName, RootCertStore, ServerConfig, SignatureScheme,
};
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer, UnixTime};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use careplan_relay::Relay;
use careplan_relay::clock::Clock;

/// What a listener does about certificates of its clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientCertificates {
    /// It does not ask for any.
    NotAsked,
    /// It asks, and lets any or none through: what is wrong is told in HTTP.
    Asked,
    /// The handshake refuses wrong ones, and none.
    Demanded,
}

/// What the server is called, for its certificate.
#[derive(Debug, Clone)]
pub struct ServerNames {
    names: Vec<String>,
    addresses: Vec<IpAddr>,
}

impl ServerNames {
    /// Host names and addresses `given` for it, and the address it listens on; `localhost` and the
    /// loopback addresses are in every certificate anyway.
    pub fn new(given: &[String], bind: IpAddr) -> Self {
        let mut addresses: Vec<IpAddr> =
            given.iter().filter_map(|name| name.parse().ok()).collect();
        if !bind.is_unspecified() {
            addresses.push(bind);
        }
        let names = given.iter().filter(|name| name.parse::<IpAddr>().is_err()).cloned().collect();
        Self { names, addresses }
    }
}

/// TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The library refuses the pieces.
    #[error("TLS cannot be set up: {0}")]
    Rustls(#[from] rustls::Error),
    /// The authority's certificate or revocation list does not make a verifier.
    #[error("client certificates cannot be verified: {0}")]
    Verifier(#[from] rustls::server::VerifierBuilderError),
    /// The authority fails.
    #[error("the server's own certificate: {0}")]
    Authority(String),
}

/// Handshakes of a listener.
///
/// The whole configuration is replaced when the authority changes, not the verifier inside it:
/// a resumed session does not ask the verifier again, and only a new configuration comes with an
/// empty session store.
#[derive(Debug)]
pub struct TlsFront {
    relay: Relay,
    names: ServerNames,
    clients: ClientCertificates,
    changes: watch::Receiver<u64>,
    current: ArcSwap<Current>,
    renewing: Mutex<()>,
}

/// A configuration, and which change of the authority it follows.
#[derive(Debug)]
struct Current {
    change: u64,
    config: Arc<ServerConfig>,
}

impl TlsFront {
    /// Ready for handshakes.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn new(
        relay: Relay,
        names: ServerNames,
        clients: ClientCertificates,
    ) -> Result<Self, TlsError> {
        let changes = relay.authority_changes();
        let change = *changes.borrow();
        let config = configuration(&relay, &names, clients)?;
        let current = ArcSwap::from_pointee(Current { change, config });
        Ok(Self { relay, names, clients, changes, current, renewing: Mutex::new(()) })
    }

    /// One handshake, with the authority as it is now: once a revocation has been answered, no
    /// handshake begins with a configuration from before it.
    ///
    /// # Errors
    /// The peer does not complete it, or the authority changed and no longer makes a configuration.
    pub async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let config = self.config().map_err(|error| {
            tracing::error!(%error, "the TLS configuration could not be renewed");
            io::Error::other(error)
        })?;
        TlsAcceptor::from(config).accept(stream).await
    }

    fn config(&self) -> Result<Arc<ServerConfig>, TlsError> {
        let is_current = |current: &Current| current.change == *self.changes.borrow();
        let current = self.current.load();
        if is_current(&current) {
            return Ok(Arc::clone(&current.config));
        }
        // One renews, the others wait for it.
        let _turn = self.renewing.lock().unwrap_or_else(PoisonError::into_inner);
        let current = self.current.load();
        if is_current(&current) {
            return Ok(Arc::clone(&current.config));
        }
        // Read first: a change in between makes the next handshake renew again.
        let change = *self.changes.borrow();
        let config = configuration(&self.relay, &self.names, self.clients)?;
        self.current.store(Arc::new(Current { change, config: Arc::clone(&config) }));
        Ok(config)
    }
}

fn configuration(
    relay: &Relay,
    names: &ServerNames,
    clients: ClientCertificates,
) -> Result<Arc<ServerConfig>, TlsError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier: Arc<dyn ClientCertVerifier> = match clients {
        ClientCertificates::NotAsked => WebPkiClientVerifier::no_client_auth(),
        ClientCertificates::Asked => {
            Arc::new(ExplainLater { algorithms: provider.signature_verification_algorithms })
        }
        ClientCertificates::Demanded => refusing_verifier(relay, &provider)?,
    };
    let host_names: Vec<&str> = names.names.iter().map(String::as_str).collect();
    let identity = relay
        .issue_server(&host_names, &names.addresses)
        .map_err(|failure| TlsError::Authority(failure.to_string()))?;
    let key = PrivateKeyDer::Pkcs8(identity.private_key());
    let time = Arc::new(ClockTime(relay.clock().clone()));
    let mut config = ServerConfig::builder_with_details(provider, time)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
        .with_client_cert_verifier(verifier)
        .with_single_cert(identity.presented(), key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn refusing_verifier(
    relay: &Relay,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ClientCertVerifier>, TlsError> {
    let authority = relay.authority();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(authority.ca_der.clone()))?;
    let crl = CertificateRevocationListDer::from(authority.crl_der.clone());
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
            .with_crls([crl])
            .only_check_end_entity_revocation()
            .build()?;
    Ok(verifier)
}

/// Lets every certificate through, to be judged where the reason can be told.
#[derive(Debug)]
struct ExplainLater {
    algorithms: WebPkiSupportedAlgorithms,
}

impl ClientCertVerifier for ExplainLater {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    /// None: a client that sees names picks only among certificates of that issuer, and would
    /// come with none instead of with the wrong one.
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, cert, dss, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, cert, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// Our clock, for rustls.
#[derive(Debug)]
struct ClockTime(Clock);

impl TimeProvider for ClockTime {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.now().as_second()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

/// The serial number of a certificate, for the journal.
pub(super) fn serial_of(certificate: &CertificateDer<'_>) -> Option<Arc<str>> {
    let facts = CertificateFacts::from_der(certificate).ok()?;
    Some(Arc::from(facts.serial.to_string()))
}
