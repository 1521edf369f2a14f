//! The whole path of a message, shown and checked: from the letter with the temporary password to
//! the sender seeing that the receiver has it.
//!
//! Everything goes over real sockets, with the client that offices use: the sites as JSON over
//! HTTP, the relay over mutual TLS. A step that does not come out as it should ends the demo.

use std::io::Write;
use std::sync::Arc;

use careplan_client_core::{
    Client, Credentials, DownloadState, Error, FetchState, Message, OutgoingFile, Terminal,
};
use careplan_relay::clock;
use careplan_spec::calendar::Month;
use careplan_wire::serve::Server;
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The password the demo chooses where a temporary one must be changed.
const CHOSEN_PASSWORD: &str = "Renkei2026";

/// Why a step did not hold.
#[derive(Debug, thiserror::Error)]
enum DemoError {
    /// A site turned something down.
    #[error("{endpoint}: {status} {body}")]
    Site {
        /// What was asked.
        endpoint: String,
        /// Status of the answer.
        status: u16,
        /// The answer.
        body: String,
    },
    /// The sites cannot be talked to.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    /// The client of an office.
    #[error(transparent)]
    Client(#[from] Error),
    /// Something else came out than should.
    #[error("{0}")]
    Unexpected(String),
    /// A folder or the output.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// TLS of the demo's own client.
    #[error(transparent)]
    Tls(#[from] rustls::Error),
}

fn unexpected(what: impl Into<String>) -> DemoError {
    DemoError::Unexpected(what.into())
}

/// Shows and checks every step; whether all held.
pub async fn run(server: &Server, out: &mut (dyn Write + Send)) -> bool {
    let mut stage = Stage { out, step: 0 };
    match play(server, &mut stage).await {
        Ok(()) => {
            stage.close("すべての手順を確認できました。", "Every step held.");
            true
        }
        Err(error) => {
            let step = stage.step + 1;
            stage.close(
                &format!("✘ 手順{step}が確認できませんでした。"),
                &format!("✘ step {step} did not hold: {error}"),
            );
            false
        }
    }
}

/// Where the steps are shown.
struct Stage<'a> {
    out: &'a mut (dyn Write + Send),
    step: usize,
}

impl Stage<'_> {
    /// A step held.
    fn held(&mut self, ja: &str, en: &str, seen: &str) -> Result<(), DemoError> {
        self.step += 1;
        writeln!(self.out, "✔ {:>2}. {ja}\n       {en}", self.step)?;
        for line in seen.lines() {
            writeln!(self.out, "       → {line}")?;
        }
        self.out.flush()?;
        Ok(())
    }

    /// The last words; nobody may be listening any more.
    fn close(&mut self, ja: &str, en: &str) {
        let _ = writeln!(self.out, "\n{ja}\n{en}");
        let _ = self.out.flush();
    }
}

