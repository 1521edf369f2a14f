//! Where a check takes place: a server, and two offices logged in on its relay.

use std::sync::atomic::{AtomicU64, Ordering};

use careplan_tests::bed::{Answer, Bed};
use careplan_tests::office::Office;
use careplan_tests::unit::{File, files, office_from_the_end, office_of};
use serde_json::json;

/// A server and two offices that are logged in on its relay.
pub(crate) struct Scene {
    pub(crate) bed: Bed,
    /// 居宅介護支援: sends plans.
    pub(crate) planner: Office,
    /// 訪問介護: receives them.
    pub(crate) service: Office,
    next_key: AtomicU64,
}

/// A third licensed office; only its number is used.
pub(crate) fn third() -> &'static str {
    office_of("15")
}

/// An office that never had a licence.
pub(crate) fn unlicensed() -> &'static str {
    office_from_the_end(1)
}

impl Scene {
    /// Starts a server with these arguments.
    pub(crate) async fn start(arguments: &[&str]) -> Self {
        let bed = Bed::start(arguments);
        Self {
            planner: bed.office(office_of("43")).await,
            service: bed.office(office_of("11")).await,
            bed,
            next_key: AtomicU64::new(1),
        }
    }

    /// The state of the server.
    pub(crate) async fn save(&self) -> Vec<u8> {
        let state = self.bed.plain.get(self.bed.controls("/v1/controls/state"));
        self.bed.ask(state).await.is(200).bytes
    }

    /// Puts a state back.
    pub(crate) async fn restore(&self, state: Vec<u8>) {
        let put = self.bed.plain.put(self.bed.controls("/v1/controls/state")).body(state);
        let _ = self.bed.ask(put.header("content-type", "application/zip")).await.is(204);
    }

    /// An idempotency key nobody has used.
    pub(crate) fn key(&self) -> String {
        format!("key-{}", self.next_key.fetch_add(1, Ordering::Relaxed))
    }

    /// The files of a unit from the planner to the service office.
    pub(crate) fn files(&self, unit: &str) -> Vec<File> {
        files(unit, &self.planner.number, &self.service.number)
    }

    /// The planner sends files to the service office under a new key.
    pub(crate) async fn send(&self, files: &[File]) -> Answer {
        self.send_to(&self.service.number, files).await
    }

    /// The planner sends files under a new key.
    pub(crate) async fn send_to(&self, to: &str, files: &[File]) -> Answer {
        self.planner.post_form(&self.bed, &self.key(), self.planner.message(to, files)).await
    }

    /// A message that has arrived and nobody has fetched: its identifier.
    pub(crate) async fn waiting(&self) -> String {
        self.send(&self.files("K2")).await.is(201).text("id").to_owned()
    }

    /// The service office claims a message; the claim and the path of the download.
    pub(crate) async fn claimed(&self, id: &str) -> (Answer, String) {
        let claim = self.service.claim(&self.bed, id).await.is(200);
        let path = format!("/v1/downloads/{}", claim.text("download_token"));
        (claim, path)
    }

    /// An office confirms a download.
    pub(crate) async fn confirm(&self, office: &Office, path: &str, sha256: &str) -> Answer {
        let request = office.post(self.bed.relay(&format!("{path}/confirm")));
        self.bed.ask(request.json(&json!({ "sha256": sha256 }))).await
    }

    /// A new login of the planner, and its answer.
    pub(crate) async fn fresh(&self) -> (Office, Answer) {
        let planner = &self.planner;
        let login = self.bed.log_in(&planner.client, &planner.number).await.is(200);
        (Office { token: login.text("access_token").to_owned(), ..planner.clone() }, login)
    }
}
