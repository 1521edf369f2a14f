//! Offices, certificates, files and messages for the tests. Everything is invented.

use std::io::Write as _;
use std::sync::LazyLock;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use careplan_certs::kind::Kind;
use careplan_certs::{Authority, Installed, Request, signature};
use careplan_client_core::{
    Client, ClientBuilder, Credentials, FixedClock, Limits, OutgoingFile, Terminal,
};
use careplan_spec::calendar;
use careplan_spec::office_number::OfficeNumber;
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::stub::{Mail, State, Stub};

pub(crate) fn now() -> Timestamp {
    "2026-11-21T07:00:00Z".parse().unwrap()
}

/// One authority for all tests: making keys takes time.
pub(crate) static AUTHORITY: LazyLock<Authority> =
    LazyLock::new(|| Authority::generate(now()).unwrap());

pub(crate) fn certificate(office: &str) -> Installed {
    certificate_by(&AUTHORITY, office)
}

pub(crate) fn certificate_by(authority: &Authority, office: &str) -> Installed {
    let office = OfficeNumber::parse(office.as_bytes()).unwrap();
    let issued = authority.issue(&Request::new(office, Kind::CarePlanJigyousho, now())).unwrap();
    Installed::try_from(&issued).unwrap()
}

pub(crate) fn authority_answer() -> Value {
    let next = now() + Duration::from_secs(86_400);
    let crl = AUTHORITY.crl(&[], now(), next).unwrap();
    json!({
        "ca_pem": AUTHORITY.ca_pem(),
        "crl_der_base64": STANDARD.encode(&crl),
        "issuer": "TEST e-seikyuuCA",
    })
}

/// Actuals of three people, as the standard wants them, from this terminal's office.
pub(crate) fn actuals() -> Vec<OutgoingFile> {
    let month = calendar::parse_month(b"202610").unwrap();
    let request = careplan_fixtures::Request::new("S1", month).unwrap();
    careplan_fixtures::generate(&request)
        .unwrap()
        .into_iter()
        .map(|file| OutgoingFile { name: file.name, bytes: file.bytes.into() })
        .collect()
}

/// The office of this terminal: the sender of [`actuals`].
pub(crate) static OWN: LazyLock<String> =
    LazyLock::new(|| actuals()[0].standard_name().unwrap().sender.office().to_owned());

/// The office on the other side: the receiver of [`actuals`].
pub(crate) static OTHER: LazyLock<String> =
    LazyLock::new(|| actuals()[0].standard_name().unwrap().receiver.office().to_owned());

/// A file with a name of the standard and nothing behind it.
pub(crate) fn file_to(office: &str, sequence: u64) -> OutgoingFile {
    OutgoingFile {
        name: format!("UPJSK_202610_{}_11_{office}_43_{sequence}.CSV", *OWN),
        bytes: Bytes::from_static(b"x"),
    }
}

pub(crate) fn attachment(name: &str) -> OutgoingFile {
    OutgoingFile { name: name.to_owned(), bytes: Bytes::from_static(b"%PDF-1.7") }
}

/// A terminal with a stub relay.
pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) stub: Stub,
    pub(crate) client: Client,
}

pub(crate) fn limits() -> Limits {
    Limits { first_wait: Duration::from_millis(1), json_bytes: 1 << 20, ..Limits::default() }
}

pub(crate) fn config(url: &str) -> ClientBuilder {
    Client::builder(url).unwrap().clock(FixedClock(now())).limits(limits())
}

pub(crate) fn credentials() -> Credentials {
    let office_user = format!("KJ{}{}", &OWN[..2], *OWN);
    Credentials::new("c0001", "Com-User1", &office_user, "Office123").unwrap()
}

pub(crate) fn state() -> State {
    State { office: OWN.clone(), authority: authority_answer(), ..State::default() }
}

