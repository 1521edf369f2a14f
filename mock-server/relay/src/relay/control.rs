//! What the operator of the mock does.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use careplan_certs::{CertificateFacts, Issued, KeyKind, Kind, Request, Wrong, package};
use jiff::{SignedDuration, Timestamp};

use super::{CLOCK, Relay, SWITCHES, find_setting, fresh_state, origin_of, setting, settings};
use crate::beginning::{Beginning, Ground};
use crate::certificate::{CertificateView, fingerprint, pack, refusal_of};
use crate::clock;
use crate::control::{AccountView, AuthorityView, IssuedForTest};
use crate::notice::MailView;
use crate::outcome::{Failure, Result};
use crate::random::identifier;
use crate::refusal;
use crate::saved_state;
use crate::secret::Secret;
use crate::store::State;
use crate::store::record::CertificateRecord;
use crate::switches::Switches;
use crate::trust::{self, Trust};

/// A way to move the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockMove {
    /// To a time.
    Set(Timestamp),
    /// Ahead by so much.
    Advance(Duration),
    /// Stop it.
    Freeze,
    /// Let it run.
    Unfreeze,
}

/// How far apart two clocks may be for a server certificate of 820 days to suit both.
const SERVER_REACH: SignedDuration = SignedDuration::from_hours(24 * 800);

impl Relay {
    /// The authority and its current revocation list, from memory.
    pub fn authority(&self) -> Arc<AuthorityView> {
        Arc::clone(&self.shared.trust.load().view)
    }

    /// Issues a certificate for a TLS server of the mock. Most who connect go by the machine's
    /// clock, so it is valid by that one, and by ours as well where the two are near each other.
    ///
    /// # Errors
    /// A name is no host name.
    pub fn issue_server(
        &self,
        names: &[&str],
        addresses: &[IpAddr],
    ) -> std::result::Result<Issued, Failure> {
        let trust = self.shared.trust.load();
        let (real, ours) = (Timestamp::now(), self.shared.clock.now());
        let apart = ours.duration_since(real).abs();
        let now = if apart < SERVER_REACH { real.min(ours) } else { real };
        trust
            .authority
            .issue_server(names, addresses, now)
            .map_err(|error| Failure::Issue(error.to_string()))
    }

    /// Replaces the switches.
    ///
    /// # Errors
    /// The store fails.
    pub async fn set_switches(&self, switches: Switches) -> Result<()> {
        let _turn = self.turn().await?;
        let json =
            serde_json::to_string(&switches).map_err(|error| Failure::Task(error.to_string()))?;
        self.shared.store.keep_setting(&setting(SWITCHES, json)).await?;
        self.shared.switches.store(Arc::new(switches));
        self.shared.pages.forget_all();
        Ok(())
    }

    /// Moves the clock, and does everything that has fallen due on the way, in order.
    ///
    /// # Errors
    /// The store fails.
    pub async fn move_clock(&self, how: ClockMove) -> Result<()> {
        let clock = &self.shared.clock;
        match how {
            ClockMove::Set(to) => clock.set(to),
            ClockMove::Advance(by) => clock.advance(by),
            ClockMove::Freeze => clock.freeze(),
            ClockMove::Unfreeze => clock.unfreeze(),
        }
        self.settle().await
    }

    /// Does everything that has fallen due, in order, and keeps how the time runs. Call it after
    /// moving the clock by yourself; operations do the former too.
    ///
    /// # Errors
    /// The store fails.
    pub async fn settle(&self) -> Result<()> {
        let _turn = self.turn().await?;
        let json = serde_json::to_string(&self.shared.clock.course())
            .map_err(|error| Failure::Task(error.to_string()))?;
        self.shared.store.keep_setting(&setting(CLOCK, json)).await?;
        Ok(())
    }