async fn play(server: &Server, stage: &mut Stage<'_>) -> Result<(), DemoError> {
    let sites = SitesClient::new(server)?;
    let folder = tempfile::tempdir()?;
    let (mut planner, mut service) = sites.cast(&folder).await?;

    for office in [&mut planner, &mut service] {
        sites.log_in(office).await?;
    }
    stage.held(
        "電子請求受付システムにログインし、仮パスワードを変更しました",
        "Both offices logged in on the billing site and changed their temporary passwords",
        &format!("{}\n{}", planner.line(), service.line()),
    )?;

    let (one, other) = (sites.licence(&planner).await?, sites.licence(&service).await?);
    stage.held(
        "利用状況Webサイトで利用申請をしました",
        "Both hold a licence",
        &format!("{} {one}\n{} {other}", planner.name, service.name),
    )?;

    let names = [sites.certificate(&planner).await?, sites.certificate(&service).await?];
    stage.held(
        "電子証明書を申請し、ダウンロードして端末にインストールしました",
        "Both applied for a certificate and installed it on their terminals",
        &names.join("\n"),
    )?;

    let refusal = without_certificate(server, &sites, &service, &folder).await?;
    stage.held(
        "証明書のない端末からのログインは拒否されます",
        "A terminal without a certificate is refused",
        &refusal,
    )?;

    let sender = sites.client(server, &planner)?;
    let receiver = sites.client(server, &service)?;
    sender.login(&planner.credentials()?).await?;
    receiver.login(&service.credentials()?).await?;
    stage.held(
        "2段階のログインをしました（TLSのクライアント証明書つき）",
        "Both logged in, in two stages, over mutual TLS",
        &format!("relay {}", server.addresses().relay),
    )?;

    let files = unit(server, &planner, &service)?;
    let text = "来月分の利用票です。ご確認をお願いします。";
    let message = Message::new(files.clone())?.text(text);
    let attempt = sender.prepare(&message).await?;
    let sent = sender.send_prepared(&message, &attempt).await?;
    let repeated = sender.send_prepared(&message, &attempt).await?;
    if !repeated.repeated || repeated.id != sent.id {
        return Err(unexpected("the same attempt was taken twice"));
    }
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    stage.held(
        "送信単位（第6表・第7表・補足）を署名して送信しました",
        "The planner signed and sent a send unit; sending it again under its key changes nothing",
        &names.join("\n"),
    )?;

    let inbox = receiver.inbox().await?;
    let row = inbox
        .items
        .iter()
        .find(|row| row.id == sent.id)
        .ok_or_else(|| unexpected("the message is not in the receiver's list"))?;
    if row.state != FetchState::Unfetched {
        return Err(unexpected("the message is fetched before anyone fetched it"));
    }
    stage.held(
        "受信一覧に未取得のデータとして届きました",
        "It is in the receiver's list, not fetched yet",
        &format!("{}  {}", clock::shown(row.received_at), row.from.name),
    )?;

    let to = folder.path().join("received");
    let received = receiver.download(&sent.id).to(&to).await?;
    for file in &files {
        let saved = received
            .files
            .iter()
            .find(|saved| saved.name == file.name)
            .ok_or_else(|| unexpected(format!("{} did not arrive", file.name)))?;
        if std::fs::read(received.path.join(&saved.saved_as))? != file.bytes {
            return Err(unexpected(format!("{} arrived changed", file.name)));
        }
    }
    if received.text.as_deref() != Some(text) || !received.confirmed {
        return Err(unexpected("the text or the confirmation is missing"));
    }
    stage.held(
        "データを取得しました。署名を検証し、全ファイルが送信したものと同一です",
        "The receiver fetched it: the signature verifies, every file is the same byte for byte",
        &received.signer,
    )?;

    let refusal = match sites.client(server, &service)?.download(&sent.id).to(&to).await {
        Err(error) if error.code() == "already-fetched" => error.explain().what,
        Err(error) => return Err(error.into()),
        Ok(_) => return Err(unexpected("the message was fetched twice")),
    };
    stage.held(
        "2回目の取得は拒否されます（取得は1回だけ）",
        "A second fetch is refused: it works once only",
        &format!("{}\n{}", refusal.ja, refusal.en),
    )?;

    let outbox = sender.outbox().await?;
    let row = outbox
        .items
        .iter()
        .find(|row| row.id == sent.id)
        .ok_or_else(|| unexpected("the message is not in the sender's list"))?;
    if row.state != DownloadState::Downloaded {
        return Err(unexpected("the sender does not see that it was fetched"));
    }
    stage.held(
        "送信一覧で、相手が取得したことを確認できます",
        "The sender sees that the receiver has it",
        "ダウンロード済",
    )
}

/// The certificate is asked for in the second stage; the words are the official ones.
async fn without_certificate(
    server: &Server,
    sites: &SitesClient,
    office: &Actor,
    folder: &TempDir,
) -> Result<String, DemoError> {
    let bare = Actor { terminal: folder.path().join("bare"), ..office.clone() };
    match sites.client(server, &bare)?.login(&office.credentials()?).await {
        Err(error) if error.code() == "certificate-missing" => {
            let what = error.explain().what;
            Ok(format!("{}\n{}", what.ja, what.en))
        }
        // With --strict-tls the handshake says no before anything can be explained.
        Err(error) if error.code() == "refused-in-handshake" => {
            let what = error.explain().what;
            Ok(format!("{}\n{}", what.ja, what.en))
        }
        Err(error) => Err(error.into()),
        Ok(_) => Err(unexpected("an office logged in without a certificate")),
    }
}

