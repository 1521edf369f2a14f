//! Virtual terminals: one folder each, with the real client of an office in it.
//!
//! A terminal is called like its office, or like its office with a number: `4770190017`,
//! `4770190017-2`. What it keeps (certificate, drafts, received files) lives in a private temporary
//! folder and goes with the process, or when a scene is set.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use careplan_client_core::{
    CertificateError, Client, Downloaded, Error, ErrorKind, Finding, MAX_ROWS, OutgoingFile,
    Terminal,
};
use careplan_judge::{Severity, WordedFinding};
use careplan_relay::Relay;
use careplan_relay::account::PortalCaller;
use careplan_relay::certificate::CertificateState;
use careplan_relay::control::AccountView;
use careplan_relay::help::OfficeHelp;
use careplan_relay::outcome::{self, Failure};
use careplan_relay::secret::Secret;
use careplan_spec::Text;
use careplan_spec::office_number::OfficeNumber;
use careplan_wire::terminals::Later;
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::sync::Mutex as AsyncMutex;

use super::alert::Alert;
use super::page::PageError;
use crate::client_clock::ClientClock;

/// Terminals of one office, at most.
pub(super) const MOST_OF_AN_OFFICE: u8 = 9;

/// The number of no login.
const NOBODY: u64 = 0;

/// An application that was left open without a login closes after this long.
const REST: Duration = Duration::from_secs(10 * 60);

/// One with a login closes as its session in the browser does.
const IDLE: Duration = Duration::from_secs(8 * 60 * 60);

/// A number that was never given, also not before the terminals were wiped: a login of before must
/// not count for one of now.
fn next_number(numbers: &AtomicU64) -> u64 {
    numbers.fetch_add(1, Ordering::SeqCst) + 1
}

/// A message on its way, before it is sent or saved.
#[derive(Debug, Clone, Default)]
pub(super) struct Compose {
    /// The files.
    pub(super) files: Vec<OutgoingFile>,
    /// The text.
    pub(super) text: String,
    /// The draft it was opened from or saved as.
    pub(super) draft: Option<String>,
    /// Whether the draft has other content by now.
    pub(super) changed: bool,
    /// Whether the draft is there only because a send has no known ending.
    pub(super) only_for_sending: bool,
}

/// A message that was fetched.
#[derive(Debug, Clone)]
pub(super) struct Received {
    /// When.
    pub(super) at: Timestamp,
    /// What.
    pub(super) download: Downloaded,
    /// The folder that was chosen for it.
    pub(super) folder: Text,
}

/// A certificate that is being imported, screen by screen.
#[derive(Debug)]
pub(super) struct Wizard {
    /// Name of the file.
    pub(super) file_name: String,
    /// The file.
    pub(super) p12: bytes::Bytes,
    /// The screen furthest on.
    pub(super) reached: usize,
    /// The password that opens it, once it was given.
    pub(super) password: Option<Secret>,
    /// Options that are ticked.
    pub(super) ticked: Vec<String>,
    /// Name and thumbprint of the root in the file, once it was opened.
    pub(super) root: Option<(String, String)>,
}

impl Wizard {
    /// On its first screen, as Windows shows it.
    pub(super) fn new(file_name: String, p12: bytes::Bytes) -> Self {
        let ticked = vec!["extended".to_owned()];
        Self { file_name, p12, reached: 1, password: None, ticked, root: None }
    }
}

/// A virtual terminal.
pub(super) struct VirtualTerminal {
    /// Its name.
    pub(super) name: String,
    /// Number of its office.
    pub(super) office: String,
    /// Name of its office.
    pub(super) office_name: String,
    folder: PathBuf,
    relay: Relay,
    url: String,
    client: AsyncMutex<Option<Open>>,
    compose: Mutex<Compose>,
    received: Mutex<Vec<Received>>,
    bulk: Mutex<Option<String>>,
    wizard: Mutex<Option<Wizard>>,
    has_certificate: AtomicBool,
    is_old: AtomicBool,
    was_used: AtomicBool,
    login: AtomicU64,
    /// Whoever holds the terminal holds it under this number.
    era: AtomicU64,
    logins: Arc<AtomicU64>,
    last_used: Mutex<Instant>,
    /// Sending, fetching and saving happen one after the other, as on one screen.
    pub(super) screen: AsyncMutex<()>,
}

