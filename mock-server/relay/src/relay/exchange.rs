//! Top page, lists, fetching once.

use std::sync::Arc;

use bytes::Bytes;
use careplan_spec::hex;
use jiff::Timestamp;

use super::Turn;
use super::send::is_key;
use crate::account::OfficeView;
use crate::background::in_background;
use crate::certificate::{CertificateKind, renewable_from};
use crate::clock;
use crate::download::{Claim, Download, ToDownload};
use crate::listing::{
    InboxDetail, InboxPage, Item, OutboxDetail, OutboxPage, files_of, with_file_names,
};
use crate::login::Caller;
use crate::message::ManifestFile;
use crate::notice::{NoticePage, NoticeView};
use crate::outcome::{Refusal, Result};
use crate::random::{claim_token, sha256_hex, token, token_id};
use crate::refusal;
use crate::secret::Secret;
use crate::store::record::MessageRecord;
use crate::store::{Claimed, DownloadRight, Side, StoreError, Unclaimed};
use crate::store::{IdKind, ListQuery};
use crate::top::{CertificatePanel, SystemPanel, TopPage};

/// Day of the system update the top page shows: that of the release for 4.1 (relay.md §2).
const SYSTEM_UPDATED_ON: jiff::civil::Date = jiff::civil::Date::constant(2025, 6, 1);

/// Rows of a page of お知らせ一覧: the guides show ten (relay.md §2).
const NOTICES_OF_A_PAGE: u32 = 10;

/// Characters of a text that is searched for, at most: the longest names are about as long.
pub const SEARCH_CHARACTERS: usize = 100;

/// An office that exchanges messages with others.
#[derive(Debug)]
pub struct Exchange<'r> {
    pub(super) turn: Turn<'r>,
}

