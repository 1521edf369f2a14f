//! Sending: the manifest, its signature, and an attempt that can be made again without harm.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use careplan_certs::signature;
use careplan_spec::hex;
use futures_util::stream;
use reqwest::Body;
use reqwest::multipart::{Form, Part};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use crate::apart::in_background;
use crate::certificate::CertificateError;
use crate::client::Client;
use crate::connection::{Call, Fault, Payload, Repeat};
use crate::error::{Cause, Error, ErrorKind};
use crate::local_check::{self, LocalCheck};
use crate::outgoing::{Message, MessageError, OutgoingFile};
use crate::progress::{Event, Progress};
use crate::shape::shapes;
use crate::wire::{Manifest, ManifestFile, Sent};

/// Slowest line a send is given time for, in bytes a second.
const SLOWEST_LINE: u64 = 50_000;

/// Whether the local check decides about sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Check {
    /// What the relay would refuse is not sent.
    #[default]
    Enforce,
    /// Sent as it is: for those who want to see the relay refuse.
    Skip,
}

/// One attempt to send a message: its key, and the manifest and signature made for it. Kept until
/// its ending is known, and used again unchanged: under one key the relay takes a message once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// The `Idempotency-Key`.
    pub(crate) key: String,
    /// The manifest, the very bytes that were signed.
    manifest: String,
    /// The signature, DER in Base64.
    signature: String,
}

impl Attempt {
    /// Whether the attempt was made for this message.
    fn is_for(&self, message: &Message) -> Option<Manifest> {
        let manifest: Manifest = serde_json::from_str(&self.manifest).ok()?;
        let same = manifest.to == message.to()
            && manifest.text.as_deref() == message.body()
            && manifest.files == listed(message.files());
        same.then_some(manifest)
    }
}

/// The files as a manifest lists them.
pub(crate) fn listed(files: &[OutgoingFile]) -> Vec<ManifestFile> {
    files
        .iter()
        .map(|file| ManifestFile {
            name: file.name.clone(),
            size: file.bytes.len() as u64,
            sha256: hex(&Sha256::digest(&file.bytes)),
        })
        .collect()
}

impl Client {
    /// Checks a message as this office would send it.
    ///
    /// # Errors
    /// Only when the check itself breaks.
    pub async fn check(&self, message: &Message) -> Result<LocalCheck, Error> {
        let own = self.own_session().await.ok().map(|session| session.office.number);
        let message = message.clone();
        self.told(in_background(move || local_check::check_message(&message, own.as_deref())).await)
    }

    /// Makes an attempt: manifest, signature, key. Nothing is sent.
    ///
    /// # Errors
    /// When nobody is logged in or no certificate is installed.
    pub async fn prepare(&self, message: &Message) -> Result<Attempt, Error> {
        self.told(self.make_attempt(message).await)
    }

    async fn make_attempt(&self, message: &Message) -> Result<Attempt, Error> {
        let session = self.own_session().await?;
        let installed = self.installed().ok_or(CertificateError::NotInstalled)?;
        let now = self.clock.now();
        let message = message.clone();
        in_background(move || {
            // Whole seconds: every reader of times agrees on them.
            let created_at = jiff::Timestamp::from_second(now.as_second()).unwrap_or(now);
            let manifest = Manifest {
                version: 1,
                from: session.office.number,
                to: message.to().to_owned(),
                created_at,
                text: message.body().map(str::to_owned),
                files: listed(message.files()),
            };
            let manifest = serde_json::to_string(&manifest).map_err(|error| {
                Error::new(ErrorKind::Internal(error.to_string())).because(Some(Cause::from(error)))
            })?;
            let signature =
                signature::sign(manifest.as_bytes(), &installed, now).map_err(|error| {
                    Error::from(CertificateError::Unusable(error.to_string()))
                        .because(Some(Cause::from(error)))
                })?;
            Ok(Attempt {
                key: uuid::Uuid::now_v7().to_string(),
                manifest,
                signature: STANDARD.encode(signature),
            })
        })
        .await?
    }

    /// Sends a prepared message; what is said of it is about this call.
    pub(crate) async fn send_attempt(
        &self,
        message: &Message,
        attempt: &Attempt,
        progress: &dyn Progress,
    ) -> Result<Sent, Error> {
        let mut may_have_arrived = false;
        let sent = self.send_noting(message, attempt, &mut may_have_arrived, progress).await;
        match sent {
            // The refusal is about the last of several tries.
            Err(error) if may_have_arrived => Err(error.map(|kind| match kind {
                ErrorKind::Refused(refusal) => {
                    let detail = Fault::Refused(refusal).into_detail().words;
                    ErrorKind::SendUnknown { detail }
                }
                kind => kind,
            })),
            outcome => outcome,
        }
    }