struct Open {
    ca_pem: String,
    client: Arc<Client>,
}

impl std::fmt::Debug for VirtualTerminal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VirtualTerminal").field("name", &self.name).finish_non_exhaustive()
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl VirtualTerminal {
    /// The terminal folder.
    ///
    /// # Errors
    /// It cannot be made.
    pub(super) fn folder(&self) -> Result<Terminal, Error> {
        Terminal::open(self.folder.join("terminal"))
    }

    /// The client; opened where it is not yet, or where the authority has changed.
    ///
    /// # Errors
    /// The terminal folder cannot be used.
    pub(super) async fn client(&self) -> Result<Arc<Client>, Error> {
        let mut open = self.client.lock().await;
        let authority = self.relay.authority();
        if let Some(open) = &*open
            && open.ca_pem == authority.ca_pem
        {
            return Ok(Arc::clone(&open.client));
        }
        let builder = Client::builder(&self.url)?
            .terminal(self.folder()?)
            .ca_pem(&authority.ca_pem)
            .clock(ClientClock(self.relay.clock().clone()));
        let client = on_disk(move || builder.build()).await?;
        let client = Arc::new(client);
        *open = Some(Open { ca_pem: authority.ca_pem.clone(), client: Arc::clone(&client) });
        Ok(client)
    }

    /// Imports a .p12; who was logged in is not any more.
    ///
    /// # Errors
    /// As for the real client.
    pub(super) async fn import(&self, p12: bytes::Bytes, password: String) -> Result<(), Error> {
        let terminal = self.folder()?;
        on_disk(move || terminal.import_certificate(&p12, password)).await?;
        self.has_certificate.store(true, Ordering::SeqCst);
        self.close().await;
        Ok(())
    }

    /// Removes the certificate.
    ///
    /// # Errors
    /// It cannot be removed.
    pub(super) async fn remove_certificate(&self) -> Result<bool, Error> {
        let terminal = self.folder()?;
        let removed = on_disk(move || terminal.remove_certificate()).await?;
        self.has_certificate.store(false, Ordering::SeqCst);
        self.close().await;
        Ok(removed)
    }

    /// Closes the application, which gives its memory back: the next use opens it anew, and nobody
    /// is logged in.
    pub(super) async fn close(&self) {
        *self.client.lock().await = None;
        self.end_login();
    }

    /// Nobody is logged in any more.
    pub(super) fn end_login(&self) {
        self.login.store(NOBODY, Ordering::SeqCst);
    }

    /// Begins a login; its number.
    pub(super) fn begin_login(&self) -> u64 {
        let number = next_number(&self.logins);
        self.login.store(number, Ordering::SeqCst);
        self.was_used.store(true, Ordering::SeqCst);
        number
    }

    /// Under which number it can be held now.
    pub(super) fn era(&self) -> u64 {
        self.era.load(Ordering::SeqCst)
    }

    /// Whoever holds it holds it no more.
    fn let_go(&self) {
        self.era.store(next_number(&self.logins), Ordering::SeqCst);
    }

    /// Somebody does something on it.
    pub(super) fn touch(&self) {
        *held(&self.last_used) = Instant::now();
    }

    /// Gives memory back that nobody has used for a while: at once where nobody is logged in.
    fn rest(&self, now: Instant) {
        let idle = now.saturating_duration_since(*held(&self.last_used));
        let limit = if self.login() == NOBODY { REST } else { IDLE };
        if idle < limit {
            return;
        }
        // Whoever holds it right now uses it.
        if let Ok(mut client) = self.client.try_lock() {
            *client = None;
            self.end_login();
        }
    }

    /// Whether the application is open.
    #[cfg(test)]
    fn is_open(&self) -> bool {
        self.client.try_lock().is_ok_and(|client| client.is_some())
    }

    /// Number of the latest login.
    pub(super) fn login(&self) -> u64 {
        self.login.load(Ordering::SeqCst)
    }

    /// Whether somebody is logged in.
    pub(super) fn is_taken(&self) -> bool {
        self.login() != NOBODY
    }

    /// Whether somebody has logged in since it was made.
    pub(super) fn was_used(&self) -> bool {
        self.was_used.load(Ordering::SeqCst)
    }

    /// Whether a certificate is installed, good or not.
    pub(super) fn has_certificate(&self) -> bool {
        self.has_certificate.load(Ordering::SeqCst)
    }

    /// Whether the application is the one before the latest, which knows no name of standard 4.1.
    pub(super) fn is_old(&self) -> bool {
        self.is_old.load(Ordering::SeqCst)
    }

    /// Puts the application before the latest on the terminal, or the latest.
    pub(super) fn set_old(&self, is_old: bool) {
        self.is_old.store(is_old, Ordering::SeqCst);
    }

    /// Version of the application.
    pub(super) fn version(&self) -> &'static str {
        if self.is_old() { "1.1.0" } else { "1.2.0" }
    }

    /// The message on its way.
    pub(super) fn compose(&self) -> MutexGuard<'_, Compose> {
        held(&self.compose)
    }

    /// What was fetched here, in order.
    pub(super) fn received(&self) -> MutexGuard<'_, Vec<Received>> {
        held(&self.received)
    }

    /// The bulk send on the screen.
    pub(super) fn bulk(&self) -> MutexGuard<'_, Option<String>> {
        held(&self.bulk)
    }

    /// The import on the screen.
    pub(super) fn wizard(&self) -> MutexGuard<'_, Option<Wizard>> {
        held(&self.wizard)
    }

    /// Where received messages are saved.
    pub(super) fn received_folder(&self) -> PathBuf {
        self.folder.join("received")
    }
}

