//! Where a check takes place: the server, the offices logged in, and everything one can ask.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use careplan_certs::Installed;
use reqwest::{Client, Method, RequestBuilder, multipart};
use rustls::SupportedProtocolVersion;
use serde_json::{Value, json};

use super::seen::{Seen, Unmet, path_without_secrets};
use super::server::{Login, Place, Role, Server, issued};
use crate::bed::{Answer, ISSUE_PASSWORD, client_with};
use crate::office::Office;
use crate::tls;
use crate::unit::{File, files_between};

/// How long an answer may take.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

/// A message that has arrived and nobody has fetched.
pub struct Waiting {
    /// Who sent it.
    pub planner: Office,
    /// Who may fetch it.
    pub service: Office,
    /// Its identifier.
    pub id: String,
    /// What was sent.
    pub files: Vec<File>,
}

/// The server during a run.
pub struct Scene {
    /// The server.
    pub server: Server,
    /// A client without a certificate.
    pub plain: Client,
    logged_in: tokio::sync::Mutex<BTreeMap<Role, Office>>,
    run: String,
    next_key: AtomicU64,
}

impl std::fmt::Debug for Scene {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scene").field("server", &self.server).finish_non_exhaustive()
    }
}

impl Scene {
    /// Around a server that runs.
    pub fn new(server: Server) -> Self {
        let plain = client_with(tls::client(&server.ca_pem, None, tls::ANY_VERSION));
        let now = jiff::Timestamp::now().as_millisecond();
        Self {
            server,
            plain,
            logged_in: tokio::sync::Mutex::default(),
            run: format!("plan-{now}"),
            next_key: AtomicU64::new(1),
        }
    }

    /// An idempotency key nobody has used.
    pub fn key(&self) -> String {
        format!("{}-{}", self.run, self.next_key.fetch_add(1, Ordering::Relaxed))
    }

    /// A URL of the relay.
    pub fn relay(&self, path: &str) -> String {
        format!("{}{path}", self.server.relay)
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
        client_with(tls::client(&self.server.ca_pem, installed, versions))
    }

    /// Sends and reads.
    ///
    /// # Errors
    /// There is no whole answer.
    pub async fn ask(&self, request: RequestBuilder) -> Result<Seen, Unmet> {
        let (client, request) = request.timeout(PATIENCE).build_split();
        let request = request.map_err(|error| {
            Unmet::failed("-", error.to_string(), "リクエストを作れる", "a request can be made")
        })?;
        let url = request.url();
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let line = format!("{} {}{query}", request.method(), path_without_secrets(url.path()));
        let lost = |error: &reqwest::Error| {
            // The URL may hold a token.
            let mut cause: &dyn std::error::Error = error;
            while let Some(source) = cause.source() {
                cause = source;
            }
            let came = format!("no answer: {cause}");
            Unmet::failed(&line, came, "応答が最後まで届く", "an answer that arrives whole")
        };
        let response = client.execute(request).await.map_err(|error| lost(&error))?;
        let answer = Answer::read(response).await.map_err(|error| lost(&error))?;
        Ok(Seen { request: line, answer })
    }

    /// The office of a role, which the server has: the needs of an expectation are looked at first.
    ///
    /// # Panics
    /// It has none.
    pub fn place(&self, role: Role) -> &Place {
        self.server.place(role).expect("the expectation names what it needs")
    }

    /// How the office of a role logs in.
    ///
    /// # Panics
    /// It has no login.
    pub fn login(&self, role: Role) -> &Login {
        self.place(role).login.as_ref().expect("the expectation names what it needs")
    }

    /// Number of the office of a role.
    pub fn number(&self, role: Role) -> String {
        self.place(role).party.office.to_string()
    }

    /// The first stage of the login.
    ///
    /// # Errors
    /// No answer.
    pub async fn first_stage(
        &self,
        client: &Client,
        c_id: &str,
        password: &str,
    ) -> Result<Seen, Unmet> {
        let body = json!({ "user_id": c_id, "password": password });
        self.ask(client.post(self.relay("/v1/login/terminal")).json(&body)).await
    }