impl Exchange<'_> {
    /// Top page of the client (relay.md §2).
    ///
    /// # Errors
    /// The store fails.
    pub async fn top(self, caller: &Caller) -> Result<TopPage> {
        let shared = self.turn.shared;
        let number = caller.office.to_string();
        let notices = shared.store.notices_of(&number).await?;
        let unfetched = shared.store.unfetched(&number).await?;
        let certificate = self.certificate_panel(caller).await?;
        let account = shared.store.find_account(IdKind::Kj, &caller.kj_id).await?;
        let switches = shared.switches.load();
        let directory = shared.directory.load_full();
        let office = directory.find(&caller.office).ok_or(&refusal::OFFICE_UNKNOWN)?;
        Ok(TopPage {
            system: SystemPanel {
                running: true,
                text: "利用可能です。ただいまシステムは正常稼働中です。".to_owned(),
                text_en: "Available. The system is running normally.".to_owned(),
                updated_on: SYSTEM_UPDATED_ON,
            },
            office: office.reference(),
            licence: office.panel_on(shared.clock.today(), &switches),
            certificate,
            password_expires_at: account.and_then(|account| account.password_expires_at),
            unfetched,
            notices: notices.into_iter().map(Into::into).collect(),
        })
    }

    async fn certificate_panel(&self, caller: &Caller) -> Result<CertificatePanel> {
        let shared = self.turn.shared;
        let fingerprint = hex(&caller.fingerprint);
        let record = shared
            .store
            .certificates_of(caller.office.as_str())
            .await?
            .into_iter()
            .find(|record| record.fingerprint.as_deref() == Some(fingerprint.as_str()))
            .ok_or(StoreError::Missing("certificate of the login"))?;
        let missing = || StoreError::Missing("validity of the certificate");
        let not_after = record.not_after.ok_or_else(missing)?;
        let days = shared.switches.load().certificate_renewal_days;
        Ok(CertificatePanel {
            serial: record.serial.unwrap_or_default(),
            kind: CertificateKind::from_common_name(&record.kind)
                .unwrap_or(CertificateKind::CarePlanJigyousho),
            not_before: record.not_before.ok_or_else(missing)?,
            not_after,
            renewable_from: renewable_from(not_after, days),
        })
    }

    /// お知らせ一覧, page by page (the screens of the guides have a pager). `page` and `per_page` of 0
    /// leave it to us.
    ///
    /// # Errors
    /// The store fails.
    pub async fn notices(self, caller: &Caller, page: u32, per_page: u32) -> Result<NoticePage> {
        let shared = self.turn.shared;
        let switches = shared.switches.load_full();
        let per_page = if per_page == 0 { NOTICES_OF_A_PAGE } else { per_page };
        let per_page = per_page.clamp(1, switches.max_page_rows.max(1));
        let page = page.max(1);
        let before = u64::from(page - 1) * u64::from(per_page);
        let (rows, total, unread) =
            shared.store.notices_page(caller.office.as_str(), before, per_page).await?;
        let items = rows.into_iter().map(Into::into).collect();
        Ok(NoticePage { items, page, per_page, total, unread })
    }

    /// One notice; it counts as read from now on.
    ///
    /// # Errors
    /// `message-unknown`.
    pub async fn notice(self, caller: &Caller, id: &str) -> Result<NoticeView> {
        self.turn.open_notice(caller.office.as_str(), id).await
    }

    /// What the directory tells about an office.
    ///
    /// # Errors
    /// `office-unknown`.
    pub async fn office(self, caller: &Caller, number: &str) -> Result<OfficeView> {
        let shared = self.turn.shared;
        let _ = caller;
        let directory = shared.directory.load_full();
        let office = directory.find_text(number).ok_or(&refusal::OFFICE_UNKNOWN)?;
        let switches = shared.switches.load();
        let uses_system =
            office.may_use_on(shared.clock.today(), &switches) || !switches.destination_licensed;
        Ok(OfficeView {
            number: office.number.to_string(),
            name: office.name.clone(),
            service_kinds: office.service_kinds.clone(),
            uses_system,
        })
    }

    /// 受信一覧.
    ///
    /// # Errors
    /// `search-text-too-long`, `list-cursor-unknown`.
    pub async fn inbox(self, caller: &Caller, query: &ListQuery) -> Result<Arc<InboxPage>> {
        let shared = self.turn.shared;
        let query = self.within_limits(query)?;
        let office = caller.office.as_str();
        if let Ok(page) = shared.pages.inbox(office, &query) {
            return Ok(page);
        }
        let _share = shared.pages.share(office).await?;
        // Whoever had it before may have read the same.
        let generation = match shared.pages.inbox(office, &query) {
            Ok(page) => return Ok(page),
            Err(generation) => generation,
        };
        let (items, total, next) = self.listed(caller, Side::Receiver, &query).await?;
        let (page, per_page) = (query.page, query.per_page);
        let page = Arc::new(InboxPage { items, page, per_page, total, next });
        shared.pages.keep_inbox(office, &query, &page, generation);
        Ok(page)
    }

    /// What the store lists.
    async fn listed<T>(
        &self,
        caller: &Caller,
        side: Side,
        query: &ListQuery,
    ) -> Result<(Vec<T>, u64, Option<String>)>
    where
        T: Item,
    {
        let listed = self.turn.shared.store.list(caller.office.as_str(), side, query).await?;
        let listed = listed.ok_or(&refusal::LIST_CURSOR_UNKNOWN)?;
        let items = listed.rows.into_iter().filter_map(|row| {
            let id = row.id.clone();
            let item = if query.file_names { with_file_names(row) } else { T::try_from(row) };
            item.inspect_err(|error| {
                tracing::error!(message = id, %error, "a message is damaged and was left out of a list");
            })
            .ok()
        });
        let items = items.collect();
        Ok((items, listed.total, listed.next))
    }

    /// One row of 受信一覧.
    ///
    /// # Errors
    /// `message-unknown`.
    pub async fn inbox_item(self, caller: &Caller, id: &str) -> Result<InboxDetail> {
        let (item, manifest_files) = self.detail(caller, Side::Receiver, id).await?;
        Ok(InboxDetail { item, manifest_files })
    }

    /// 送信一覧.
    ///
    /// # Errors
    /// `search-text-too-long`, `list-cursor-unknown`.
    pub async fn outbox(self, caller: &Caller, query: &ListQuery) -> Result<Arc<OutboxPage>> {
        let shared = self.turn.shared;
        let query = self.within_limits(query)?;
        let office = caller.office.as_str();
        if let Ok(page) = shared.pages.outbox(office, &query) {
            return Ok(page);
        }
        let _share = shared.pages.share(office).await?;
        let generation = match shared.pages.outbox(office, &query) {
            Ok(page) => return Ok(page),
            Err(generation) => generation,
        };
        let (items, total, next) = self.listed(caller, Side::Sender, &query).await?;
        let (page, per_page) = (query.page, query.per_page);
        let page = Arc::new(OutboxPage { items, page, per_page, total, next });
        shared.pages.keep_outbox(office, &query, &page, generation);
        Ok(page)
    }

    /// One row of 送信一覧.
    ///
    /// # Errors
    /// `message-unknown`.
    pub async fn outbox_item(self, caller: &Caller, id: &str) -> Result<OutboxDetail> {
        let (item, manifest_files) = self.detail(caller, Side::Sender, id).await?;
        Ok(OutboxDetail { item, manifest_files })
    }

    /// A row and its files.
    async fn detail<T>(
        &self,
        caller: &Caller,
        side: Side,
        id: &str,
    ) -> Result<(T, Vec<ManifestFile>)>
    where
        T: TryFrom<MessageRecord, Error = StoreError>,
    {
        let found = self.turn.shared.store.find_message(caller.office.as_str(), side, id).await?;
        let record = found.ok_or(&refusal::MESSAGE_UNKNOWN)?;
        let files = files_of(&record)?;
        Ok((T::try_from(record)?, files))
    }

    /// Page and rows within the limits; a text to search for that says nothing is none.
    fn within_limits(&self, query: &ListQuery) -> Result<ListQuery> {
        let switches = self.turn.shared.switches.load();
        let per_page = if query.per_page == 0 { switches.page_rows } else { query.per_page };
        let mut query = query.clone();
        query.page = if query.after.is_some() { 1 } else { query.page.max(1) };
        query.per_page = per_page.clamp(1, switches.max_page_rows.max(1));
        query.office = query.office.filter(|office| !office.is_empty());
        let length = query.text.as_ref().map_or(0, |text| text.chars().count());
        if length > SEARCH_CHARACTERS {
            let refusal = Refusal::new(&refusal::SEARCH_TEXT_TOO_LONG);
            let (ja, en) = (format!("{length}文字です。"), format!("It has {length} characters."));
            return Err(refusal.because(ja, en).into());
        }
        query.text = query.text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(query)
    }

    /// Fetches a message, once: of any number of requests exactly one wins, and the message is 済
    /// for everybody (relay.md §2, Stated). What happens when the connection breaks then is not
    /// public; here the winner gets a token with which the same bytes can be fetched again for a
    /// while (§9 item 12, Assumed). A winner whose answer was lost asks again under the same key
    /// and with the same certificate, and gets the same answer; to everybody else it is fetched.
    ///
    /// # Errors
    /// `message-unknown`, `already-fetched`, `licence-needed`, `idempotency-key-malformed`,
    /// `state-damaged`.
    pub async fn claim(self, caller: &Caller, id: &str, key: Option<&str>) -> Result<Claim> {
        if key.is_some_and(|key| !is_key(key)) {
            return Err((&refusal::IDEMPOTENCY_KEY_MALFORMED).into());
        }
        let shared = self.turn.shared;
        let switches = shared.switches.load_full();
        let key = key.filter(|_| switches.claim_repeatable);
        let now = shared.clock.now();
        let directory = shared.directory.load_full();
        let office = directory.find(&caller.office).ok_or(&refusal::OFFICE_UNKNOWN)?;
        if !switches.receive_unlicensed && !office.may_use_on(clock::date_of(now), &switches) {
            // A licence that ended meanwhile does not take back what was answered.
            let own = caller.office.as_str();
            let before = match key {
                Some(_) => shared.store.find_message(own, Side::Receiver, id).await?,
                None => None,
            };
            let claim = before.zip(key).and_then(|(before, key)| repeated(&before, caller, key));
            return claim.ok_or_else(|| (&refusal::LICENCE_NEEDED).into());
        }
        self.archive_is_whole(caller.office.as_str(), id).await?;
        let random = token()?;
        let (download_token, salt) = match key {
            None => (random, None),
            Some(key) => {
                let salt = random.reveal().to_owned();
                (claim_token(&salt, key, &caller.fingerprint), Some(salt))
            }
        };
        let until = clock::plus_minutes(now, switches.download_minutes);
        let right = DownloadRight { id: token_id(&download_token), until, salt };
        let claimed = shared.store.claim(caller.office.as_str(), id, now, &right).await;
        match shared.pages.behind(claimed)? {
            Claimed::Won(record) => {
                shared.pages.forget(&[&record.receiver, &record.sender]);
                Ok(claim_of(&record, download_token, until))
            }
            Claimed::Before(record) => key
                .and_then(|key| repeated(&record, caller, key))
                .ok_or_else(|| already_fetched(&record).into()),
            Claimed::Unknown => Err((&refusal::MESSAGE_UNKNOWN).into()),
        }
    }

    /// The bytes of a claimed message.
    ///
    /// # Errors
    /// `download-token-unknown`, `download-closed`, `state-damaged`.
    pub async fn download(self, caller: &Caller, token: &Secret) -> Result<Download> {
        let to = self.to_download(caller, token).await?;
        let bytes = self.archive(&to).await?;
        let ToDownload { file_name, sha256, .. } = to;
        Ok(Download { file_name, bytes, sha256 })
    }

    /// What a claimed message is fetched by, before anything of it is read.
    ///
    /// # Errors
    /// `download-token-unknown`, `download-closed`.
    pub async fn to_download(&self, caller: &Caller, token: &Secret) -> Result<ToDownload> {
        let shared = self.turn.shared;
        let record = self.find_download(caller, token).await?;
        let now = shared.clock.now();
        if record.confirmed_at.is_some() || record.download_until.is_none_or(|until| until <= now) {
            return Err((&refusal::DOWNLOAD_CLOSED).into());
        }
        Ok(ToDownload {
            file_name: file_name(&record),
            id: record.id,
            size: record.archive_bytes,
            sha256: record.archive_sha256,
        })
    }

    /// The archive of a message, as it was kept.
    ///
    /// # Errors
    /// `state-damaged`; it cannot be read.
    pub async fn archive(&self, to: &ToDownload) -> Result<Bytes> {
        let bytes = self.turn.shared.store.blob(&to.sha256).await?;
        let bytes = bytes.ok_or_else(|| damaged(&to.id))?;
        match is_archive(bytes.clone(), &to.sha256).await? {
            true => Ok(bytes),
            false => Err(damaged(&to.id).into()),
        }
    }

    /// The client has them; the download ends. Confirming again changes nothing.
    ///
    /// # Errors
    /// `download-token-unknown`, `checksum-differs`.
    pub async fn confirm(self, caller: &Caller, token: &Secret, sha256: &str) -> Result<()> {
        let shared = self.turn.shared;
        let record = self.find_download(caller, token).await?;
        if !record.archive_sha256.eq_ignore_ascii_case(sha256) {
            return Err((&refusal::CHECKSUM_DIFFERS).into());
        }
        match shared.store.confirm_download(&token_id(token), shared.clock.now()).await? {
            true => Ok(()),
            // The claim was released meanwhile.
            false => Err((&refusal::DOWNLOAD_TOKEN_UNKNOWN).into()),
        }
    }

    /// What cannot be handed out is not claimed: its archive is there, with its length and its
    /// SHA-256, before anything is written. Nobody waits for that but who asks.
    async fn archive_is_whole(&self, receiver: &str, id: &str) -> Result<()> {
        let shared = self.turn.shared;
        let Some(archive) = shared.store.unclaimed_archive(receiver, id).await? else {
            return Ok(());
        };
        let Unclaimed { sha256, is_there, bytes } = archive;
        if !is_there {
            return Err(damaged_and_unclaimed(id).into());
        }
        let is_whole = match bytes {
            Some(bytes) => is_archive(bytes, &sha256).await?,
            None => {
                // Not many large ones in memory at once.
                let _place = shared.checking.acquire().await;
                let bytes =
                    shared.store.blob(&sha256).await?.ok_or_else(|| damaged_and_unclaimed(id))?;
                is_archive(bytes, &sha256).await?
            }
        };
        if is_whole { Ok(()) } else { Err(damaged_and_unclaimed(id).into()) }
    }

    async fn find_download(&self, caller: &Caller, token: &Secret) -> Result<MessageRecord> {
        let found = self.turn.shared.store.find_download(&token_id(token)).await?;
        let own = found.filter(|record| record.receiver == caller.office.as_str());
        Ok(own.ok_or(&refusal::DOWNLOAD_TOKEN_UNKNOWN)?)
    }
}