/// Every terminal that was opened.
pub(super) struct Rack {
    relay: Relay,
    logins: Arc<AtomicU64>,
    url: String,
    terminals: Mutex<Terminals>,
}

/// Terminals with their folders.
#[derive(Default)]
pub(super) struct Terminals {
    root: Option<TempDir>,
    all: BTreeMap<String, Arc<VirtualTerminal>>,
}

/// Office and number of a terminal's name.
pub(super) fn read_name(name: &str) -> Option<(OfficeNumber, u8)> {
    let (office, number) = match name.split_once('-') {
        Some((office, number)) => (office, number.parse().ok()?),
        None => (name, 1),
    };
    let is_plain = name.len() == 10 || (2..=MOST_OF_AN_OFFICE).contains(&number);
    (is_plain && name.len() <= 12).then_some((OfficeNumber::parse(office.as_bytes())?, number))
}

impl Rack {
    /// No terminal yet; `url` is where their clients find the relay.
    pub(super) fn new(relay: Relay, url: String) -> Self {
        Self { relay, url, logins: Arc::default(), terminals: Mutex::default() }
    }

    /// The terminal of this name.
    ///
    /// # Errors
    /// There can be none; its folder cannot be made.
    pub(super) async fn terminal(&self, name: &str) -> Result<Arc<VirtualTerminal>, PageError> {
        let (office, _) = read_name(name).ok_or(PageError::NotFound)?;
        if let Some(terminal) = self.find(name) {
            return Ok(terminal);
        }
        let accounts = self.relay.turn().await?.operator().accounts().await?;
        let account = accounts.into_iter().find(|account| account.office == office.as_str());
        let account = account.ok_or(PageError::NotFound)?;
        let mut terminals = held(&self.terminals);
        let root = match &terminals.root {
            Some(root) => root.path().to_owned(),
            None => {
                let root = tempfile::Builder::new().prefix("careplan-terminals-").tempdir();
                let root = root.map_err(|error| {
                    tracing::error!(%error, "no folder for virtual terminals");
                    PageError::Failed
                })?;
                terminals.root.insert(root).path().to_owned()
            }
        };
        let terminal = terminals.all.entry(name.to_owned()).or_insert_with(|| {
            Arc::new(VirtualTerminal {
                name: name.to_owned(),
                office: account.office,
                office_name: account.name,
                folder: root.join(name),
                relay: self.relay.clone(),
                url: self.url.clone(),
                client: AsyncMutex::default(),
                compose: Mutex::default(),
                received: Mutex::default(),
                bulk: Mutex::default(),
                wizard: Mutex::default(),
                has_certificate: AtomicBool::new(false),
                is_old: AtomicBool::new(false),
                was_used: AtomicBool::new(false),
                login: AtomicU64::new(NOBODY),
                era: AtomicU64::new(next_number(&self.logins)),
                last_used: Mutex::new(Instant::now()),
                logins: Arc::clone(&self.logins),
                screen: AsyncMutex::default(),
            })
        });
        Ok(Arc::clone(terminal))
    }

