//! Offices at their desks.

use super::beginnings::{C_PASSWORD, INSTALL_PASSWORD, KJ_PASSWORD, ready};
use bytes::Bytes;
use careplan_certs::{Installed, package, signature};
use careplan_fixtures::region::{Party, offices};
use careplan_relay::account::PortalCaller;
use careplan_relay::beginning::Beginning;
use careplan_relay::certificate::Presented;
use careplan_relay::clock::{Clock, Timing};
use careplan_relay::licence::{LicenceApplication, LicenceForm};
use careplan_relay::login::{Caller, Tokens};
use careplan_relay::message::{Manifest, ManifestFile, SendRequest, Sent, SentFile};
use careplan_relay::outcome::{Refusal, Result};
use careplan_relay::secret::Secret;
use careplan_relay::store::{Store, StoreLocation};
use careplan_relay::switches::Switches;
use careplan_relay::{ClockMove, Relay, Settings, Turn};
use careplan_spec::calendar::Month;
use careplan_spec::hex;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// A Saturday morning, 10:00 in Japan.
pub(crate) const NOW: &str = "2026-11-21T01:00:00Z";

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

pub(crate) fn secret(text: &str) -> Secret {
    text.into()
}

/// A relay whose clock stands still.
pub(crate) struct Region {
    pub(crate) relay: Relay,
}

impl Region {
    pub(crate) async fn ready() -> Self {
        Self::new(&ready(1), NOW, Timing::Instant).await
    }

    pub(crate) async fn new(beginning: &Beginning, now: &str, timing: Timing) -> Self {
        let settings = Settings { clock: Clock::frozen_at(at(now)), timing, ..Settings::default() };
        Self::on(&StoreLocation::Memory, settings, beginning).await
    }

    pub(crate) async fn on(
        place: &StoreLocation,
        settings: Settings,
        beginning: &Beginning,
    ) -> Self {
        let store = Store::open(place).await.expect("the store opens");
        let relay = Relay::open(store, settings, beginning).await.expect("the relay opens");
        Self { relay }
    }

    pub(crate) async fn turn(&self) -> Turn<'_> {
        self.relay.turn().await.expect("a turn")
    }

    /// Changes switches.
    pub(crate) async fn switch(&self, change: impl FnOnce(&mut Switches)) {
        let mut switches = (*self.relay.switches()).clone();
        change(&mut switches);
        self.turn().await.operator().set_switches(switches).await.expect("switches are kept");
    }

    pub(crate) async fn set_time(&self, to: &str) {
        self.relay.move_clock(ClockMove::Set(at(to))).await.expect("the clock moves");
    }

    pub(crate) async fn advance_minutes(&self, minutes: u64) {
        let by = std::time::Duration::from_secs(60 * minutes);
        self.relay.move_clock(ClockMove::Advance(by)).await.expect("the clock moves");
    }

    /// The office logged in on the sites, with the password it chose.
    pub(crate) async fn portal(&self, number: &str) -> PortalCaller {
        self.portal_with(number, KJ_PASSWORD).await
    }

    pub(crate) async fn portal_with(&self, number: &str, password: &str) -> PortalCaller {
        let login = self
            .turn()
            .await
            .doors()
            .portal(&kj(number), &secret(password))
            .await
            .expect("the password is right");
        self.turn()
            .await
            .doors()
            .portal_caller(&login.portal_token, login.must_change_password)
            .await
            .expect("the token is fresh")
    }

    /// A certificate of an office, installed: good, or wrong as named.
    pub(crate) async fn certificate(&self, number: &str, wrong: Option<&str>) -> Installed {
        let password = secret(INSTALL_PASSWORD);
        let issued = self
            .turn()
            .await
            .operator()
            .issue_for_test(number, wrong, Some(&password))
            .await
            .expect("it is issued");
        package::open(&issued.p12, INSTALL_PASSWORD).expect("it opens")
    }

    /// Both stages of the login of an office.
    pub(crate) async fn login_with(&self, number: &str, own: &Installed) -> Result<Tokens> {
        self.login_password(number, KJ_PASSWORD, Some(own)).await
    }

    pub(crate) async fn login_password(
        &self,
        number: &str,
        password: &str,
        own: Option<&Installed>,
    ) -> Result<Tokens> {
        let first = self.turn().await.doors().terminal(&c_id(number), &secret(C_PASSWORD)).await?;
        let presented = own.map(presented);
        self.turn()
            .await
            .doors()
            .office(&first.terminal_token, &kj(number), &secret(password), presented.as_ref())
            .await
    }

    /// An office that is logged in on the relay.
    pub(crate) async fn office(&self, number: &str) -> OfficeAtWork {
        let own = self.certificate(number, None).await;
        let login = self.login_with(number, &own).await.expect("it logs in");
        let caller = self
            .relay
            .caller(&login.access_token, Some(&presented(&own)))
            .expect("the token is fresh");
        OfficeAtWork { relay: self.relay.clone(), own, login, caller }
    }
}

