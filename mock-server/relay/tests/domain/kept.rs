//! Folders and saved states of every version there was: `tests/kept`.

use std::fs::{self, File};
use std::io::Cursor;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use careplan_certs::{Installed, package};
use careplan_relay::Settings;
use careplan_relay::clock::Clock;
use careplan_relay::licence::LicenceState;
use careplan_relay::saved_state::SavedState;
use careplan_relay::store::{ListQuery, StoreLocation};
use serde_json::Value;

use super::beginnings::{KJ_PASSWORD, newcomers};
use super::support::{NOW, Region, at, presented, refused, secret, sha256};

/// What was written by one version.
struct Kept {
    folder: PathBuf,
    facts: Value,
}

fn kept() -> Vec<Kept> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kept");
    let mut found: Vec<Kept> = fs::read_dir(all)
        .expect("they are in the repository")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .map(|folder| {
            let facts = fs::read(folder.join("facts.json")).expect("what a user saw");
            Kept { facts: serde_json::from_slice(&facts).expect("JSON"), folder }
        })
        .collect();
    found.sort_by_key(|kept| {
        let name = kept.folder.file_name().expect("a name").to_string_lossy();
        name.parse::<u32>().expect("the number of a version")
    });
    assert!(!found.is_empty());
    found
}

impl Kept {
    fn text(&self, pointer: &str) -> &str {
        let found = self.facts.pointer(pointer).and_then(Value::as_str);
        found.unwrap_or_else(|| panic!("{pointer} of {}", self.folder.display()))
    }

    fn installed(&self, whose: &str) -> Installed {
        let p12 = BASE64_STANDARD.decode(self.text(&format!("/{whose}/p12"))).expect("base64");
        package::open(&p12, self.text("/p12_password")).expect("it opens")
    }

    /// Everything a user sees through it, from a region that holds it.
    async fn is_seen_through(&self, region: &Region) {
        let relay = &region.relay;
        assert_eq!(relay.origin().name, self.text("/scenario"));
        assert_eq!(relay.clock().now(), at(self.text("/now")));
        let switches = relay.switches();
        for (key, value) in self.facts["switches"].as_object().expect("switches") {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            assert_eq!(switches.show(key), Some(value), "{key}");
        }
        assert_eq!(switches.lock_minutes, 30, "what was not turned is as ever");

        // Logins of before count, and new ones can be made.
        let (sender, receiver) = (self.installed("sender"), self.installed("receiver"));
        let card = presented(&receiver);
        let receiving = relay.caller(&secret(self.text("/receiver/access_token")), Some(&card));
        let receiving = receiving.expect("the login of before");
        let numbers = (self.text("/sender/office"), self.text("/receiver/office"));
        region.login_with(numbers.0, &sender).await.expect("the sender logs in");
        let revoked = self.installed("revoked");
        refused(region.login_with(numbers.0, &revoked).await, "certificate-revoked");
        let locked = self.text("/locked/kj_id");
        let doors = region.turn().await.doors();
        refused(doors.portal(locked, &secret(KJ_PASSWORD)).await, "user-locked");
        let changed = self.text("/changed/kj_id");
        let doors = region.turn().await.doors();
        refused(doors.portal(changed, &secret(KJ_PASSWORD)).await, "user-or-password-wrong");
        let doors = region.turn().await.doors();
        let chosen = secret(self.text("/changed/password"));
        doors.portal(changed, &chosen).await.expect("the password the user chose");
        let desk = region.portal(numbers.1).await;
        let password = region.turn().await.certificates().password(&desk).await.expect("it");
        assert_eq!(password.reveal(), self.text("/receiver/certificate_password"));

        // Notices, mails, certificates, licences.
        let notices = region.turn().await.account().notices(&desk).await.expect("listed");
        let read = notices.iter().find(|row| row.id == self.text("/receiver/read_notice"));
        assert!(!read.expect("it is there").unread);
        assert!(notices.iter().any(|row| row.unread));
        let mails = region.turn().await.operator().mailbox(Some(numbers.1)).await.expect("them");
        let address = self.text("/receiver/mail_notice");
        assert!(mails.iter().any(|mail| mail.to == address));
        let accounts = region.turn().await.operator().accounts().await.expect("listed");
        let of = |number: &str| accounts.iter().find(|row| row.office == number).expect("it");
        let states: Vec<String> =
            of(numbers.0).certificates.iter().map(|own| format!("{:?}", own.state)).collect();
        assert!(states.contains(&"Pending".to_owned()), "{states:?}");
        assert!(states.contains(&"Revoked".to_owned()), "{states:?}");
        let applied = self.text("/applied_for_licence");
        assert_eq!(of(applied).licence.state, LicenceState::Applied);
        assert_eq!(of(numbers.0).licence.auto_renewal, Some(false));

        // Messages: the claimed one goes on, the confirmed one is gone, the other is fetched once.
        let right = secret(self.text("/claimed/token"));
        let exchange = region.turn().await.exchange();
        let bytes = exchange.download(&receiving, &right).await.expect("it goes on").bytes;
        assert_eq!(sha256(&bytes), self.text("/claimed/sha256"));
        for fetched in ["/claimed/id", "/confirmed"] {
            let exchange = region.turn().await.exchange();
            let again = exchange.claim(&receiving, self.text(fetched), None).await;
            refused(again, "already-fetched");
        }
        if self.facts.get("keyed").is_some() {
            let (id, key) = (self.text("/keyed/id"), self.text("/keyed/key"));
            let claim = async |key| region.turn().await.exchange().claim(&receiving, id, key).await;
            let again = claim(Some(key)).await.expect("its answer was lost");
            assert_eq!(again.download_token.reveal(), self.text("/keyed/token"));
            assert_eq!(again.sha256, self.text("/keyed/sha256"));
            let exchange = region.turn().await.exchange();
            let bytes = exchange.download(&receiving, &again.download_token).await;
            assert_eq!(sha256(&bytes.expect("it goes on").bytes), again.sha256);
            refused(claim(Some("another")).await, "already-fetched");
            refused(claim(None).await, "already-fetched");
        }
        let unfetched = self.text("/unfetched");
        let exchange = region.turn().await.exchange();
        exchange.claim(&receiving, unfetched, None).await.expect("for the first time");
        let exchange = region.turn().await.exchange();
        refused(exchange.claim(&receiving, unfetched, None).await, "already-fetched");
        let page = ListQuery { per_page: 50, ..ListQuery::default() };
        let inbox = region.turn().await.exchange().inbox(&receiving, &page).await.expect("it");
        for id in ["/unfetched", "/claimed/id", "/confirmed"] {
            assert!(inbox.items.iter().any(|row| row.id == self.text(id)), "{id}");
        }
        let card = presented(&sender);
        let sending = relay.caller(&secret(self.text("/sender/access_token")), Some(&card));
        let sending = sending.expect("the login of before");
        let inbox = region.turn().await.exchange().inbox(&sending, &page).await.expect("it");
        assert!(inbox.items.iter().any(|row| row.id == self.text("/reply")));

        // Time goes on: what was applied for comes, and so does everything else.
        region.advance_minutes(60).await;
        let accounts = region.turn().await.operator().accounts().await.expect("listed");
        let sender = accounts.iter().find(|row| row.office == numbers.0).expect("it");
        assert!(sender.certificates.iter().all(|own| format!("{:?}", own.state) != "Pending"));
    }
}