    /// The terminal of this name, if it was opened; the others rest meanwhile.
    fn find(&self, name: &str) -> Option<Arc<VirtualTerminal>> {
        let terminals = held(&self.terminals);
        let now = Instant::now();
        for other in terminals.all.values().filter(|other| other.name != name) {
            other.rest(now);
        }
        let terminal = terminals.all.get(name)?;
        terminal.touch();
        Some(Arc::clone(terminal))
    }

    /// The terminals that were opened, by name.
    pub(super) fn opened(&self) -> Vec<Arc<VirtualTerminal>> {
        held(&self.terminals).all.values().cloned().collect()
    }

    /// Every terminal as new; the old ones, closed.
    pub(super) async fn take(&self) -> Terminals {
        let old = std::mem::take(&mut *held(&self.terminals));
        for terminal in old.all.values() {
            terminal.close().await;
        }
        old
    }

    /// Terminals that were taken away stand in their places again.
    pub(super) fn put_back(&self, terminals: Terminals) {
        *held(&self.terminals) = terminals;
    }

    /// Those of one office.
    fn of_office(&self, office: &str) -> Vec<Arc<VirtualTerminal>> {
        let terminals = held(&self.terminals);
        terminals.all.values().filter(|terminal| terminal.office == office).cloned().collect()
    }

    /// Everything on the terminals of one office goes.
    async fn empty(&self, office: &str) -> outcome::Result<()> {
        let own = {
            let mut terminals = held(&self.terminals);
            let names = terminals.all.iter().filter(|(_, terminal)| terminal.office == office);
            let names: Vec<String> = names.map(|(name, _)| name.clone()).collect();
            names.iter().filter_map(|name| terminals.all.remove(name)).collect::<Vec<_>>()
        };
        for terminal in own {
            terminal.close().await;
            let folder = terminal.folder.clone();
            let removed = tokio::task::spawn_blocking(move || match folder.exists() {
                true => std::fs::remove_dir_all(folder),
                false => Ok(()),
            });
            let failed = |error: &dyn std::fmt::Display| Failure::Task(error.to_string());
            removed.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
        }
        Ok(())
    }

    /// The certificate the office has stands on its first terminal.
    async fn put_certificate(&self, office: &str) -> outcome::Result<()> {
        let failed = |what: String| outcome::Error::Failed(Failure::Task(what));
        let accounts = self.relay.turn().await?.operator().accounts().await?;
        let account = accounts.into_iter().find(|account| account.office == office);
        let account = account.ok_or_else(|| failed(format!("{office} has no account")))?;
        let own = account.certificates.iter().find(|one| one.state == CertificateState::Issued);
        let id = own.ok_or_else(|| failed(format!("{office} has no certificate")))?.id.clone();
        let terminal = self.terminal(office).await.map_err(|error| failed(format!("{error:?}")))?;
        let installed = self.install(&terminal, &account, &id).await;
        installed.map_err(|error| failed(format!("{error:?}")))?.map_err(|e| failed(e.to_string()))
    }