impl World {
    /// With a certificate installed, nobody logged in.
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let stub = Stub::start(state(), None).await;
        let terminal = Terminal::open(folder.path().join("terminal")).unwrap();
        terminal.install_certificate(&certificate(&OWN)).unwrap();
        let client = config(&stub.url).terminal(terminal).build().unwrap();
        Self { folder, stub, client }
    }

    /// Logged in.
    pub(crate) async fn logged_in() -> Self {
        let world = Self::new().await;
        world.client.login(&credentials()).await.unwrap();
        world
    }

    /// As after a restart: the same terminal folder, a new client.
    pub(crate) fn restart(&mut self) {
        let terminal = Terminal::open(self.client.terminal().root()).unwrap();
        self.client = config(&self.stub.url).terminal(terminal).build().unwrap();
    }

    pub(crate) fn terminal(&self) -> &Terminal {
        self.client.terminal()
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    careplan_spec::hex(&Sha256::digest(bytes))
}

/// A message on its way to this terminal, every part of which a test can spoil.
pub(crate) struct Parcel {
    pub(crate) from: String,
    pub(crate) manifest: Value,
    pub(crate) signed_by: Installed,
    /// What the ZIP holds beside the manifest and its signature.
    pub(crate) entries: Vec<(String, Vec<u8>)>,
}

impl Parcel {
    pub(crate) fn new(files: &[(&str, &[u8])], text: Option<&str>) -> Self {
        let listed: Vec<Value> = files
            .iter()
            .map(
                |(name, bytes)| json!({"name": name, "size": bytes.len(), "sha256": sha256(bytes)}),
            )
            .collect();
        let manifest = json!({
            "version": 1, "from": *OTHER, "to": *OWN, "created_at": "2026-11-21T06:59:00Z",
            "text": text, "files": listed,
        });
        let entries = files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec()));
        Self {
            from: OTHER.clone(),
            manifest,
            signed_by: certificate(&OTHER),
            entries: entries.collect(),
        }
    }

    pub(crate) fn zip(&self) -> Vec<u8> {
        let manifest = self.manifest.to_string().into_bytes();
        let signature = signature::sign(&manifest, &self.signed_by, now()).unwrap();
        let mut entries = self.entries.clone();
        entries.push(("relay/manifest.json".to_owned(), manifest));
        entries.push(("relay/manifest.json.p7s".to_owned(), signature));
        zip_of(&entries)
    }

    /// Puts the message into the stub's inbox under this identifier.
    pub(crate) fn deliver(&self, stub: &Stub, id: &str) {
        deliver_zip(stub, id, &self.from, self.zip());
    }
}

pub(crate) fn zip_of(entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in entries {
        zip.start_file(name.as_str(), stored).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub(crate) fn deliver_zip(stub: &Stub, id: &str, from: &str, zip: Vec<u8>) {
    let item = json!({
        "id": id, "received_at": "2026-11-21T07:00:00Z",
        "from": {"number": from, "name": "訪問介護ひだまり", "service_kind": "11"},
        "units": [{"unit": "S1", "sequence": "20261121100000", "service_month": "202610"}],
        "files": 1, "bytes": zip.len(), "has_text": false, "state": "unfetched", "state_shown": "",
        "fetched_at": null,
    });
    let sha256 = sha256(&zip);
    stub.state()
        .inbox
        .insert(id.to_owned(), Mail { item, zip, sha256, claims: 0, key: None, confirmed: 0 });
}

/// Lets everything run for so many turns, with this among it; `None` where it was dropped before
/// its end.
pub(crate) async fn turns<T>(count: usize, work: impl Future<Output = T>) -> Option<T> {
    let mut work = std::pin::pin!(work);
    for _ in 0..=count {
        let polled = std::future::poll_fn(|context| {
            std::task::Poll::Ready(match work.as_mut().poll(context) {
                std::task::Poll::Ready(outcome) => Some(outcome),
                std::task::Poll::Pending => None,
            })
        });
        if let Some(outcome) = polled.await {
            return Some(outcome);
        }
        tokio::task::yield_now().await;
    }
    None
}
