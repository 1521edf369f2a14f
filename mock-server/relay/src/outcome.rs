//! What comes of an operation that did not happen: a refusal with its particulars, or a failure.

use std::fmt;

pub use careplan_judge::WordedFinding;
use careplan_spec::Text;
use jiff::Timestamp;

use crate::refusal::RefusalKind;
use crate::store::StoreError;

/// A request that was turned down.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// Which way.
    pub kind: &'static RefusalKind,
    /// What exactly was wrong.
    pub detail: Option<Text<String>>,
    /// When trying again makes sense.
    pub retry_at: Option<Timestamp>,
    /// What the checker found, at most as many as the switch says.
    pub findings: Vec<WordedFinding>,
    /// How many it found in all.
    pub findings_total: u64,
}

impl Refusal {
    /// A refusal without particulars.
    pub const fn new(kind: &'static RefusalKind) -> Self {
        Self { kind, detail: None, retry_at: None, findings: Vec::new(), findings_total: 0 }
    }

    /// With what exactly was wrong.
    #[must_use]
    pub fn because(mut self, ja: impl Into<String>, en: impl Into<String>) -> Self {
        self.detail = Some(Text::made(ja, en));
        self
    }

    /// With the time from which trying again makes sense.
    #[must_use]
    pub const fn retry_at(mut self, at: Timestamp) -> Self {
        self.retry_at = Some(at);
        self
    }

    /// With what the checker found.
    #[must_use]
    pub fn with_findings(mut self, findings: Vec<WordedFinding>, total: u64) -> Self {
        self.findings = findings;
        self.findings_total = total;
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.code, self.kind.title.en)?;
        match &self.detail {
            Some(detail) => write!(f, " ({})", detail.en),
            None => Ok(()),
        }
    }
}

/// Why an operation of the domain did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rules turned it down; tell the user.
    #[error("refused: {0}")]
    Refused(Box<Refusal>),
    /// Something broke; tell the operator.
    #[error("{0}")]
    Failed(#[from] Failure),
}

/// What can break.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The store.
    #[error("the store failed: {0}")]
    Store(#[from] StoreError),
    /// The authority that issues certificates.
    #[error("a certificate could not be issued: {0}")]
    Issue(String),
    /// Hashing a password.
    #[error("a password could not be hashed: {0}")]
    Password(String),
    /// Building the archive of a message.
    #[error("the archive of a message could not be built: {0}")]
    Archive(String),
    /// An archive that is no saved state, or a damaged one.
    #[error("the saved state cannot be read: {0}")]
    SavedState(String),
    /// A state beyond [`LARGEST_STATE`](crate::saved_state::LARGEST_STATE).
    #[error("the saved state is larger than {} bytes", crate::saved_state::LARGEST_STATE)]
    StateTooLarge,
    /// There is no such entry in the catalogue of wrong certificates.
    #[error("there is no wrong certificate {0}")]
    UnknownWrong(String),
    /// A background task ended early.
    #[error("a task ended early: {0}")]
    Task(String),
}

impl Error {
    /// The refusal, if it is one.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Failed(_) => None,
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<&'static RefusalKind> for Error {
    fn from(kind: &'static RefusalKind) -> Self {
        Refusal::new(kind).into()
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Failed(Failure::Store(error))
    }
}

/// What operations of the domain return.
pub type Result<T> = std::result::Result<T, Error>;