    /// Installs on the first terminal of every office the certificate it has: the shortcut of a
    /// trainer. Says how many terminals are ready.
    ///
    /// # Errors
    /// Something broke.
    pub(super) async fn install_all(&self) -> Result<usize, PageError> {
        let mut ready = 0;
        for account in self.relay.turn().await?.operator().accounts().await? {
            let Some(certificate) = account.certificates.iter().find(|certificate| {
                certificate.file_name.is_some() && certificate.state != CertificateState::Withdrawn
            }) else {
                continue;
            };
            let terminal = self.terminal(&account.office).await?;
            if self.install(&terminal, &account, &certificate.id).await?.is_ok() {
                ready += 1;
            }
        }
        Ok(ready)
    }

    /// Installs a certificate the office has, without the walk through site and password.
    ///
    /// # Errors
    /// Something broke; the inner error is the client's.
    pub(super) async fn install(
        &self,
        terminal: &VirtualTerminal,
        account: &AccountView,
        id: &str,
    ) -> Result<Result<(), Error>, PageError> {
        let (Some(kj_id), Some(password), Some(office)) = (
            account.kj_id.clone(),
            account.certificate_password.clone(),
            OfficeNumber::parse(account.office.as_bytes()),
        ) else {
            return Err(PageError::NotFound);
        };
        let caller = PortalCaller { office, kj_id, login: None };
        let p12 = match self.relay.turn().await?.certificates().p12(&caller, id).await {
            Ok(p12) => p12,
            // Made by the controls: handed out once, when it was made.
            Err(outcome::Error::Refused(_)) => return Err(PageError::NotFound),
            Err(error) => return Err(error.into()),
        };
        Ok(terminal.import(p12.bytes, password.reveal().to_owned()).await)
    }
}

impl std::fmt::Debug for Rack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rack").finish_non_exhaustive()
    }
}

impl careplan_wire::terminals::Terminals for Rack {
    fn follow<'a>(&'a self, office: &'a str, help: OfficeHelp) -> Later<'a> {
        Box::pin(async move {
            match help {
                OfficeHelp::Unlock => {}
                OfficeHelp::TemporaryPassword | OfficeHelp::EndLogins => {
                    for terminal in self.of_office(office) {
                        terminal.close().await;
                        terminal.let_go();
                    }
                }
                OfficeHelp::PutCertificate => self.put_certificate(office).await?,
                OfficeHelp::BeforeFirstLogin => self.empty(office).await?,
            }
            Ok(())
        })
    }
}

/// Does something that waits for the disk.
///
/// # Errors
/// Those of `work`.
pub(super) async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::from(ErrorKind::Internal(error.to_string())))?
}

/// A finding of the client as the pages show findings.
fn worded(finding: &Finding) -> WordedFinding {
    let Finding { rule, file, record, field_number, field_name, .. } = finding.clone();
    let Finding { message, message_en, fix, fix_en, clause, .. } = finding.clone();
    let severity = Severity::from_id(finding.severity.as_str()).unwrap_or(Severity::Error);
    WordedFinding {
        rule,
        severity,
        file,
        record,
        field_number,
        field_name,
        message,
        message_en,
        fix,
        fix_en,
        clause,
    }
}