/// The files to send: next month's plan of the region, between these two.
fn unit(server: &Server, from: &Actor, to: &Actor) -> Result<Vec<OutgoingFile>, DemoError> {
    let today = server.relay().clock().today();
    let month = Month::of(today).ok_or_else(|| unexpected("no service month for the clock"))?;
    let wrong = |error: &dyn std::fmt::Display| unexpected(error.to_string());
    let mut request =
        careplan_fixtures::Request::new("K2", month.next()).map_err(|error| wrong(&error))?;
    request.from = from.party("43")?;
    request.to = to.party("11")?;
    request.seed = 2;
    let files = careplan_fixtures::generate(&request).map_err(|error| wrong(&error))?;
    Ok(files
        .into_iter()
        .map(|file| OutgoingFile { name: file.name, bytes: file.bytes.into() })
        .collect())
}

/// An office in the demo.
#[derive(Clone)]
struct Actor {
    number: String,
    name: String,
    kj_id: String,
    kj_password: String,
    temporary: bool,
    c_id: String,
    c_password: String,
    portal_token: String,
    terminal: std::path::PathBuf,
}

impl Actor {
    /// Reads an account as the controls show it.
    fn new(account: &Value, folder: &TempDir) -> Option<Self> {
        let text = |name: &str| account[name].as_str().map(str::to_owned);
        let number = text("office")?;
        Some(Self {
            name: text("name")?,
            kj_id: text("kj_id")?,
            kj_password: text("kj_password")?,
            temporary: account["temporary"].as_bool()?,
            c_id: text("c_id")?,
            c_password: text("c_password")?,
            portal_token: String::new(),
            terminal: folder.path().join(&number),
            number,
        })
    }

    fn line(&self) -> String {
        format!("{}  {}  {}", self.number, self.name, self.kj_id)
    }

    fn credentials(&self) -> Result<Credentials, Error> {
        let (c_password, kj_password) = (self.c_password.as_str(), self.kj_password.as_str());
        Credentials::new(&self.c_id, c_password, &self.kj_id, kj_password)
    }

    fn party(&self, kind: &str) -> Result<careplan_fixtures::region::Party, DemoError> {
        careplan_fixtures::region::Party::parse(&format!("{}/{kind}", self.number))
            .ok_or_else(|| unexpected(format!("{} is no office number", self.number)))
    }
}

/// The sites and the controls, asked as a program asks them.
struct SitesClient {
    http: reqwest::Client,
    sites: String,
    controls: String,
    admin_token: Option<String>,
}

