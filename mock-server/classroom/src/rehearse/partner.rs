//! The scripted partner: real clients of the offices on the other side.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use careplan_client_core::{Check, Client, Credentials, Error, Message, OutgoingFile, Terminal};
use careplan_relay::store::{ListQuery, Sort};
use careplan_relay::{Relay, outcome};
use careplan_spec::office_number::OfficeNumber;
use careplan_wire::serve::Server;

use super::RehearseError;
use super::folder::Folder;
use super::observer::as_office;
use crate::client_clock::ClientClock;

/// Password of the partner's .p12, which never leaves the program.
const P12_PASSWORD: &str = "Partner01";

/// How often a message that cannot be fetched is tried in one run.
const MOST_TRIES: u32 = 5;

/// The partner.
pub(super) struct Script {
    relay: Relay,
    url: String,
    folder: Folder,
    clients: BTreeMap<OfficeNumber, Arc<Client>>,
    /// How often fetching a message has failed.
    failures: BTreeMap<String, u32>,
}

impl Script {
    pub(super) fn new(server: &Server, folder: Folder) -> Self {
        Self {
            relay: server.relay().clone(),
            url: server.addresses().relay.clone(),
            folder,
            clients: BTreeMap::new(),
            failures: BTreeMap::new(),
        }
    }

    /// Sends every message of the kit that the relay does not have yet.
    pub(super) async fn send_the_kit(
        &mut self,
        tell: &mut impl FnMut(&str),
    ) -> Result<(), RehearseError> {
        let mut sent: BTreeMap<String, Vec<BTreeSet<(String, String)>>> = BTreeMap::new();
        let own: BTreeSet<String> =
            self.folder.numbers().iter().map(OfficeNumber::to_string).collect();
        let mut count = 0;
        for message in self.folder.messages().to_vec() {
            let office = OfficeNumber::parse(message.from.as_bytes());
            let Some(office) = office.filter(|_| !own.contains(&message.from)) else {
                // From one office of the plan to another: the vendor's to send.
                continue;
            };
            if !sent.contains_key(&message.from) {
                let there = self.sent_already(office).await?;
                sent.insert(message.from.clone(), there);
            }
            let there = sent.entry(message.from.clone()).or_default();
            let mark = message.mark();
            if let Some(at) = there.iter().position(|one| *one == mark) {
                // Two items may have the same files: each is a message of its own.
                there.swap_remove(at);
                continue;
            }
            let files = message
                .files
                .iter()
                .map(|(name, bytes)| OutgoingFile { name: name.clone(), bytes: bytes.clone() });
            let text = format!("ベンダ試験のリハーサル {}", message.item);
            match self.send(office, files.collect(), text).await {
                Ok(()) => count += 1,
                Err(Trouble::Relay(error)) => return Err(error),
                Err(Trouble::Client(error)) => {
                    let explained = error.explain();
                    tell(&format!(
                        "送信できません / cannot be sent: {} {} → {}：{} / {}",
                        message.item,
                        message.from,
                        message.to,
                        explained.what.ja,
                        explained.what.en
                    ));
                }
            }
        }
        tell(&format!("キットを送信しました / kit sent: {count}件 / messages"));
        Ok(())
    }

    async fn send(
        &mut self,
        office: OfficeNumber,
        files: Vec<OutgoingFile>,
        text: String,
    ) -> Result<(), Trouble> {
        let client = self.client(office).await?;
        let message = Message::new(files)?.text(text);
        client.send(message).check(Check::Skip).await?;
        Ok(())
    }

    /// Names and hashes of every message an office has sent.
    async fn sent_already(
        &self,
        office: OfficeNumber,
    ) -> Result<Vec<BTreeSet<(String, String)>>, RehearseError> {
        let caller = as_office(office);
        let mut marks = Vec::new();
        for page in 1.. {
            let query = ListQuery {
                page,
                per_page: u32::MAX,
                sort: Sort::OldestFirst,
                ..ListQuery::default()
            };
            let rows = self.relay.turn().await?.exchange().outbox(&caller, &query).await?;
            for row in &rows.items {
                let detail =
                    self.relay.turn().await?.exchange().outbox_item(&caller, &row.id).await?;
                let files = detail.manifest_files.iter();
                marks.push(files.map(|file| (file.name.clone(), file.sha256.clone())).collect());
            }
            if u64::from(rows.page) * u64::from(rows.per_page) >= rows.total {
                break;
            }
        }
        Ok(marks)
    }