/// What the client says, for the top of a page.
pub(super) fn said(error: &Error) -> Alert {
    let mut alert = match error.kind() {
        ErrorKind::Refused(told) => {
            let en =
                if told.title_en.is_empty() { told.title.clone() } else { told.title_en.clone() };
            let mut alert = Alert::bad(told.title.clone(), en);
            for (ja, en) in [(&told.detail, &told.detail_en), (&told.hint, &told.hint_en)] {
                // A refusal without particulars repeats its title.
                if !ja.is_empty() && *ja != told.title {
                    alert = alert.and(ja.clone(), en.clone());
                }
            }
            alert.official = told.official;
            alert.findings = told.findings.iter().map(worded).collect();
            alert.findings_total = told.findings_total.unwrap_or(alert.findings.len() as u64);
            alert.code = Some(if told.clause.is_empty() {
                told.code.clone()
            } else {
                format!("{} / {}", told.code, told.clause)
            });
            return alert;
        }
        ErrorKind::LocalCheck(check) => {
            let mut alert = match &check.relay_message {
                Some(message) => Alert::bad(message.ja.clone(), message.en.clone()),
                None => Alert::bad(
                    "送信前の検査で誤りが見つかりました。",
                    "The check before sending found errors.",
                ),
            };
            alert = alert.and(
                "端末の検査で見つけたため、送信していません。",
                "Found on the terminal; nothing was sent.",
            );
            let blocking = check.findings.iter().filter(|found| found.blocks).take(MAX_ROWS);
            alert.findings = blocking.map(|found| worded(&found.finding)).collect();
            alert.findings_total = check.blocking;
            alert
        }
        ErrorKind::NotLoggedIn(_) => Alert::bad(
            "ログインしていないか、ログインの有効時間が過ぎました。",
            "Nobody is logged in, or the login has ended.",
        )
        .and("もう一度ログインしてください。", "Log in again."),
        ErrorKind::Certificate(CertificateError::NotInstalled) => Alert::bad(
            "この端末に電子証明書がインストールされていません。",
            "No certificate is installed on this terminal.",
        )
        .and(
            "「電子証明書」の画面でインストールしてください。",
            "Install it on the “Certificate” page.",
        ),
        _ => {
            let explanation = error.explain();
            Alert::bad(explanation.what.ja, explanation.what.en)
                .and(explanation.to_do.ja, explanation.to_do.en)
        }
    };
    alert.more.retain(|line| !line.ja.is_empty());
    alert
}

#[cfg(test)]
mod tests {
    use super::*;
    use careplan_relay::Settings;
    use careplan_relay::store::{Store, StoreLocation};

    #[tokio::test]
    async fn an_application_that_nobody_uses_gives_its_memory_back() {
        let beginning = crate::scenario::beginning("demo", 1).expect("a scenario");
        let store = Store::open(&StoreLocation::default()).await.unwrap();
        let relay = Relay::open(store, Settings::default(), &beginning).await.unwrap();
        let rack = Rack::new(relay, "https://127.0.0.1:1".to_owned());
        let one = rack.terminal("4779000118").await.unwrap();
        one.client().await.unwrap();
        assert!(one.is_open());
        one.close().await;
        assert!(!one.is_open(), "whoever logs out closes it");
        // Somebody only looked at the login: it closes after a while.
        one.client().await.unwrap();
        let after = |time: Duration| Instant::now() + time;
        one.rest(after(REST - Duration::from_secs(5)));
        assert!(one.is_open());
        one.rest(after(REST));
        assert!(!one.is_open());
        // Whoever is logged in has as long as his session.
        one.client().await.unwrap();
        one.begin_login();
        one.rest(after(REST));
        assert!(one.is_open() && one.is_taken());
        one.rest(after(IDLE));
        assert!(!one.is_open() && !one.is_taken() && one.was_used());
    }

    #[test]
    fn names_of_terminals_are_office_numbers() {
        for (name, number) in [("4779000118", 1), ("4779000118-2", 2), ("4779000118-9", 9)] {
            assert_eq!(read_name(name).map(|(_, number)| number), Some(number), "{name}");
        }
        for name in
            ["", "4779000118-1", "4779000118-10", "477900011", "../../etc/x", "4779000118-x"]
        {
            assert!(read_name(name).is_none(), "{name}");
        }
    }
}
