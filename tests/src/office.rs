//! An office that is logged in on the relay.

use std::sync::Arc;

use careplan_certs::{Installed, signature};
use reqwest::{Client, RequestBuilder, multipart};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::bed::{Answer, Bed};
use crate::unit::{self, File};

/// An office that is logged in.
#[derive(Debug, Clone)]
pub struct Office {
    /// Presents its certificate.
    pub client: Client,
    /// Access token.
    pub token: String,
    /// Certificate and key.
    pub installed: Arc<Installed>,
    /// Office number.
    pub number: String,
}

/// SHA-256, lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    careplan_spec::hex(&Sha256::digest(bytes))
}

/// The manifest of these files.
pub fn manifest(from: &str, to: &str, text: Option<&str>, files: &[File]) -> Value {
    let listed: Vec<Value> = files
        .iter()
        .map(|(name, bytes)| {
            json!({ "name": name, "size": bytes.len(), "sha256": sha256_hex(bytes) })
        })
        .collect();
    json!({
        "version": 1, "from": from, "to": to, "created_at": "2026-11-21T00:00:00Z",
        "text": text, "files": listed,
    })
}

/// The form of a message, part by part.
///
/// # Panics
/// Never: the media types are right.
pub fn form(manifest: Vec<u8>, signature: Option<Vec<u8>>, files: &[File]) -> multipart::Form {
    let part = |bytes: Vec<u8>, kind: &str| {
        multipart::Part::bytes(bytes).mime_str(kind).expect("a media type")
    };
    let mut form = multipart::Form::new().part("manifest", part(manifest, "application/json"));
    if let Some(signature) = signature {
        form = form.part("signature", part(signature, "application/pkcs7-signature"));
    }
    for (name, bytes) in files {
        let file = part(bytes.clone(), "application/octet-stream").file_name(name.clone());
        form = form.part("file", file);
    }
    form
}

impl Office {
    /// A GET with its token.
    pub fn get(&self, url: String) -> RequestBuilder {
        self.client.get(url).bearer_auth(&self.token)
    }

    /// A POST with its token.
    pub fn post(&self, url: String) -> RequestBuilder {
        self.client.post(url).bearer_auth(&self.token)
    }

    /// Its signature over these bytes.
    ///
    /// # Panics
    /// There is no randomness.
    pub fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        signature::sign(bytes, &self.installed, jiff::Timestamp::now()).expect("it signs")
    }

    /// The form of a message of these files, signed.
    pub fn message(&self, to: &str, files: &[File]) -> multipart::Form {
        self.message_as(&manifest(&self.number, to, Some("よろしくお願いします。"), files), files)
    }

    /// The form of a message with this manifest, signed.
    pub fn message_as(&self, manifest: &Value, files: &[File]) -> multipart::Form {
        let manifest = manifest.to_string().into_bytes();
        let signature = self.sign(&manifest);
        form(manifest, Some(signature), files)
    }

    /// The request that posts a form under a key.
    pub fn posting(&self, bed: &Bed, key: &str, form: multipart::Form) -> RequestBuilder {
        self.post(bed.relay("/v1/messages")).header("idempotency-key", key).multipart(form)
    }

    /// Posts a form under a key; the answer.
    pub async fn post_form(&self, bed: &Bed, key: &str, form: multipart::Form) -> Answer {
        bed.ask(self.posting(bed, key, form)).await
    }

    /// Sends a unit; the answer.
    pub async fn send(&self, bed: &Bed, key: &str, unit: &str, to: &str) -> Answer {
        let files = unit::files(unit, &self.number, to);
        self.post_form(bed, key, self.message(to, &files)).await
    }

    /// Reads from the relay.
    pub async fn read(&self, bed: &Bed, path: &str) -> Answer {
        bed.ask(self.get(bed.relay(path))).await
    }

    /// Claims a message; the answer.
    pub async fn claim(&self, bed: &Bed, id: &str) -> Answer {
        bed.ask(self.post(bed.relay(&format!("/v1/inbox/{id}/claim")))).await
    }
}
