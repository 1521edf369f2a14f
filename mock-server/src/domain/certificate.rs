//! Certificates of offices: application, issue, renewal, withdrawal, revocation (relay.md §5).

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::secret::Secret;

/// A certificate as the TLS layer received it. Make one per connection; judging it again on every
/// request costs a look into a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// The client's certificate, DER.
    pub leaf: Vec<u8>,
    /// What it sent along, DER.
    pub intermediates: Vec<Vec<u8>>,
    /// SHA-256 of the leaf.
    pub fingerprint: [u8; 32],
}

impl Presented {
    /// Wraps what the peer sent; `None` where it sent nothing.
    pub fn from_chain<C: AsRef<[u8]>>(chain: &[C]) -> Option<Self> {
        use sha2::{Digest, Sha256};
        let (leaf, rest) = chain.split_first()?;
        Some(Self {
            leaf: leaf.as_ref().to_vec(),
            intermediates: rest.iter().map(|der| der.as_ref().to_vec()).collect(),
            fingerprint: Sha256::digest(leaf.as_ref()).into(),
        })
    }
}

/// The two kinds the relay accepts: the CN of the subject (relay.md §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CertificateKind {
    /// 介護DX証明書, free.
    CarePlanJigyousho,
    /// 介護保険証明書, 13,200 yen.
    KaigoJigyousho,
}

impl CertificateKind {
    /// The CN of the subject.
    pub const fn common_name(self) -> &'static str {
        match self {
            Self::CarePlanJigyousho => "CarePlanJigyousho",
            Self::KaigoJigyousho => "KaigoJigyousho",
        }
    }

    /// The kind with this CN.
    pub fn from_common_name(name: &str) -> Option<Self> {
        [Self::CarePlanJigyousho, Self::KaigoJigyousho]
            .into_iter()
            .find(|kind| kind.common_name() == name)
    }

    /// Fee in yen for its term (relay.md §5, Inferred for 介護保険証明書).
    pub const fn fee_yen(self) -> u32 {
        match self {
            Self::CarePlanJigyousho => 0,
            Self::KaigoJigyousho => 13_200,
        }
    }
}

/// An application for a certificate.
#[derive(Debug, Clone)]
pub struct CertificateApplication {
    /// Which kind.
    pub kind: CertificateKind,
    /// 証明書発行用パスワード.
    pub password: Secret,
    /// Whether the terms were accepted.
    pub accept_terms: bool,
    /// Whether it shall begin at the end of the current one.
    pub renewal: bool,
}

/// Where a certificate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateState {
    /// Applied for.
    Pending,
    /// Issued, and its .p12 can be fetched.
    Issued,
    /// Issued, but its .p12 can no longer be installed.
    Withdrawn,
    /// Revoked.
    Revoked,
    /// Past its end.
    Expired,
}

/// A row of the certificate history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CertificateView {
    /// Identifier of the application.
    pub id: String,
    /// Kind.
    pub kind: CertificateKind,
    /// 発行申請日.
    pub applied_on: Date,
    /// Start of validity; none while it is pending.
    pub not_before: Option<Timestamp>,
    /// End of validity.
    pub not_after: Option<Timestamp>,
    /// State.
    pub state: CertificateState,
    /// 状況 as the screen says it.
    pub state_shown: String,
    /// 発行手数料残高.
    pub fee_balance_yen: u32,
    /// Name of the .p12, `202506240000000136.p12`.
    pub file_name: Option<String>,
    /// Serial number, lower-case hex.
    pub serial: Option<String>,
}

/// A .p12 to be handed out.
#[derive(Debug, Clone)]
pub struct P12 {
    /// File name.
    pub file_name: String,
    /// Content.
    pub bytes: bytes::Bytes,
}
