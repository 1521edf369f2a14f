//! What the relay's lists say about the vendor's offices, written down.

use std::collections::BTreeMap;

use careplan_rehearsal::relay_evidence::{Direction, EvidenceFile, RelayEvidence, SCHEMA};
use careplan_relay::Relay;
use careplan_relay::login::Caller;
use careplan_relay::message::ManifestFile;
use careplan_relay::store::{ListQuery, Sort};
use careplan_spec::office_number::OfficeNumber;
use careplan_spec::tokyo;
use jiff::Timestamp;

use super::RehearseError;
use super::evidence::Evidence;
use super::folder::Folder;

/// Looks at the lists of the vendor's offices.
pub(super) struct Observer {
    relay: Relay,
    folder: Folder,
    evidence: Evidence,
}

/// The lists of an office, as itself.
pub(super) fn as_office(office: OfficeNumber) -> Caller {
    let kj_id = format!("KJ{}{office}", &office.as_str()[..2]);
    Caller { office, kj_id, fingerprint: [0; 32] }
}

impl Observer {
    pub(super) fn new(relay: Relay, folder: Folder, evidence: Evidence) -> Self {
        Self { relay, folder, evidence }
    }

    /// Writes down what is new, in the order in which it happened.
    pub(super) async fn look(
        &mut self,
        mut tell: impl FnMut(&RelayEvidence),
    ) -> Result<(), RehearseError> {
        let mut fresh: Vec<(Timestamp, RelayEvidence)> = Vec::new();
        for office in self.folder.numbers() {
            self.sent_by(office, &mut fresh).await?;
            self.fetched_by(office, &mut fresh).await?;
        }
        if fresh.is_empty() {
            return Ok(());
        }
        fresh.sort_by(|(a, one), (b, other)| (a, &one.message).cmp(&(b, &other.message)));
        let exports = self.folder.exports();
        for (_, mut evidence) in fresh {
            evidence.item = self.item_of(&evidence, &exports);
            self.evidence.add(&evidence)?;
            tell(&evidence);
        }
        Ok(())
    }

    async fn sent_by(
        &self,
        office: OfficeNumber,
        fresh: &mut Vec<(Timestamp, RelayEvidence)>,
    ) -> Result<(), RehearseError> {
        let caller = as_office(office);
        for page in 1.. {
            let query = query(page, None);
            let rows = self.relay.turn().await?.exchange().outbox(&caller, &query).await?;
            for row in &rows.items {
                if self.evidence.knows(Direction::Sent, &row.id) {
                    continue;
                }
                let detail =
                    self.relay.turn().await?.exchange().outbox_item(&caller, &row.id).await?;
                let files = &detail.manifest_files;
                let one =
                    evidence(Direction::Sent, row.sent_at, office, &row.to.number, &row.id, files);
                fresh.push((row.sent_at, one));
            }
            if u64::from(rows.page) * u64::from(rows.per_page) >= rows.total {
                break;
            }
        }
        Ok(())
    }

    async fn fetched_by(
        &self,
        office: OfficeNumber,
        fresh: &mut Vec<(Timestamp, RelayEvidence)>,
    ) -> Result<(), RehearseError> {
        let caller = as_office(office);
        for page in 1.. {
            let rows = self
                .relay
                .turn()
                .await?
                .exchange()
                .inbox(&caller, &query(page, Some(true)))
                .await?;
            for row in &rows.items {
                let Some(at) = row.fetched_at else { continue };
                if self.evidence.knows(Direction::Fetched, &row.id) {
                    continue;
                }
                let detail =
                    self.relay.turn().await?.exchange().inbox_item(&caller, &row.id).await?;
                let files = &detail.manifest_files;
                let one =
                    evidence(Direction::Fetched, at, office, &row.from.number, &row.id, files);
                fresh.push((at, one));
            }
            if u64::from(rows.page) * u64::from(rows.per_page) >= rows.total {
                break;
            }
        }
        Ok(())
    }

    /// The item whose files these are: of the kit when they were fetched, of the exports when they
    /// were sent.
    fn item_of(
        &self,
        evidence: &RelayEvidence,
        exports: &BTreeMap<(String, String), String>,
    ) -> Option<String> {
        let files = evidence.files.iter();
        let marks: Vec<_> = files.map(|file| (file.name.clone(), file.sha256.clone())).collect();
        match evidence.direction {
            Direction::Fetched => {
                let whole = marks.iter().cloned().collect();
                let mut messages = self.folder.messages().iter();
                messages.find(|message| message.mark() == whole).map(|message| message.item.clone())
            }
            Direction::Sent => marks.iter().find_map(|mark| exports.get(mark).cloned()),
        }
    }
}

fn query(page: u32, fetched: Option<bool>) -> ListQuery {
    // More rows than a page may have are as many as it may have.
    ListQuery { page, per_page: u32::MAX, sort: Sort::OldestFirst, fetched, ..ListQuery::default() }
}

fn evidence(
    direction: Direction,
    at: Timestamp,
    office: OfficeNumber,
    partner: &str,
    message: &str,
    files: &[ManifestFile],
) -> RelayEvidence {
    let files = files.iter().map(|file| EvidenceFile {
        name: file.name.clone(),
        sha256: file.sha256.to_ascii_lowercase(),
        bytes: file.size,
    });
    let japan = tokyo::zoned(at);
    RelayEvidence {
        schema: SCHEMA.to_owned(),
        at: japan.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        direction,
        item: None,
        office: office.to_string(),
        partner: partner.to_owned(),
        message: message.to_owned(),
        files: files.collect(),
    }
}
