//! A running server and everything one can ask it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine;
use careplan_certs::{Installed, package};
use reqwest::{Client, Method, Request, RequestBuilder, Response};
use rustls::SupportedProtocolVersion;
use serde_json::{Value, json};

use crate::office::Office;
use crate::program::Program;
use crate::tls;

/// Password of every KJ ID in the demo, as documented.
pub const KJ_PASSWORD: &str = "Careplan1";
/// Password of every c-ID in the demo, as documented.
pub const C_PASSWORD: &str = "Terminal1";
/// 証明書発行用パスワード of every office in the demo, as documented.
pub const ISSUE_PASSWORD: &str = "Install01";

/// What changes something on the way: a server behind it is one that does something else.
pub enum Tampering {
    /// Requests.
    Asked(Box<ChangeRequest>),
    /// Answers.
    Told(Box<ChangeAnswer>),
}

/// Changes a request.
pub type ChangeRequest = dyn Fn(&mut Request) + Send + Sync;
/// Changes the answer to a request for a path.
pub type ChangeAnswer = dyn Fn(&str, &mut Answer) + Send + Sync;

/// A running server.
pub struct Bed {
    /// The process.
    pub program: Program,
    /// A client without a certificate.
    pub plain: Client,
    /// What stands between, where something does.
    pub tampering: Option<Tampering>,
    refusals: Mutex<BTreeMap<String, Value>>,
}

/// An answer, read whole.
#[derive(Clone)]
pub struct Answer {
    /// Status number.
    pub status: u16,
    /// Headers; names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub bytes: Vec<u8>,
    /// The body as JSON; null where it is none.
    pub json: Value,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} ({} bytes)", self.status, self.json, self.bytes.len())
    }
}

impl Answer {
    /// Reads an answer whole.
    ///
    /// # Errors
    /// The body breaks off.
    pub async fn read(response: Response) -> reqwest::Result<Self> {
        let status = response.status().as_u16();
        let text = |value: &reqwest::header::HeaderValue| value.to_str().unwrap_or("").to_owned();
        let headers = response.headers().iter();
        let headers = headers.map(|(name, value)| (name.to_string(), text(value))).collect();
        let bytes = response.bytes().await?.to_vec();
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Ok(Self { status, headers, bytes, json })
    }

    /// A member that is text.
    ///
    /// # Panics
    /// There is none of this name.
    pub fn text(&self, name: &str) -> &str {
        self.json[name].as_str().unwrap_or_else(|| panic!("no {name} in {self:?}"))
    }

    /// The rows of a list.
    ///
    /// # Panics
    /// It is no list.
    pub fn items(&self) -> &[Value] {
        self.json["items"].as_array().unwrap_or_else(|| panic!("no items in {self:?}"))
    }

    /// Fails unless this stands at a JSON pointer.
    ///
    /// # Panics
    /// Something else does.
    #[track_caller]
    pub fn has(&self, pointer: &str, wanted: impl Into<Value>) {
        assert_eq!(self.json.pointer(pointer), Some(&wanted.into()), "{pointer} of {self:?}");
    }

    /// Fails unless there is text at each of these JSON pointers.
    ///
    /// # Panics
    /// Somewhere is none, or it is empty.
    #[track_caller]
    pub fn told(&self, pointers: &[&str]) {
        for pointer in pointers {
            let text = self.json.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            assert!(!text.is_empty(), "nothing at {pointer} of {self:?}");
        }
    }