#[tokio::test]
async fn a_folder_of_every_version_is_opened() {
    for kept in kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let packed = File::open(kept.folder.join("data.zip")).expect("it is kept");
        let mut packed = zip::ZipArchive::new(packed).expect("a ZIP");
        packed.extract(folder.path()).expect("it can be unpacked");
        let place = StoreLocation::Directory { path: folder.path().to_owned(), full_sync: false };
        let settings = Settings { clock: Clock::frozen_at(at(NOW)), ..Settings::default() };
        let region = Region::on(&place, settings, &newcomers(1)).await;
        kept.is_seen_through(&region).await;
    }
}

#[tokio::test]
async fn a_saved_state_of_every_version_is_loaded() {
    for kept in kept() {
        let archive = fs::read(kept.folder.join("state.zip")).expect("it is kept");
        let region = Region::ready().await;
        let saved = SavedState::of(&archive).await.expect("there is room");
        let strange = region.relay.load_state(saved).await.expect("it is read");
        assert_eq!(strange, [] as [String; 0]);
        kept.is_seen_through(&region).await;
    }
}

#[tokio::test]
async fn the_newest_version_is_kept_too() {
    let region = Region::ready().await;
    let saved = region.relay.save_state().await.expect("saved");
    let bytes = Cursor::new(saved.bytes().await.expect("read"));
    let mut zip = zip::ZipArchive::new(bytes).expect("a ZIP");
    let head = zip.by_name("state.json").expect("it says what it is");
    let head: Value = serde_json::from_reader(head).expect("JSON");
    let newest = kept().pop().expect("there is one");
    assert!(newest.facts.get("keyed").is_some(), "with a claim under a key");
    let newest = newest.folder.file_name().expect("a name").to_string_lossy().into_owned();
    assert_eq!(newest, head["version"].to_string(), "see tests/kept/README.md");
}