    /// Sends a message under an attempt. `may_have_arrived` says before whether an earlier call
    /// with this attempt may have brought the message to the relay, and afterwards, when this call
    /// ends in an error, whether one of them may have.
    pub(crate) async fn send_noting(
        &self,
        message: &Message,
        attempt: &Attempt,
        may_have_arrived: &mut bool,
        progress: &dyn Progress,
    ) -> Result<Sent, Error> {
        let (made, asked) = (attempt.clone(), message.clone());
        let manifest = in_background(move || made.is_for(&asked))
            .await?
            .ok_or(MessageError::ChangedAfterAttempt)?;
        let session = self.own_session().await?;
        if manifest.from != session.office.number {
            return Err(MessageError::ChangedAfterAttempt.into());
        }
        let signature = STANDARD
            .decode(&attempt.signature)
            .map_err(|error| Error::from(ErrorKind::Internal(error.to_string())))?;
        let total = message.bytes();
        let (done, mut uploaded) = watch::channel(0_u64);
        let parts = Parts {
            manifest: attempt.manifest.clone(),
            signature,
            files: message.files().to_vec(),
            done,
        };
        let mut call = Call::post(&["messages"], Repeat::Safe);
        call.headers.push(("Idempotency-Key", attempt.key.clone()));
        call.payload = Payload::Form(Arc::new(move || parts.form()));
        call.extra_time = Duration::from_secs(total / SLOWEST_LINE);
        let answer = {
            let mut exchange = pin!(self.exchange_noting(call, may_have_arrived, progress));
            loop {
                tokio::select! {
                    answer = &mut exchange => break answer?,
                    Ok(()) = uploaded.changed() => {
                        let done = *uploaded.borrow_and_update();
                        progress.event(Event::Uploading { done, total });
                    }
                }
            }
        };
        let fault = match answer.and_then(|answer| answer.read::<Sent>()) {
            Ok(sent) => return Ok(sent),
            Err(fault) => fault,
        };
        // An answer that cannot be read does not say that nothing happened.
        *may_have_arrived |= !fault.without_effect();
        // The relay looks for the key before it judges a message: what it judges now, it had not
        // taken before.
        if matches!(&fault, Fault::Refused(refusal) if refusal.status == 422) {
            *may_have_arrived = false;
        }
        Err(match fault {
            Fault::Refused(_) | Fault::Handshake { .. } => self.error(fault),
            fault if *may_have_arrived => send_unknown(fault),
            fault => self.error(fault),
        })
    }
}

shapes! {
    Attempt: it => { manifest_bytes: it.manifest.len(), signature_bytes: it.signature.len() };
}

fn send_unknown(fault: Fault) -> Error {
    let detail = fault.into_detail();
    Error::new(ErrorKind::SendUnknown { detail: detail.words }).because(detail.cause)
}

/// What a form is made of, for as many attempts as it takes.
struct Parts {
    manifest: String,
    signature: Vec<u8>,
    files: Vec<OutgoingFile>,
    done: watch::Sender<u64>,
}

impl Parts {
    fn form(&self) -> Form {
        let typed = |part: Part, kind: &str| {
            part.mime_str(kind).expect("the media types here are well-formed")
        };
        self.done.send_replace(0);
        let mut form = Form::new()
            .part("manifest", typed(Part::text(self.manifest.clone()), "application/json"))
            .part(
                "signature",
                typed(Part::bytes(self.signature.clone()), "application/pkcs7-signature"),
            );
        for file in &self.files {
            let part = Part::stream_with_length(self.body(&file.bytes), file.bytes.len() as u64)
                .file_name(file.name.clone());
            form = form.part("file", typed(part, "application/octet-stream"));
        }
        form
    }

    /// The bytes in pieces, so that progress can be told.
    fn body(&self, bytes: &Bytes) -> Body {
        const PIECE: usize = 64 << 10;
        let done = self.done.clone();
        let rest = bytes.clone();
        Body::wrap_stream(stream::unfold(rest, move |mut rest| {
            let done = done.clone();
            async move {
                if rest.is_empty() {
                    return None;
                }
                let piece = rest.split_to(rest.len().min(PIECE));
                done.send_modify(|done| *done += piece.len() as u64);
                Some((Ok::<_, std::convert::Infallible>(piece), rest))
            }
        }))
    }
}
