//! Taking a message.

use super::exchange::Exchange;
use crate::background::in_background;
use crate::clock;
use crate::login::Caller;
use crate::message::{Destination, SendRequest, Sent};
use crate::outcome::{Failure, Result};
use crate::refusal;
use crate::sending::{Standing, digest_of, judge, parse_manifest, read_manifest, within_limits};
use crate::store::Accepted;
use crate::store::record::MessageRecord;

impl Exchange<'_> {
    /// Takes a message: limits, manifest, signature, names, combination, content (relay.md §2,
    /// §3 E1 – E3). When it returns, the message is kept. The same key with the same content again
    /// is the same message, whatever has become of licence, limits and certificate since: nothing
    /// new is asked of us (ours, Assumed).
    ///
    /// # Errors
    /// Every refusal about sending.
    pub async fn send(self, caller: &Caller, request: SendRequest) -> Result<Sent> {
        let shared = self.turn.shared;
        if !is_key(&request.key) {
            return Err((&refusal::IDEMPOTENCY_KEY_MALFORMED).into());
        }
        let before = shared.store.find_by_key(caller.office.as_str(), &request.key).await?;
        if let Some(before) = before {
            return repeated(before, &digest_of(&parse_manifest(&request.manifest)?));
        }
        let standing = Standing {
            office: caller.office,
            now: shared.clock.now(),
            switches: shared.switches.load_full(),
            directory: shared.directory.load_full(),
            judge: shared.trust.load().judge.clone(),
        };
        let sender = standing.directory.find(&standing.office).ok_or(&refusal::OFFICE_UNKNOWN)?;
        let today = clock::date_of(standing.now);
        if !standing.switches.send_unlicensed && !sender.may_use_on(today, &standing.switches) {
            return Err((&refusal::LICENCE_NEEDED).into());
        }
        within_limits(&request.files, &standing.switches)?;
        let manifest = read_manifest(&request.manifest, &standing)?;
        let judged = {
            let _place = shared
                .checking
                .acquire()
                .await
                .map_err(|error| Failure::Task(error.to_string()))?;
            in_background(move || judge(&standing, manifest, request)).await??
        };
        let record = judged.record;
        let accepted = shared.store.accept(&record, judged.archive).await;
        match shared.pages.behind(accepted)? {
            Accepted::New => {
                shared.pages.forget(&[&record.receiver, &record.sender]);
                Ok(sent(record, false))
            }
            Accepted::Before(before) => repeated(*before, &record.digest),
        }
    }
}

pub(super) fn is_key(key: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    (1..=64).contains(&key.len()) && key.bytes().all(plain)
}

/// The answer to a key that was used before.
fn repeated(before: MessageRecord, digest: &str) -> Result<Sent> {
    if before.digest != digest {
        return Err((&refusal::IDEMPOTENCY_KEY_REUSED).into());
    }
    Ok(sent(before, true))
}

fn sent(record: MessageRecord, repeated: bool) -> Sent {
    Sent {
        id: record.id,
        sent_at: record.sent_at,
        to: Destination {
            number: record.receiver,
            name: record.receiver_name,
            service_kinds: record
                .receiver_kinds
                .split(' ')
                .filter(|kind| !kind.is_empty())
                .map(str::to_owned)
                .collect(),
        },
        files: record.file_count,
        bytes: record.bytes,
        repeated,
    }
}