impl Turn<'_> {
    pub(super) async fn open_notice(&self, office: &str, id: &str) -> Result<NoticeView> {
        let shared = self.shared;
        let notice = shared.store.open_notice(office, id, shared.clock.now()).await?;
        Ok(notice.ok_or(&refusal::MESSAGE_UNKNOWN)?.into())
    }
}

/// Archives up to this size are hashed at once; it takes less than handing them to a thread.
const SMALL: usize = 128 << 10;

async fn is_archive(bytes: Bytes, sha256: &str) -> Result<bool> {
    let hash = match bytes.len() <= SMALL {
        true => sha256_hex(&bytes),
        false => in_background(move || sha256_hex(&bytes)).await?,
    };
    Ok(hash == sha256)
}

/// The refusal of a message that cannot be handed out as it was sent.
fn damaged(id: &str) -> Refusal {
    tracing::error!(message = id, "the archive of a message is damaged: it cannot be fetched");
    Refusal::new(&refusal::STATE_DAMAGED).because(
        "このデータのファイルがないか、送信されたときのものと違います。",
        "The files of this message are missing, or are not those that were sent.",
    )
}

/// The same before it is claimed.
fn damaged_and_unclaimed(id: &str) -> Refusal {
    damaged(id).because(
        "このデータのファイルがないか、送信されたときのものと違います。データは取得済になっていません。",
        "The files of this message are missing, or are not those that were sent. This did not fetch it.",
    )
}

