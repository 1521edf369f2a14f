//! Known findings: what a baseline remembers, and what it does not report again.
//!
//! Findings are counted by what they are about: a fourth equal finding is new where three are known.
//! What they are about is somebody, so it is remembered only under a secret [`Key`], as a message
//! authentication code; without one nothing of a person is remembered, and findings are told apart
//! by rule, kind of file, field and number alone.

use std::collections::BTreeMap;
use std::fmt;

use careplan_spec::file_name::{self, Reading, base_name_in_archive};
use careplan_spec::hex;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::finding::Finding;

/// The format of what is remembered. It changes when keys do.
pub const FORMAT: u32 = 4;

/// A secret under which findings are marked: who has it not cannot tell from a mark whom a finding is
/// about, however many numbers are tried.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// Of random bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Of 64 hexadecimal digits, as [`Key::text`] writes them.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim();
        if digits.len() != 64 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// The 64 digits.
    pub fn text(&self) -> String {
        hex(&self.0)
    }

    /// Tells this key from others and gives nothing of it away.
    pub fn id(&self) -> String {
        self.mac("key", &[])[..8].to_owned()
    }

    /// What a finding is about, for who has the key.
    pub fn mark(&self, finding: &Finding) -> String {
        self.mac(finding.rule.code, &finding.fingerprint.to_le_bytes())[..32].to_owned()
    }

    /// Where chance begins for what somebody invents in the place of `value`: the same under the
    /// same key, and without it nothing that tells the value.
    pub fn seed(&self, purpose: &str, value: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key may have any length");
        mac.update(purpose.as_bytes());
        mac.update(b"/");
        mac.update(value);
        mac.finalize().into_bytes().into()
    }

    fn mac(&self, purpose: &str, bytes: &[u8]) -> String {
        hex(&self.seed(purpose, bytes))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

/// How often which finding is known.
///
/// ```
/// use careplan_judge::baseline::Known;
/// use careplan_judge::{Profile, Report};
///
/// let name = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";
/// let report = Report::collect([(name, b"\"202407\"\r\n")], &Profile::default());
/// let mut known = Known::default();
/// for (path, finding) in report.iter() {
///     known.add(path.unwrap_or_default(), finding);
/// }
/// // In the next run each is taken away once; a further one like it is new.
/// for (path, finding) in report.iter() {
///     assert!(known.take(path.unwrap_or_default(), finding));
///     assert!(!known.take(path.unwrap_or_default(), finding));
/// }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    counts: BTreeMap<String, u64>,
    key: Option<Key>,
}

impl Known {
    /// Of what was written down before under this key, if under any.
    pub const fn new(counts: BTreeMap<String, u64>, key: Option<Key>) -> Self {
        Self { counts, key }
    }

    /// The key.
    pub const fn key(&self) -> Option<&Key> {
        self.key.as_ref()
    }

    /// Remembers a finding about the file at `path`, empty for one about a unit.
    pub fn add(&mut self, path: &str, finding: &Finding) {
        *self.counts.entry(self.line(path, finding)).or_default() += 1;
    }

    /// Whether a finding is known; each known one counts once.
    pub fn take(&mut self, path: &str, finding: &Finding) -> bool {
        let line = self.line(path, finding);
        match self.counts.get_mut(&line) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        }
    }

    /// Keys and how often each is known.
    pub fn counts(&self) -> &BTreeMap<String, u64> {
        &self.counts
    }

    /// Place and, under a key, mark of a finding.
    fn line(&self, path: &str, finding: &Finding) -> String {
        let mark = self.key.as_ref().map_or_else(|| "-".to_owned(), |key| key.mark(finding));
        format!("{} {mark}", place(path, finding))
    }
}

/// Rule, kind of file and number of the field: nothing of a person.
pub fn place(path: &str, finding: &Finding) -> String {
    let kind = match file_name::read(base_name_in_archive(path)) {
        Reading::Standard { name, .. } => Some(name.kind),
        Reading::NearMiss { kind, .. } => kind,
        Reading::Foreign => None,
    };
    let kind = kind.map_or("-", careplan_spec::FileKind::prefix);
    let field = finding.field.map_or_else(|| "-".to_owned(), |field| field.no.to_string());
    format!("{} {kind} {field}", finding.rule.code)
}