    /// The second stage of the login.
    ///
    /// # Errors
    /// No answer.
    pub async fn second_stage(
        &self,
        client: &Client,
        terminal_token: &str,
        kj_id: &str,
        password: &str,
    ) -> Result<Seen, Unmet> {
        let body = json!({ "user_id": kj_id, "password": password });
        let request = client.post(self.relay("/v1/login/office")).bearer_auth(terminal_token);
        self.ask(request.json(&body)).await
    }

    /// Both stages with this client; the answer of the second.
    ///
    /// # Errors
    /// The first fails, or no answer.
    pub async fn log_in(&self, client: &Client, login: &Login) -> Result<Seen, Unmet> {
        let first = self.first_stage(client, &login.c_id, &login.c_password).await?.is(200)?;
        let token = first.text("/terminal_token")?.to_owned();
        self.second_stage(client, &token, &login.kj_id, &login.kj_password).await
    }

    /// A new login of a role, and its answer.
    ///
    /// # Errors
    /// It is refused.
    pub async fn fresh(&self, role: Role) -> Result<(Office, Seen), Unmet> {
        let login = self.login(role);
        let client = self.client(Some(&login.installed));
        let seen = self.log_in(&client, login).await?.is(200)?;
        let office = Office {
            client,
            token: seen.text("/access_token")?.to_owned(),
            installed: Arc::clone(&login.installed),
            number: self.number(role),
        };
        Ok((office, seen))
    }

    /// The office of a role, logged in; the login is kept for the next check.
    ///
    /// # Errors
    /// It is refused.
    pub async fn office(&self, role: Role) -> Result<Office, Unmet> {
        let mut logged_in = self.logged_in.lock().await;
        if let Some(office) = logged_in.get(&role) {
            return Ok(office.clone());
        }
        let (office, _) = self.fresh(role).await?;
        logged_in.insert(role, office.clone());
        Ok(office)
    }

    /// The planner, logged in.
    ///
    /// # Errors
    /// It is refused.
    pub async fn planner(&self) -> Result<Office, Unmet> {
        self.office(Role::Planner).await
    }

    /// The service office, logged in.
    ///
    /// # Errors
    /// It is refused.
    pub async fn service(&self) -> Result<Office, Unmet> {
        self.office(Role::Service).await
    }

    /// Forgets the logins: they may not hold any more.
    pub async fn forget_logins(&self) {
        self.logged_in.lock().await.clear();
    }

    /// The files of a unit from the planner to the office of a role.
    ///
    /// # Panics
    /// There is no such unit.
    pub fn files_to(&self, unit: &str, to: Role) -> Vec<File> {
        let (from, to) = (self.place(Role::Planner).party, self.place(to).party);
        files_between(unit, from, to).expect("the standard has this unit")
    }

    /// The files of a unit from the planner to the service office.
    pub fn files(&self, unit: &str) -> Vec<File> {
        self.files_to(unit, Role::Service)
    }

    /// Posts a form under a key.
    ///
    /// # Errors
    /// No answer.
    pub async fn post_form(
        &self,
        office: &Office,
        key: &str,
        form: multipart::Form,
    ) -> Result<Seen, Unmet> {
        let request = office.post(self.relay("/v1/messages")).header("idempotency-key", key);
        self.ask(request.multipart(form)).await
    }

    /// Sends files under a new key.
    ///
    /// # Errors
    /// No answer.
    pub async fn send(&self, office: &Office, to: &str, files: &[File]) -> Result<Seen, Unmet> {
        self.post_form(office, &self.key(), office.message(to, files)).await
    }

    /// Reads from the relay.
    ///
    /// # Errors
    /// No answer.
    pub async fn read(&self, office: &Office, path: &str) -> Result<Seen, Unmet> {
        self.ask(office.get(self.relay(path))).await
    }

    /// Claims a message.
    ///
    /// # Errors
    /// No answer.
    pub async fn claim(&self, office: &Office, id: &str) -> Result<Seen, Unmet> {
        self.ask(office.post(self.relay(&format!("/v1/inbox/{id}/claim")))).await
    }