fn file_name(record: &MessageRecord) -> String {
    format!("{}.zip", record.id)
}

fn claim_of(record: &MessageRecord, download_token: Secret, expires_at: Timestamp) -> Claim {
    Claim {
        download_token,
        file_name: file_name(record),
        size: record.archive_bytes,
        sha256: record.archive_sha256.clone(),
        expires_at,
    }
}

/// The answer of a claim that was made under this key and with this certificate.
fn repeated(record: &MessageRecord, caller: &Caller, key: &str) -> Option<Claim> {
    let token = claim_token(record.claim_salt.as_deref()?, key, &caller.fingerprint);
    let is_own = record.download_id.as_deref() == Some(token_id(&token).as_str());
    let until = record.download_until.filter(|_| is_own)?;
    Some(claim_of(record, token, until))
}

fn already_fetched(record: &MessageRecord) -> Refusal {
    let refusal = Refusal::new(&refusal::ALREADY_FETCHED);
    match record.claimed_at {
        Some(at) => refusal.because(
            format!("{}に取得されました。", clock::shown(at)),
            format!("It was fetched at {at}."),
        ),
        None => refusal,
    }
}

#[cfg(test)]
mod tests {
    use careplan_spec::office_number::OfficeNumber;

    use super::super::{Relay, Settings};
    use super::*;
    use crate::beginning::Beginning;
    use crate::store::{State, Store, StoreLocation};

