//! What the operator of the mock does.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use careplan_certs::{CertificateFacts, Issued, KeyKind, Kind, Request, Wrong, package};
use careplan_spec::office_number::OfficeNumber;
use jiff::Timestamp;

use super::{SWITCHES, Shared, Turn, setting};
use crate::background::in_background;
use crate::certificate::{CertificateView, fingerprint, for_older_systems, pack, refusal_of};
use crate::clock;
use crate::control::{AccountView, FetchedView, IssuedForTest};
use crate::notice::MailView;
use crate::outcome::{Failure, Result};
use crate::random::{self, TEMPORARY_PASSWORD, identifier};
use crate::refusal;
use crate::secret::Secret;
use crate::store::SetAside;
use crate::store::record::{AccountRecord, CertificateRecord};
use crate::switches::Switches;

/// The operator of the mock.
#[derive(Debug)]
pub struct Operator<'r> {
    pub(super) turn: Turn<'r>,
}

impl Operator<'_> {
    /// Replaces the switches.
    ///
    /// # Errors
    /// The store fails.
    pub async fn set_switches(self, switches: Switches) -> Result<()> {
        let json =
            serde_json::to_string(&switches).map_err(|error| Failure::Task(error.to_string()))?;
        self.turn.shared.store.keep_setting(&setting(SWITCHES, json)).await?;
        self.turn.shared.switches.store(Arc::new(switches));
        Ok(())
    }

    /// Every office with its account, by number.
    ///
    /// # Errors
    /// The store fails.
    pub async fn accounts(self) -> Result<Vec<AccountView>> {
        let shared = self.turn.shared;
        let now = shared.clock.now();
        let switches = shared.switches.load_full();
        let directory = shared.directory.load_full();
        let accounts = shared.store.accounts().await?;
        let certificates = shared.store.certificates().await?;
        let mut views = Vec::new();
        for office in directory.all() {
            let number = office.number.to_string();
            let account = accounts.iter().find(|account| account.office == number);
            let own = certificates.iter().rev().filter(|record| record.office == number);
            views.push(AccountView {
                name: office.name.clone(),
                service_kinds: office.service_kinds.clone(),
                kj_id: account.map(|account| account.kj_id.clone()),
                kj_password: account.and_then(|account| account.known_password.clone()),
                temporary: account.is_some_and(|account| account.password_hash.is_none()),
                reissued: account.is_some_and(|account| {
                    account.password_hash.is_none()
                        && account.known_password != Some(first_password(shared.seed(), account))
                }),
                password_expires_at: account.and_then(|account| account.password_expires_at),
                locked_until: account
                    .and_then(|account| account.locked_until)
                    .filter(|until| now < *until),
                c_id: account.map(|account| account.c_id.clone()),
                c_password: account.map(|account| account.c_password.clone()),
                certificate_password: account.map(|account| account.certificate_password.clone()),
                licence: office.panel_on(clock::date_of(now), &switches),
                certificates: own.map(|record| CertificateView::of(record, now)).collect(),
                office: number,
            });
        }
        Ok(views)
    }

    /// The mails of one office, or of all, the newest first.
    ///
    /// # Errors
    /// The store fails.
    pub async fn mailbox(self, office: Option<&str>) -> Result<Vec<MailView>> {
        let now = self.turn.shared.clock.now();
        let mails = self.turn.shared.store.mails(office).await?;
        // What is held over night has not been sent yet.
        Ok(mails.into_iter().filter(|mail| mail.sent_at <= now).map(Into::into).collect())
    }

    /// Everything that fell due and could not be done.
    ///
    /// # Errors
    /// The store fails.
    pub async fn set_aside(self) -> Result<Vec<SetAside>> {
        Ok(self.turn.shared.store.set_aside().await?)
    }

    /// Tries a step that was set aside again, at once; what is set aside then.
    ///
    /// # Errors
    /// The store fails.
    pub async fn retry_step(self, id: &str) -> Result<Vec<SetAside>> {
        let shared = self.turn.shared;
        if shared.store.take_due_up(id).await? {
            shared.next_due.store(i64::MIN, Ordering::SeqCst);
            self.turn.settle().await?;
        }
        Ok(shared.store.set_aside().await?)
    }

    /// Removes a step that was set aside: it will never be done. What is set aside then.
    ///
    /// # Errors
    /// The store fails.
    pub async fn drop_step(self, id: &str) -> Result<Vec<SetAside>> {
        self.turn.shared.store.drop_set_aside(id).await?;
        Ok(self.turn.shared.store.set_aside().await?)
    }

    /// Issues a certificate to an office at once, without an application: a good one, or one that
    /// is wrong on purpose ([`Wrong`]). Its password is the given one, else the office's
    /// 証明書発行用パスワード.
    ///
    /// # Errors
    /// `office-unknown`; [`Failure::UnknownWrong`].
    pub async fn issue_for_test(
        self,
        office: &str,
        wrong: Option<&str>,
        password: Option<&Secret>,
    ) -> Result<IssuedForTest> {
        let shared = self.turn.shared;
        let wrong = match wrong {
            Some(id) => {
                Some(Wrong::from_id(id).ok_or_else(|| Failure::UnknownWrong(id.to_owned()))?)
            }
            None => None,
        };
        let directory = shared.directory.load_full();
        let office = directory.find_text(office).ok_or(&refusal::OFFICE_UNKNOWN)?;
        let number = office.number;
        let other = directory.all().into_iter().map(|office| office.number);
        let other = other.into_iter().find(|other| *other != number).unwrap_or(number);
        let accounts = shared.store.accounts().await?;
        let account = accounts.into_iter().find(|account| account.office == number.as_str());
        let password = match (password, &account) {
            (Some(password), _) => password.clone(),
            (None, Some(account)) => account.certificate_password.clone(),
            (None, None) => return Err((&refusal::ACCOUNT_UNKNOWN).into()),
        };
        let now = shared.clock.now();
        let issued = self.make_for_test(wrong, number, other, now, password.clone()).await?;
        let (issued, p12) = issued;
        let mut p12 = Bytes::from(p12);
        if shared.switches.load().p12_for_older_systems {
            p12 = for_older_systems(p12, password.clone()).await?;
        }
        let facts = CertificateFacts::from_der(&issued.certificate)
            .map_err(|error| Failure::Issue(error.to_string()))?;
        // The serial number of another authority says nothing here.
        let own_serial = (wrong != Some(Wrong::OtherRoot)).then(|| issued.serial.to_string());
        let file_name = package::file_name(now, issued.serial);
        let record = CertificateRecord {
            id: identifier(now.as_millisecond())?,
            office: number.to_string(),
            kj_id: account.map(|account| account.kj_id).unwrap_or_default(),
            kind: facts.common_name.clone().unwrap_or_default(),
            applied_at: now,
            starts_at: None,
            issued_at: Some(now),
            serial: own_serial,
            fingerprint: Some(fingerprint(&issued)?),
            not_before: Some(facts.not_before),
            not_after: Some(facts.not_after),
            file_name: Some(file_name.clone()),
            p12_sha256: None,
            withdrawn_at: Some(now),
            revoked_at: wrong.filter(|wrong| wrong.needs_revocation()).map(|_| now),
            wrong: Some(wrong.map_or("none", Wrong::id).to_owned()),
        };
        shared.store.add_certificate(&record).await?;
        if record.revoked_at.is_some() {
            shared.read_revocations().await?;
        }
        Ok(IssuedForTest {
            file_name,
            p12,
            password,
            serial: issued.serial.to_string(),
            subject: facts.subject,
            issuer: facts.issuer,
            not_before: facts.not_before,
            not_after: facts.not_after,
            wrong: wrong.map(|wrong| wrong.id().to_owned()),
            refusal: wrong.map(|wrong| refusal_of(wrong.cause()).code),
        })
    }

    async fn make_for_test(
        &self,
        wrong: Option<Wrong>,
        office: OfficeNumber,
        other: OfficeNumber,
        now: Timestamp,
        password: Secret,
    ) -> Result<(Issued, Vec<u8>)> {
        let Some(wrong) = wrong else {
            let request = Request::new(office, Kind::CarePlanJigyousho, now);
            return self.turn.make(Request { key: KeyKind::default(), ..request }, password).await;
        };
        let authority = Arc::clone(&self.turn.shared.trust.load().authority);
        let made = in_background(move || {
            let issued = authority
                .issue_wrong(wrong, office, other, now)
                .map_err(|error| Failure::Issue(error.to_string()))?;
            let p12 = pack(&issued, &password)?;
            Ok::<_, Failure>((issued, p12))
        });
        Ok(made.await??)
    }

    /// What was fetched last, the latest first.
    ///
    /// # Errors
    /// The store fails.
    pub async fn fetched_last(self) -> Result<Vec<FetchedView>> {
        let records = self.turn.shared.store.claimed_last().await?;
        Ok(records.into_iter().filter_map(FetchedView::of).collect())
    }

    /// Releases a claim: nobody has fetched the message, and it can be fetched again. The token of
    /// the claim opens nothing any more, and its key gets a new one. A message that nobody has
    /// fetched stays as it is. The real system is not known to have this (relay.md §9 item 12,
    /// Assumed).
    ///
    /// # Errors
    /// `message-unknown`.
    pub async fn release_claim(self, id: &str) -> Result<()> {
        let shared = self.turn.shared;
        let released = shared.store.release_claim(id).await;
        match shared.pages.behind(released)? {
            Some(record) => shared.pages.forget(&[&record.receiver, &record.sender]),
            None if shared.store.is_message(id).await? => {}
            None => return Err((&refusal::MESSAGE_UNKNOWN).into()),
        }
        Ok(())
    }

    /// Revokes a certificate by its serial number. From now on it is refused everywhere; the
    /// revocation list says so too (relay.md §9 item 11, Assumed).
    ///
    /// # Errors
    /// `certificate-unknown`.
    pub async fn revoke(self, serial: &str) -> Result<()> {
        let shared = self.turn.shared;
        let serial = serial.trim_start_matches('0');
        let revoked = shared.store.revoke_certificate(serial, shared.clock.now()).await?;
        revoked.ok_or(&refusal::CERTIFICATE_UNKNOWN)?;
        shared.read_revocations().await
    }
}

/// The temporary password of the letter an office gets first.
pub(super) fn first_password(seed: u64, account: &AccountRecord) -> Secret {
    random::password(seed, TEMPORARY_PASSWORD, &account.kj_id)
}

impl Shared {
    async fn read_revocations(&self) -> Result<()> {
        let filled = self.fill_revocations().await;
        self.followed(filled)
    }

    async fn fill_revocations(&self) -> Result<()> {
        let certificates = self.store.certificates().await?;
        let trust = self.trust.load().revoking(&certificates, self.clock.now())?;
        self.trust.store(Arc::new(trust));
        self.authority_changes.send_modify(|count| *count += 1);
        Ok(())
    }
}
