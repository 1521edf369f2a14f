//! A relay that is broken on purpose: it passes everything on to ours and spoils some answers.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use careplan_certs::{Authority, CertificateFacts};
use careplan_tests::plan::server::Server;
use careplan_tests::tls;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A request on its way through.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// An answer on its way back.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Told {
    /// The body as JSON, changed.
    pub(crate) fn change(&mut self, how: impl FnOnce(&mut serde_json::Value)) {
        if let Ok(mut json) = serde_json::from_slice(&self.body) {
            how(&mut json);
            self.body = json.to_string().into_bytes();
        }
    }
}

/// What is broken. `before` may spoil the request, `after` the answer.
pub(crate) trait Defect: Send + Sync + 'static {
    fn before(&self, _asked: &mut Asked) {}
    fn after(&self, _asked: &Asked, _told: &mut Told) {}
}

/// Remembers the first answer to each claim and gives it again: a message can be fetched twice.
#[derive(Default)]
pub(crate) struct FetchedTwice(Mutex<BTreeMap<String, Told>>);

impl Defect for FetchedTwice {
    fn after(&self, asked: &Asked, told: &mut Told) {
        if !asked.path.ends_with("/claim") {
            return;
        }
        let mut first = self.0.lock().unwrap();
        if told.status == 200 {
            first.insert(asked.path.clone(), told.clone());
        } else if let Some(before) = first.get(&asked.path) {
            *told = before.clone();
        }
    }
}

/// A defect of the answer alone.
pub(crate) struct Spoiled<F>(pub(crate) F);

impl<F: Fn(&Asked, &mut Told) + Send + Sync + 'static> Defect for Spoiled<F> {
    fn after(&self, asked: &Asked, told: &mut Told) {
        (self.0)(asked, told);
    }
}

/// A defect of the request alone.
pub(crate) struct Misheard<F>(pub(crate) F);

impl<F: Fn(&mut Asked) + Send + Sync + 'static> Defect for Misheard<F> {
    fn before(&self, asked: &mut Asked) {
        (self.0)(asked);
    }
}

/// Lets every client certificate through: the relay behind judges.
#[derive(Debug)]
struct Anybody(WebPkiSupportedAlgorithms);

impl ClientCertVerifier for Anybody {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, certificate, signed, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, certificate, signed, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}

/// Puts a broken relay in front of the server, which is changed to point at it. What it cannot
/// pass on (controls, sites) is gone.
pub(crate) async fn break_it(server: &mut Server, defect: impl Defect) -> SocketAddr {
    let authority = Arc::new(Authority::generate(jiff::Timestamp::now()).unwrap());
    let identity = authority
        .issue_server(&["localhost"], &["127.0.0.1".parse().unwrap()], jiff::Timestamp::now())
        .unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let anybody = Arc::new(Anybody(provider.signature_verification_algorithms));
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(tls::ANY_VERSION)
        .unwrap()
        .with_client_cert_verifier(anybody)
        .with_single_cert(identity.presented(), PrivateKeyDer::Pkcs8(identity.private_key()))
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let upstream = server.relay.clone();
    let client = |installed: Option<&careplan_certs::Installed>| {
        careplan_tests::bed::client_with(tls::client(&server.ca_pem, installed, tls::ANY_VERSION))
    };
    // A client of the relay behind for every certificate.
    let mut clients: BTreeMap<Option<String>, reqwest::Client> = BTreeMap::new();
    clients.insert(None, client(None));
    for login in server.offices.iter().filter_map(|place| place.login.as_ref()) {
        let fingerprint = login.installed.facts().fingerprint();
        clients.insert(Some(fingerprint), client(Some(&login.installed)));
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    server.relay = format!("https://{address}");
    server.ca_pem = authority.ca_pem();
    server.controls = None;
    server.sites = None;
    let shared = Arc::new((clients, upstream, defect));
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            let (acceptor, shared) = (acceptor.clone(), Arc::clone(&shared));
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(tcp).await else { return };
                let presented = stream.get_ref().1.peer_certificates();
                let fingerprint = presented.and_then(|chain| {
                    Some(CertificateFacts::from_der(chain.first()?).ok()?.fingerprint())
                });
                let (clients, upstream, defect) = &*shared;
                let Some(client) = clients.get(&fingerprint) else { return };
                if let Some(told) = pass_on(&mut stream, client, upstream, defect).await {
                    let mut head = format!("HTTP/1.1 {} -\r\n", told.status);
                    for (name, value) in &told.headers {
                        head.push_str(&format!("{name}: {value}\r\n"));
                    }
                    head.push_str(&format!("content-length: {}\r\n", told.body.len()));
                    head.push_str("connection: close\r\n\r\n");
                    let _ = stream.write_all(head.as_bytes()).await;
                    let _ = stream.write_all(&told.body).await;
                    let _ = stream.shutdown().await;
                }
            });
        }
    });
    address
}

async fn pass_on(
    stream: &mut (impl AsyncRead + Unpin),
    client: &reqwest::Client,
    upstream: &str,
    defect: &impl Defect,
) -> Option<Told> {
    let mut asked = read(stream).await?;
    defect.before(&mut asked);
    let method: reqwest::Method = asked.method.parse().ok()?;
    let mut request = client.request(method, format!("{upstream}{}", asked.path));
    for (name, value) in &asked.headers {
        let own = ["host", "content-length", "connection"].contains(&name.as_str());
        // A foreign Host must arrive; our own name must not.
        let foreign = name == "host" && value.contains("example");
        if !own || foreign {
            request = request.header(name, value);
        }
    }
    let response = request.body(asked.body.clone()).send().await.ok()?;
    let status = response.status().as_u16();
    let headers = response.headers().iter();
    let headers = headers
        .filter(|(name, _)| !["content-length", "connection"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    let body = response.bytes().await.ok()?.to_vec();
    let mut told = Told { status, headers, body };
    defect.after(&asked, &mut told);
    Some(told)
}

/// One request with a content length, as every client of the plan sends them.
async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Asked> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.map_or(Some(0), |(_, value)| value.parse().ok())?;
    let mut body = bytes.split_off(end + 4);
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some(Asked { method, path, headers, body })
}