impl SitesClient {
    fn new(server: &Server) -> Result<Self, DemoError> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth();
        let http = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build()?;
        let at = server.addresses();
        Ok(Self {
            http,
            sites: at.sites.clone(),
            controls: at.controls.clone(),
            admin_token: server.admin_token().map(|token| token.reveal().to_owned()),
        })
    }

    /// Two offices that can exchange a plan: a planner and a home-help service, both with an
    /// account whose password is known.
    async fn cast(&self, folder: &TempDir) -> Result<(Actor, Actor), DemoError> {
        let mut ask = self.http.get(format!("{}/v1/controls/accounts", self.controls));
        if let Some(token) = &self.admin_token {
            ask = ask.bearer_auth(token);
        }
        let accounts = answer("GET /v1/controls/accounts", ask).await?;
        let find = |kind: &str| {
            accounts["items"]
                .as_array()
                .into_iter()
                .flatten()
                .find(|account| account["service_kinds"][0] == kind)
                .and_then(|account| Actor::new(account, folder))
                .ok_or_else(|| {
                    unexpected(format!("the scenario has no account of service kind {kind}"))
                })
        };
        Ok((find("43")?, find("11")?))
    }

    async fn log_in(&self, office: &mut Actor) -> Result<(), DemoError> {
        let who = json!({ "user_id": office.kj_id, "password": office.kj_password });
        let login = self.post("/v1/portal/login", None, &who).await?;
        office.portal_token = text_of(&login, "portal_token")?;
        if login["must_change_password"] != office.temporary {
            return Err(unexpected("must_change_password does not fit the account"));
        }
        if office.temporary {
            let change = json!({
                "current": office.kj_password, "new": CHOSEN_PASSWORD, "accept_terms": true,
            });
            self.post("/v1/portal/password", Some(office), &change).await?;
            CHOSEN_PASSWORD.clone_into(&mut office.kj_password);
            let who = json!({ "user_id": office.kj_id, "password": office.kj_password });
            let login = self.post("/v1/portal/login", None, &who).await?;
            office.portal_token = text_of(&login, "portal_token")?;
        }
        // The c-ID is shown here, and nowhere else (relay.md §4).
        let account = self.get("/v1/portal/terminal-account", office).await?;
        office.c_id = text_of(&account, "user_id")?;
        office.c_password = text_of(&account, "password")?;
        Ok(())
    }

    /// Applies for a licence where there is none; what the page says then.
    async fn licence(&self, office: &Actor) -> Result<String, DemoError> {
        let mut licence = self.get("/v1/portal/licence", office).await?;
        if licence["can_apply"] == true {
            let form = json!({
                "form": {
                    "office_name": office.name, "representative": "試験　太郎", "contact": "試験　花子",
                    "phone": "0312345678", "mail": "demo@example.jp", "mail_again": "demo@example.jp",
                },
                "accept_terms": true, "accept_privacy": true,
            });
            licence = self.post("/v1/portal/licence", Some(office), &form).await?;
        }
        match licence["state"].as_str() {
            Some("applied" | "active") => text_of(&licence, "state_shown"),
            state => Err(unexpected(format!("the licence is {state:?} after applying"))),
        }
    }

    /// Applies for a certificate, fetches the .p12 and installs it; its file name.
    async fn certificate(&self, office: &Actor) -> Result<String, DemoError> {
        let password = self.get("/v1/portal/certificate-password", office).await?;
        let password = text_of(&password, "password")?;
        let order = json!({
            "kind": "CarePlanJigyousho", "password": password, "accept_terms": true,
        });
        let applied = self.post("/v1/portal/certificates", Some(office), &order).await?;
        let id = text_of(&applied, "id")?;
        let endpoint = format!("/v1/portal/certificates/{id}/p12");
        let ask =
            self.http.get(format!("{}{endpoint}", self.sites)).bearer_auth(&office.portal_token);
        let fetched = ask.send().await?;
        let status = fetched.status().as_u16();
        let p12 = fetched.bytes().await?;
        if status != 200 {
            let body = String::from_utf8_lossy(&p12).into_owned();
            return Err(DemoError::Site { endpoint, status, body });
        }
        let terminal = Terminal::open(&office.terminal)?;
        terminal.import_certificate(&p12, password.as_str())?;
        let rows = self.get("/v1/portal/certificates", office).await?;
        let row = rows["items"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|row| row["id"] == id.as_str())
            .ok_or_else(|| unexpected("the certificate is not in the list"))?;
        Ok(format!("{}  {}", text_of(row, "file_name")?, text_of(row, "state_shown")?))
    }

    /// The client of an office's terminal.
    fn client(&self, server: &Server, office: &Actor) -> Result<Client, DemoError> {
        let terminal = Terminal::open(&office.terminal)?;
        let builder = Client::builder(&server.addresses().relay)?.terminal(terminal);
        Ok(builder.ca_pem(&server.relay().authority().ca_pem).build()?)
    }

    async fn get(&self, endpoint: &str, office: &Actor) -> Result<Value, DemoError> {
        let ask = self.http.get(format!("{}{endpoint}", self.sites));
        answer(endpoint, ask.bearer_auth(&office.portal_token)).await
    }

    async fn post(
        &self,
        endpoint: &str,
        office: Option<&Actor>,
        body: &Value,
    ) -> Result<Value, DemoError> {
        let mut ask = self.http.post(format!("{}{endpoint}", self.sites)).json(body);
        if let Some(office) = office {
            ask = ask.bearer_auth(&office.portal_token);
        }
        answer(endpoint, ask).await
    }
}

async fn answer(endpoint: &str, ask: reqwest::RequestBuilder) -> Result<Value, DemoError> {
    let answer = ask.send().await?;
    let status = answer.status();
    let body = answer.text().await?;
    if !status.is_success() {
        let (endpoint, status) = (endpoint.to_owned(), status.as_u16());
        return Err(DemoError::Site { endpoint, status, body });
    }
    Ok(serde_json::from_str(&body).unwrap_or(Value::Null))
}

fn text_of(value: &Value, name: &str) -> Result<String, DemoError> {
    value[name]
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| unexpected(format!("the answer has no {name}")))
}