    /// The answer, which must have this title, marked as an official text.
    ///
    /// # Panics
    /// It has another.
    #[must_use]
    #[track_caller]
    pub fn official(self, title: &str) -> Self {
        self.has("/title", title);
        self.has("/official", true);
        self
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The answer, which must have this status.
    ///
    /// # Panics
    /// It has another.
    #[must_use]
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// The answer, which must be a complete problem document of this code.
    ///
    /// # Panics
    /// It is anything else.
    #[must_use]
    #[track_caller]
    pub fn refused(self, code: &str) -> Self {
        assert_eq!(self.json["code"], code, "{self:?}");
        assert!(self.status >= 400, "{self:?}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.json["status"], self.status);
        assert_eq!(self.text("type"), format!("urn:careplan-testbed:refusal:{code}"));
        assert_eq!(self.text("request_id"), self.header("x-request-id"));
        for member in ["title", "title_en", "detail", "detail_en", "hint", "hint_en", "clause"] {
            assert!(!self.text(member).is_empty(), "{code}: {member} is empty");
        }
        assert!(self.json["official"].is_boolean());
        self
    }
}

impl Bed {
    /// Starts the server with these arguments.
    pub fn start(arguments: &[&str]) -> Self {
        Self::of(Program::start(arguments))
    }

    /// Around a server that runs.
    ///
    /// # Panics
    /// No client can be made.
    pub fn of(program: Program) -> Self {
        let plain = client_with(tls::client(program.printed("ca_pem"), None, tls::ANY_VERSION));
        Self { program, plain, tampering: None, refusals: Mutex::default() }
    }

    /// A URL of the relay.
    pub fn relay(&self, path: &str) -> String {
        format!("{}{path}", self.program.printed("relay"))
    }

    /// A URL of the sites.
    pub fn sites(&self, path: &str) -> String {
        format!("{}{path}", self.program.printed("sites"))
    }

    /// A URL of the controls.
    pub fn controls(&self, path: &str) -> String {
        format!("{}{path}", self.program.printed("controls"))
    }

    fn guard(&self) -> MutexGuard<'_, BTreeMap<String, Value>> {
        self.refusals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first refusal of every code so far.
    pub fn refusals(&self) -> BTreeMap<String, Value> {
        self.guard().clone()
    }

    /// Sends and reads; remembers the first refusal of every code.
    ///
    /// # Panics
    /// There is no whole answer, or one without the marks of the mock.
    pub async fn ask(&self, request: RequestBuilder) -> Answer {
        let (client, request) = request.build_split();
        let mut request = request.expect("a request can be made");
        if let Some(Tampering::Asked(change)) = &self.tampering {
            change(&mut request);
        }
        let path = request.url().path().to_owned();
        let response = client.execute(request).await.expect("there is an answer");
        let mut answer = Answer::read(response).await.expect("it is whole");
        if let Some(Tampering::Told(change)) = &self.tampering {
            change(&path, &mut answer);
        }
        assert_eq!(answer.header("x-mock-server"), "careplan-testbed", "{answer:?}");
        assert!(!answer.header("x-request-id").is_empty(), "{answer:?}");
        if let Some(code) = answer.json["code"].as_str() {
            self.guard().entry(code.to_owned()).or_insert_with(|| answer.json.clone());
        }
        answer
    }

    /// Asks the controls, with a JSON body.
    pub async fn control(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.ask(self.plain.request(method, self.controls(path)).json(body)).await
    }

    /// Sets the clock.
    pub async fn set_clock(&self, to: &str) {
        let order = json!({ "set": to });
        let _ = self.control(Method::POST, "/v1/controls/clock", &order).await.is(200);
    }

    /// Lets the clock jump ahead.
    pub async fn advance_minutes(&self, minutes: u64) {
        let order = json!({ "advance_seconds": 60 * minutes });
        let _ = self.control(Method::POST, "/v1/controls/clock", &order).await.is(200);
    }

    /// Turns switches.
    pub async fn switch(&self, switches: &Value) {
        let _ = self.control(Method::PATCH, "/v1/controls/switches", switches).await.is(200);
    }

    /// A certificate of the controls, good or wrong on purpose, with what the controls say of it.
    ///
    /// # Panics
    /// It is not issued, or its .p12 does not open.
    pub async fn issue(&self, office: &str, wrong: Option<&str>) -> (Installed, Value) {
        let order = json!({ "office": office, "wrong": wrong, "password": ISSUE_PASSWORD });
        let issued = self.control(Method::POST, "/v1/controls/certificates", &order).await.is(201);
        let p12 = base64::prelude::BASE64_STANDARD.decode(issued.text("p12_base64"));
        let installed = package::open(&p12.expect("base64"), ISSUE_PASSWORD);
        (installed.expect("the .p12 opens"), issued.json)
    }

    /// A client that presents this certificate.
    pub fn client(&self, installed: Option<&Installed>) -> Client {
        self.client_of(installed, tls::ANY_VERSION)
    }

    /// The same with these versions of TLS.
    pub fn client_of(
        &self,
        installed: Option<&Installed>,
        versions: &[&'static SupportedProtocolVersion],
    ) -> Client {
        client_with(tls::client(self.program.printed("ca_pem"), installed, versions))
    }

    /// The c-ID and the KJ ID of an office.
    ///
    /// # Panics
    /// It has no account.
    pub async fn ids(&self, office: &str) -> (String, String) {
        let accounts = self.ask(self.plain.get(self.controls("/v1/controls/accounts"))).await;
        let account = accounts.items().iter().find(|account| account["office"] == office);
        let account = account.expect("the office has an account");
        let text = |name: &str| account[name].as_str().expect("an ID").to_owned();
        (text("c_id"), text("kj_id"))
    }

    /// The first stage of the login; its answer.
    pub async fn log_in_terminal(&self, client: &Client, c_id: &str, password: &str) -> Answer {
        let body = json!({ "user_id": c_id, "password": password });
        self.ask(client.post(self.relay("/v1/login/terminal")).json(&body)).await
    }

    /// The second stage of the login; its answer.
    pub async fn log_in_office(
        &self,
        client: &Client,
        terminal_token: &str,
        kj_id: &str,
        password: &str,
    ) -> Answer {
        let body = json!({ "user_id": kj_id, "password": password });
        let request = client.post(self.relay("/v1/login/office")).bearer_auth(terminal_token);
        self.ask(request.json(&body)).await
    }

    /// Both stages with the passwords of the demo; the answer of the second.
    pub async fn log_in(&self, client: &Client, office: &str) -> Answer {
        let (c_id, kj_id) = self.ids(office).await;
        let first = self.log_in_terminal(client, &c_id, C_PASSWORD).await.is(200);
        self.log_in_office(client, first.text("terminal_token"), &kj_id, KJ_PASSWORD).await
    }

    /// An office with a good certificate, logged in on the relay.
    pub async fn office(&self, number: &str) -> Office {
        let (installed, _) = self.issue(number, None).await;
        let client = self.client(Some(&installed));
        let login = self.log_in(&client, number).await.is(200);
        let token = login.text("access_token").to_owned();
        Office { client, token, installed: installed.into(), number: number.to_owned() }
    }

    /// The login on the sites; its answer.
    pub async fn log_in_on_site(&self, kj_id: &str, password: &str) -> Answer {
        let body = json!({ "user_id": kj_id, "password": password });
        self.ask(self.plain.post(self.sites("/v1/portal/login")).json(&body)).await
    }

    /// An office logged in on the sites with the password of the demo.
    pub async fn on_site(&self, number: &str) -> OnSite<'_> {
        let (_, kj_id) = self.ids(number).await;
        let login = self.log_in_on_site(&kj_id, KJ_PASSWORD).await.is(200);
        OnSite { bed: self, token: login.text("portal_token").to_owned() }
    }
}

/// An office that is logged in on the sites.
pub struct OnSite<'a> {
    /// The server.
    pub bed: &'a Bed,
    /// Its token.
    pub token: String,
}

impl OnSite<'_> {
    /// Reads.
    pub async fn get(&self, path: &str) -> Answer {
        self.bed.ask(self.bed.plain.get(self.bed.sites(path)).bearer_auth(&self.token)).await
    }

    /// Posts JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = self.bed.plain.post(self.bed.sites(path)).bearer_auth(&self.token);
        self.bed.ask(request.json(body)).await
    }

    /// Puts JSON.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        let request = self.bed.plain.put(self.bed.sites(path)).bearer_auth(&self.token);
        self.bed.ask(request.json(body)).await
    }
}

/// The form of an application for a licence or a free pass.
pub fn licence_order() -> Value {
    json!({
        "form": {
            "office_name": "いきいき通所みなと", "representative": "計良　みどり",
            "contact": "浜野　さゆり", "phone": "0980001129",
            "mail": "office@example.jp", "mail_again": "office@example.jp",
        },
        "accept_terms": true, "accept_privacy": true,
    })
}

/// How long an answer may take; one that never comes is a failure.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client with these settings of TLS: no proxy, no redirects.
///
/// # Panics
/// It cannot be made.
fn client_with(config: rustls::ClientConfig) -> Client {
    Client::builder()
        .tls_backend_preconfigured(config)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .build()
        .expect("a client can be made")
}