    fn caller(number: &str) -> Caller {
        let office = OfficeNumber::parse(number.as_bytes()).unwrap();
        Caller { office, kj_id: String::new(), fingerprint: [0; 32] }
    }

    #[tokio::test]
    async fn while_one_office_reads_a_list_it_alone_waits() {
        let store = Store::open(&StoreLocation::Memory).await.unwrap();
        let beginning = Beginning::new("empty", 1, |_| Ok(State::default()));
        let relay = Relay::open(store, Settings::default(), &beginning).await.unwrap();
        let list = async |relay: Relay, office: Caller, query: ListQuery, is_inbox: bool| {
            let exchange = relay.turn().await.unwrap().exchange();
            match is_inbox {
                true => exchange.inbox(&office, &query).await.unwrap().total,
                false => exchange.outbox(&office, &query).await.unwrap().total,
            }
        };
        let (one, other) = (caller("4770900111"), caller("4770900228"));
        // One list of the office is being read; a page it has in memory it gets all the same.
        let known = ListQuery::default();
        list(relay.clone(), one.clone(), known.clone(), true).await;
        list(relay.clone(), one.clone(), known.clone(), false).await;
        let reading = relay.shared.pages.share(one.office.as_str()).await.unwrap();
        let text = ListQuery { text: Some("a".to_owned()), ..ListQuery::default() };
        let waiting: Vec<_> = [true, false]
            .map(|is_inbox| tokio::spawn(list(relay.clone(), one.clone(), text.clone(), is_inbox)))
            .into_iter()
            .collect();
        for is_inbox in [true, false] {
            list(relay.clone(), one.clone(), known.clone(), is_inbox).await;
            for number in 1..20 {
                let query = ListQuery { page: number, ..text.clone() };
                list(relay.clone(), other.clone(), query, is_inbox).await;
            }
        }
        assert!(waiting.iter().all(|one| !one.is_finished()), "one list of an office at a time");
        drop(reading);
        for one in waiting {
            assert_eq!(one.await.unwrap(), 0);
        }
    }
}