/// An office that is logged in.
pub(crate) struct OfficeAtWork {
    pub(crate) relay: Relay,
    pub(crate) own: Installed,
    pub(crate) login: Tokens,
    pub(crate) caller: Caller,
}

impl OfficeAtWork {
    /// A signed message of these files.
    pub(crate) fn message(&self, key: &str, to: &str, files: Vec<SentFile>) -> SendRequest {
        self.message_as(key, &manifest(self.caller.office.as_str(), to, None, &files), files)
    }

    pub(crate) fn message_as(
        &self,
        key: &str,
        manifest: &Manifest,
        files: Vec<SentFile>,
    ) -> SendRequest {
        let bytes = serde_json::to_vec(manifest).expect("JSON");
        let signed =
            signature::sign(&bytes, &self.own, self.relay.clock().now()).expect("it signs");
        SendRequest {
            key: key.to_owned(),
            manifest: bytes.into(),
            signature: Some(signed.into()),
            files,
        }
    }

    /// Sends a unit of this month.
    pub(crate) async fn send(&self, key: &str, unit: &str, to: &str) -> Result<Sent> {
        let files = unit_files(unit, self.caller.office.as_str(), to);
        self.relay
            .turn()
            .await
            .expect("a turn")
            .exchange()
            .send(&self.caller, self.message(key, to, files))
            .await
    }
}

pub(crate) fn presented(own: &Installed) -> Presented {
    Presented::from_chain(own.chain()).expect("there is a certificate")
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(crate) fn manifest(from: &str, to: &str, text: Option<&str>, files: &[SentFile]) -> Manifest {
    Manifest {
        version: 1,
        from: from.to_owned(),
        to: to.to_owned(),
        created_at: at(NOW),
        text: text.map(str::to_owned),
        files: files
            .iter()
            .map(|file| ManifestFile {
                name: file.name.clone(),
                size: file.bytes.len() as u64,
                sha256: sha256(&file.bytes),
            })
            .collect(),
    }
}

/// The first office whose main service kind is this.
pub(crate) fn office_of(kind: &str) -> &'static str {
    offices()
        .iter()
        .find(|office| office.kinds[0] == kind)
        .expect("the region has one")
        .number
        .as_str()
}

pub(crate) fn planner() -> &'static str {
    office_of("43")
}

pub(crate) fn helper() -> &'static str {
    office_of("11")
}

/// An office from the end of the directory: 0 has no account, 1 never had a licence, the licence
/// of 2 has expired.
pub(crate) fn from_the_end(index: usize) -> &'static str {
    let all = offices();
    all[all.len() - 1 - index].number.as_str()
}

pub(crate) fn kj(number: &str) -> String {
    format!("KJ{}{number}", &number[..2])
}

pub(crate) fn c_id(number: &str) -> String {
    let index = offices().iter().position(|office| office.number.as_str() == number);
    format!("careplan@{:04}", index.expect("an office of the region") + 1)
}

/// The files of a unit between two offices, for October 2026.
pub(crate) fn unit_files(unit: &str, from: &str, to: &str) -> Vec<SentFile> {
    let year = if unit.starts_with("V3") { 2024 } else { 2026 };
    unit_files_for(unit, from, to, Month::new(year, 10).expect("a month"))
}

/// The same for a month.
pub(crate) fn unit_files_for(unit: &str, from: &str, to: &str, month: Month) -> Vec<SentFile> {
    let party = |number: &str| -> Party {
        let office = offices()
            .iter()
            .find(|office| office.number.as_str() == number)
            .expect("an office of the region");
        office.party(office.kinds[0]).expect("its own kind")
    };
    let request = careplan_fixtures::Request::new(unit, month).expect("a known unit");
    let request = careplan_fixtures::Request { from: party(from), to: party(to), ..request };
    careplan_fixtures::generate(&request)
        .expect("the request makes sense")
        .into_iter()
        .map(|file| SentFile { name: file.name, bytes: file.bytes.into() })
        .collect()
}

pub(crate) fn file(name: &str, bytes: &'static [u8]) -> SentFile {
    SentFile { name: name.to_owned(), bytes: Bytes::from_static(bytes) }
}

/// The refusal, which must have this code.
#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T>, code: &str) -> Refusal {
    let error = result.expect_err("it is refused");
    let refusal = error.refusal().unwrap_or_else(|| panic!("not a refusal: {error}")).clone();
    assert_eq!(refusal.kind.code, code, "{refusal}");
    refusal
}

pub(crate) fn application() -> LicenceApplication {
    LicenceApplication {
        form: LicenceForm {
            office_name: "いきいき通所みなと".to_owned(),
            representative: "計良　みどり".to_owned(),
            contact: "浜野　さゆり".to_owned(),
            phone: "0980001129".to_owned(),
            mail: "office@example.jp".to_owned(),
            mail_again: "office@example.jp".to_owned(),
        },
        accept_terms: true,
        accept_privacy: true,
    }
}