    /// Confirms a download.
    ///
    /// # Errors
    /// No answer.
    pub async fn confirm(&self, office: &Office, token: &str, sha256: &str) -> Result<Seen, Unmet> {
        let url = self.relay(&format!("/v1/downloads/{token}/confirm"));
        self.ask(office.post(url).json(&json!({ "sha256": sha256 }))).await
    }

    /// A message of one unit from the planner to the service office.
    ///
    /// # Errors
    /// It cannot be sent.
    pub async fn waiting(&self) -> Result<Waiting, Unmet> {
        let (planner, service) = (self.planner().await?, self.service().await?);
        let files = self.files("K2");
        let sent = self.send(&planner, &service.number, &files).await?.is(201)?;
        let id = sent.text("/id")?.to_owned();
        Ok(Waiting { planner, service, id, files })
    }

    /// Asks the controls.
    ///
    /// # Errors
    /// No answer.
    pub async fn control(&self, method: Method, path: &str, body: &Value) -> Result<Seen, Unmet> {
        let base = self.server.controls.as_deref().unwrap_or_default();
        let request = self.plain.request(method, format!("{base}/v1/controls/{path}")).json(body);
        self.ask(self.as_admin(request)).await
    }

    fn as_admin(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.server.admin_token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// The state of the server, to be put back.
    ///
    /// # Errors
    /// The controls do not give it.
    pub async fn save(&self) -> Result<Vec<u8>, Unmet> {
        let base = self.server.controls.as_deref().unwrap_or_default();
        let request = self.plain.get(format!("{base}/v1/controls/state"));
        Ok(self.ask(self.as_admin(request)).await?.is(200)?.answer.bytes)
    }

    /// Puts a state back.
    ///
    /// # Errors
    /// The controls do not take it.
    pub async fn restore(&self, state: Vec<u8>) -> Result<(), Unmet> {
        let base = self.server.controls.as_deref().unwrap_or_default();
        let request = self.plain.put(format!("{base}/v1/controls/state")).body(state);
        let request = request.header("content-type", "application/zip");
        let _ = self.ask(self.as_admin(request)).await?.any_of(&[200, 204])?;
        self.forget_logins().await;
        Ok(())
    }

    /// Lets the clock jump ahead.
    ///
    /// # Errors
    /// The controls refuse.
    pub async fn advance(&self, minutes: u64) -> Result<(), Unmet> {
        let order = json!({ "advance_seconds": 60 * minutes });
        let _ = self.control(Method::POST, "clock", &order).await?.is(200)?;
        Ok(())
    }

    /// A certificate of the planner that is wrong in this way, or a second good one; from the
    /// controls, or from the office file.
    ///
    /// # Errors
    /// The controls refuse.
    pub async fn certificate(&self, wrong: Option<&str>) -> Result<(Arc<Installed>, Value), Unmet> {
        let given = self.server.wrong_certificates.iter().find(|(id, _)| Some(&**id) == wrong);
        if let Some((_, installed)) = given {
            return Ok((Arc::clone(installed), Value::Null));
        }
        let order = json!({
            "office": self.number(Role::Planner), "wrong": wrong, "password": ISSUE_PASSWORD,
        });
        let seen = self.control(Method::POST, "certificates", &order).await?.is(201)?;
        let installed = issued(seen.text("/p12_base64")?)
            .map_err(|error| seen.unmet(format!("開けるp12（{error}）"), error))?;
        Ok((Arc::new(installed), seen.answer.json))
    }

    /// Asks the sites, with a token where there is one.
    ///
    /// # Errors
    /// No answer.
    pub async fn portal(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Seen, Unmet> {
        let base = self.server.sites.as_deref().unwrap_or_default();
        let mut request = self.plain.request(method, format!("{base}/v1/portal/{path}"));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        self.ask(request).await
    }

    /// The portal token of the office of a role.
    ///
    /// # Errors
    /// The login is refused.
    pub async fn on_site(&self, role: Role) -> Result<String, Unmet> {
        let login = self.login(role);
        let body = json!({ "user_id": login.kj_id, "password": login.kj_password });
        let seen = self.portal(Method::POST, "login", None, Some(&body)).await?.is(200)?;
        Ok(seen.text("/portal_token")?.to_owned())
    }
}