    /// Every office with its account, by number.
    ///
    /// # Errors
    /// The store fails.
    pub async fn accounts(&self) -> Result<Vec<AccountView>> {
        let _turn = self.turn().await?;
        let shared = &self.shared;
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

    /// Begins again: replaces everything; the authority, the clock and the switches stay.
    ///
    /// # Errors
    /// The state cannot be made; the store fails.
    pub async fn begin(&self, beginning: &Beginning) -> Result<()> {
        let shared = &self.shared;
        let _alone = shared.whole.write().await;
        let authority = Arc::clone(&shared.trust.load().authority);
        let switches = shared.switches.load_full();
        let state = fresh_state(&authority, beginning, &switches, &shared.clock).await?;
        shared.store.replace(&state).await?;
        self.set_origin(beginning.origin.clone());
        Ok(self.read_everything().await?)
    }

    /// Changes the whole state at once, while nobody else does anything. `change` says whether it
    /// changed anything.
    ///
    /// # Errors
    /// The store fails; what `change` runs into.
    pub async fn rework(
        &self,
        change: impl FnOnce(&mut State, &Ground) -> std::result::Result<bool, Failure> + Send + 'static,
    ) -> Result<()> {
        let shared = &self.shared;
        let _alone = shared.whole.write().await;
        let mut state = shared.store.export().await?;
        let authority = Arc::clone(&shared.trust.load().authority);
        let switches = shared.switches.load_full();
        let origin = self.origin();
        let ground = Ground {
            authority: Arc::clone(&authority),
            switches: Arc::clone(&switches),
            seed: origin.seed,
            now: shared.clock.now(),
        };
        let task = tokio::task::spawn_blocking(move || {
            change(&mut state, &ground).map(|changed| (state, changed))
        });
        let (mut state, changed) =
            task.await.map_err(|error| Failure::Task(error.to_string()))??;
        if !changed {
            return Ok(());
        }
        state.settings = settings(&authority, &origin, &switches, &shared.clock)?;
        shared.store.replace(&state).await?;
        Ok(self.read_everything().await?)
    }

    /// The whole state as one archive (ZIP), keys included.
    ///
    /// # Errors
    /// The store fails.
    pub async fn save_state(&self) -> Result<Bytes> {
        self.settle_now().await?;
        let shared = &self.shared;
        let _alone = shared.whole.write().await;
        let mut state = shared.store.export().await?;
        let authority = Arc::clone(&shared.trust.load().authority);
        let switches = shared.switches.load_full();
        state.settings = settings(&authority, &self.origin(), &switches, &shared.clock)?;
        let archive = tokio::task::spawn_blocking(move || saved_state::write(&mut state));
        let archive = archive.await.map_err(|error| Failure::Task(error.to_string()))??;
        Ok(archive.into())
    }

    /// Replaces everything by a saved state: accounts, messages, authority, clock and switches.
    ///
    /// # Errors
    /// [`Failure::SavedState`] where the archive cannot be read; nothing changes then.
    pub async fn load_state(&self, archive: Bytes) -> Result<()> {
        let shared = &self.shared;
        let state = tokio::task::spawn_blocking(move || saved_state::parse(&archive));
        let state = state.await.map_err(|error| Failure::Task(error.to_string()))??;
        let missing = |name: &str| Failure::SavedState(format!("the setting {name} is missing"));
        let unreadable = |error: serde_json::Error| Failure::SavedState(error.to_string());
        let find = |name: &str| find_setting(&state.settings, name).ok_or_else(|| missing(name));
        let authority = trust::from_setting(find(trust::AUTHORITY)?, &state.certificates)
            .map_err(|error| Failure::SavedState(error.to_string()))?;
        let switches: Switches =
            serde_json::from_str(find(SWITCHES)?.value.reveal()).map_err(unreadable)?;
        let time: clock::Course =
            serde_json::from_str(find(CLOCK)?.value.reveal()).map_err(unreadable)?;
        let trust = Trust::new(Arc::new(authority), &state.certificates, shared.clock.now())
            .map_err(|error| Failure::SavedState(error.to_string()))?;
        let _alone = shared.whole.write().await;
        shared
            .store
            .replace(&state)
            .await
            .map_err(|error| Failure::SavedState(error.to_string()))?;
        shared.clock.restore(time);
        shared.switches.store(Arc::new(switches));
        self.set_origin(origin_of(&state.settings));
        shared.trust.store(Arc::new(trust));
        Ok(self.read_everything().await?)
    }

    /// The mails of one office, or of all, the newest first.
    ///
    /// # Errors
    /// The store fails.
    pub async fn mailbox(&self, office: Option<&str>) -> Result<Vec<MailView>> {
        let _turn = self.turn().await?;
        let mails = self.shared.store.mails(office).await?;
        Ok(mails.into_iter().map(Into::into).collect())
    }

    /// Issues a certificate to an office at once, without an application: a good one, or one that
    /// is wrong on purpose ([`Wrong`]). Its password is the given one, else the office's
    /// 証明書発行用パスワード.
    ///
    /// # Errors
    /// `office-unknown`; [`Failure::UnknownWrong`].
    pub async fn issue_for_test(
        &self,
        office: &str,
        wrong: Option<&str>,
        password: Option<&Secret>,
    ) -> Result<IssuedForTest> {
        let _turn = self.turn().await?;
        let shared = &self.shared;
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
            self.read_revocations().await?;
        }
        Ok(IssuedForTest {
            file_name,
            p12: p12.into(),
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
        office: careplan_spec::office_number::OfficeNumber,
        other: careplan_spec::office_number::OfficeNumber,
        now: Timestamp,
        password: Secret,
    ) -> Result<(Issued, Vec<u8>)> {
        let Some(wrong) = wrong else {
            let request = Request::new(office, Kind::CarePlanJigyousho, now);
            return self.make(Request { key: KeyKind::default(), ..request }, password).await;
        };
        let authority = Arc::clone(&self.shared.trust.load().authority);
        let made = tokio::task::spawn_blocking(move || {
            let issued = authority
                .issue_wrong(wrong, office, other, now)
                .map_err(|error| Failure::Issue(error.to_string()))?;
            let p12 = pack(&issued, &password)?;
            Ok::<_, Failure>((issued, p12))
        });
        Ok(made.await.map_err(|error| Failure::Task(error.to_string()))??)
    }

    /// Revokes a certificate by its serial number. From now on it is refused everywhere; the
    /// revocation list says so too (relay.md §9 item 11, Assumed).
    ///
    /// # Errors
    /// `certificate-unknown`.
    pub async fn revoke(&self, serial: &str) -> Result<()> {
        let _turn = self.turn().await?;
        let shared = &self.shared;
        let serial = serial.trim_start_matches('0');
        let revoked = shared.store.revoke_certificate(serial, shared.clock.now()).await?;
        revoked.ok_or(&refusal::CERTIFICATE_UNKNOWN)?;
        self.read_revocations().await
    }

    async fn read_revocations(&self) -> Result<()> {
        let shared = &self.shared;
        let certificates = shared.store.certificates().await?;
        let trust = shared.trust.load().revoking(&certificates, shared.clock.now())?;
        shared.trust.store(Arc::new(trust));
        shared.authority_changes.send_modify(|count| *count += 1);
        Ok(())
    }
}