    /// Fetches what the vendor's offices have sent to others.
    pub(super) async fn fetch(&mut self, tell: &mut impl FnMut(&str)) -> Result<(), RehearseError> {
        let own = self.folder.numbers();
        let mut waiting: BTreeSet<(OfficeNumber, String)> = BTreeSet::new();
        for vendor in &own {
            for page in 1.. {
                let query = ListQuery {
                    page,
                    per_page: u32::MAX,
                    fetched: Some(false),
                    sort: Sort::OldestFirst,
                    ..ListQuery::default()
                };
                let rows =
                    self.relay.turn().await?.exchange().outbox(&as_office(*vendor), &query).await?;
                for row in &rows.items {
                    if let Some(to) = OfficeNumber::parse(row.to.number.as_bytes())
                        && !own.contains(&to)
                        && self.failures.get(&row.id).is_none_or(|times| *times < MOST_TRIES)
                    {
                        waiting.insert((to, row.id.clone()));
                    }
                }
                if u64::from(rows.page) * u64::from(rows.per_page) >= rows.total {
                    break;
                }
            }
        }
        for (office, id) in waiting {
            match self.download(office, &id).await {
                Ok(()) => {}
                Err(Trouble::Relay(error)) => return Err(error),
                Err(Trouble::Client(error)) => {
                    // The next look tries again, with a new login.
                    self.clients.remove(&office);
                    let times = self.failures.entry(id.clone()).or_default();
                    *times += 1;
                    if *times == 1 {
                        let explained = error.explain();
                        tell(&format!(
                            "取得できません / cannot be fetched: {office} {id}：{} / {}",
                            explained.what.ja, explained.what.en
                        ));
                    }
                }
            }
        }
        Ok(())
    }

    async fn download(&mut self, office: OfficeNumber, id: &str) -> Result<(), Trouble> {
        let client = self.client(office).await?;
        let folder = self.folder.received().join(office.as_str());
        client.download(id).to(folder).await?;
        Ok(())
    }

    /// The client of an office, logged in with a certificate of its own.
    async fn client(&mut self, office: OfficeNumber) -> Result<Arc<Client>, Trouble> {
        if let Some(client) = self.clients.get(&office)
            && client.session().await.is_ok()
        {
            return Ok(Arc::clone(client));
        }
        let accounts = self.relay.turn().await?.operator().accounts().await?;
        let account = accounts.into_iter().find(|account| account.office == office.as_str());
        let account = account.ok_or(RehearseError::NoAccount(office))?;
        let (Some(c_id), Some(c_password), Some(kj_id), Some(kj_password)) =
            (account.c_id, account.c_password, account.kj_id, account.kj_password)
        else {
            return Err(RehearseError::NoAccount(office).into());
        };
        let password = P12_PASSWORD.into();
        let issued = self
            .relay
            .turn()
            .await?
            .operator()
            .issue_for_test(office.as_str(), None, Some(&password))
            .await?;
        let root = self.folder.state().join("terminals").join(office.as_str());
        let terminal = Terminal::open(root)?;
        terminal.import_certificate(&issued.p12, P12_PASSWORD)?;
        let client = Client::builder(&self.url)?
            .terminal(terminal)
            .ca_pem(&self.relay.authority().ca_pem)
            .clock(ClientClock(self.relay.clock().clone()))
            .build()?;
        let credentials =
            Credentials::new(&c_id, c_password.reveal(), &kj_id, kj_password.reveal())?;
        client.login(&credentials).await?;
        let client = Arc::new(client);
        self.clients.insert(office, Arc::clone(&client));
        Ok(client)
    }
}

/// What can go wrong: with the client, or with the central system.
enum Trouble {
    Client(Error),
    Relay(RehearseError),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Client(error)
    }
}

impl From<outcome::Error> for Trouble {
    fn from(error: outcome::Error) -> Self {
        Self::Relay(error.into())
    }
}

impl From<RehearseError> for Trouble {
    fn from(error: RehearseError) -> Self {
        Self::Relay(error)
    }
}
