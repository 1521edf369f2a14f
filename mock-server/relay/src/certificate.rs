//! Certificates of offices: application, issue, renewal, withdrawal, revocation (relay.md §5).

use std::fmt;

use bytes::Bytes;
use careplan_certs::package::{self, Encryption};
use careplan_certs::verify::Cause;
use careplan_certs::{CertificateDer, CertificateFacts, Fault, Issued, Kind};
use careplan_spec::hex;
use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::background::in_background;
use crate::clock;
use crate::outcome::{Failure, Refusal};
use crate::refusal::{self, RefusalKind};
use crate::secret::Secret;
use crate::store::record::CertificateRecord;

/// A certificate as the TLS layer received it. Make one per connection: judging it again on every
/// request costs a look into a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    chain: Vec<CertificateDer<'static>>,
    fingerprint: [u8; 32],
}

impl Presented {
    /// Wraps what the peer sent (DER, its own certificate first); `None` where it sent nothing.
    pub fn from_chain<C: AsRef<[u8]>>(chain: &[C]) -> Option<Self> {
        let leaf = chain.first()?;
        Some(Self {
            fingerprint: Sha256::digest(leaf.as_ref()).into(),
            chain: chain.iter().map(|der| CertificateDer::from(der.as_ref().to_vec())).collect(),
        })
    }

    /// SHA-256 of the peer's own certificate.
    pub const fn fingerprint(&self) -> &[u8; 32] {
        &self.fingerprint
    }

    /// The certificate and what came with it.
    pub(crate) fn chain(&self) -> &[CertificateDer<'static>] {
        &self.chain
    }
}

/// The two kinds of certificate the relay accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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

    pub(crate) const fn kind(self) -> Kind {
        match self {
            Self::CarePlanJigyousho => Kind::CarePlanJigyousho,
            Self::KaigoJigyousho => Kind::KaigoJigyousho,
        }
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
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = Application)]
pub struct CertificateApplication {
    /// Which kind.
    pub kind: CertificateKind,
    /// 証明書発行用パスワード.
    #[schema(value_type = String, format = Password)]
    pub password: Secret,
    /// Whether the terms are accepted.
    pub accept_terms: bool,
    /// Whether it shall begin at the end of the current one.
    #[serde(default)]
    pub renewal: bool,
}

/// Where a certificate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CertificateRow)]
pub struct CertificateView {
    /// Identifier of the application.
    pub id: String,
    /// Kind.
    pub kind: CertificateKind,
    /// 発行申請日.
    pub applied_on: Date,
    /// 有効開始; null while it is pending.
    pub not_before: Option<Timestamp>,
    /// 有効終了.
    pub not_after: Option<Timestamp>,
    /// State.
    pub state: CertificateState,
    /// 状況 as the screen says it.
    pub state_shown: String,
    /// 発行手数料残高.
    pub fee_balance_yen: u32,
    /// Name of the .p12, `202506240000000136.p12`.
    pub file_name: Option<String>,
    /// Serial number, decimal.
    pub serial: Option<String>,
}

/// A .p12 to be handed out. `Debug` shows its name alone.
#[derive(Clone)]
pub struct P12 {
    /// File name.
    pub file_name: String,
    /// Content.
    pub bytes: Bytes,
}

impl fmt::Debug for P12 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("P12").field("file_name", &self.file_name).finish_non_exhaustive()
    }
}

impl CertificateView {
    /// The row of the history at a moment.
    pub(crate) fn of(record: &CertificateRecord, now: Timestamp) -> Self {
        let state = if record.issued_at.is_none() {
            CertificateState::Pending
        } else if record.revoked_at.is_some() {
            CertificateState::Revoked
        } else if record.not_after.is_some_and(|end| end < now) {
            CertificateState::Expired
        } else if record.withdrawn_at.is_some() {
            CertificateState::Withdrawn
        } else {
            CertificateState::Issued
        };
        let kind = CertificateKind::from_common_name(&record.kind)
            .unwrap_or(CertificateKind::CarePlanJigyousho);
        Self {
            id: record.id.clone(),
            kind,
            applied_on: clock::date_of(record.applied_at),
            not_before: record.not_before,
            not_after: record.not_after,
            state,
            state_shown: match state {
                CertificateState::Pending => "申請中",
                CertificateState::Issued => "発行済み",
                CertificateState::Withdrawn => "発行済み（インストール不可）",
                CertificateState::Revoked => "失効",
                CertificateState::Expired => "有効期限切れ",
            }
            .to_owned(),
            fee_balance_yen: kind.fee_yen(),
            file_name: record.file_name.clone(),
            serial: record.serial.clone(),
        }
    }
}

/// Issue stops at this time of the night (relay.md §5, Stated).
const NIGHT_BEGINS: Time = Time::constant(1, 30, 0, 0);
/// And goes on at this.
const NIGHT_ENDS: Time = Time::constant(6, 30, 0, 0);

/// When something that takes `minutes` is issued: not in the night.
pub(crate) fn issue_time(applied_at: Timestamp, minutes: u32) -> Timestamp {
    let at = clock::plus_minutes(applied_at, minutes);
    if (NIGHT_BEGINS..NIGHT_ENDS).contains(&clock::time_of(at)) {
        clock::moment(clock::date_of(at), NIGHT_ENDS)
    } else {
        at
    }
}

/// First and last moment of a certificate that begins on a day: whole days, the last one the same
/// day `years` later (relay.md §5: 2025/06/24 to 2028/06/24, Stated).
pub(crate) fn validity(begins: Date, years: u32) -> (Timestamp, Timestamp) {
    let last = begins.saturating_add(i64::from(years).years());
    (clock::start_of(begins), clock::moment(last, Time::constant(23, 59, 59, 0)))
}

/// First day on which a certificate can be renewed (relay.md §5, Inferred).
pub fn renewable_from(not_after: Timestamp, days: u32) -> Date {
    clock::date_of(not_after).saturating_sub(i64::from(days).days())
}

/// The .p12 of a certificate.
pub(crate) fn pack(issued: &Issued, password: &Secret) -> Result<Vec<u8>, Failure> {
    package::pack(issued, password.reveal(), Encryption::Aes256)
        .map_err(|error| Failure::Issue(error.to_string()))
}

/// The same .p12 in the form that older systems open.
pub(crate) async fn for_older_systems(p12: Bytes, password: Secret) -> Result<Bytes, Failure> {
    in_background(move || {
        let broken = |error: &dyn fmt::Display| Failure::Issue(error.to_string());
        let installed = package::open(&p12, password.reveal()).map_err(|error| broken(&error))?;
        package::pack_again(&installed, password.reveal(), Encryption::TripleDes)
            .map(Bytes::from)
            .map_err(|error| broken(&error))
    })
    .await?
}

/// SHA-256 of a certificate, as it is kept.
pub(crate) fn fingerprint(issued: &Issued) -> Result<String, Failure> {
    CertificateFacts::from_der(&issued.certificate)
        .map(|facts| hex(&facts.sha256))
        .map_err(|error| Failure::Issue(error.to_string()))
}

/// How the relay answers a certificate that does not count: E4, with the exact cause.
pub fn refusal_of(cause: Cause) -> &'static RefusalKind {
    match cause {
        Cause::NoCertificate => &refusal::CERTIFICATE_MISSING,
        Cause::Malformed | Cause::OtherRoot => &refusal::CERTIFICATE_OF_OTHER_ROOT,
        Cause::WrongUsage => &refusal::CERTIFICATE_WRONG_USAGE,
        Cause::NotYetValid => &refusal::CERTIFICATE_NOT_YET_VALID,
        Cause::Expired => &refusal::CERTIFICATE_EXPIRED,
        Cause::Revoked => &refusal::CERTIFICATE_REVOKED,
        Cause::WrongKind => &refusal::CERTIFICATE_WRONG_KIND,
        Cause::WithoutOffice => &refusal::CERTIFICATE_WITHOUT_OFFICE,
        Cause::OtherOffice => &refusal::CERTIFICATE_OF_OTHER_OFFICE,
    }
}

/// The answer to a fault, with what the certificate says of itself.
pub(crate) fn refuse(fault: &Fault) -> Refusal {
    let text = fault.cause.text();
    let (mut ja, mut en) = (text.ja.to_owned(), text.en.to_owned());
    if let Some(facts) = &fault.facts {
        let (from, to) = (facts.not_before, facts.not_after);
        ja.push_str(&format!(
            "（発行先 {}、発行者 {}、シリアル番号 {}、有効期間 {}～{}）",
            facts.common_name.as_deref().unwrap_or("-"),
            facts.issuer_common_name.as_deref().unwrap_or("-"),
            facts.serial,
            clock::shown(from),
            clock::shown(to),
        ));
        en.push_str(&format!(
            " (subject {}, issuer {}, serial {}, valid {from} to {to})",
            facts.common_name.as_deref().unwrap_or("-"),
            facts.issuer_common_name.as_deref().unwrap_or("-"),
            facts.serial,
        ));
    }
    Refusal::new(refusal_of(fault.cause)).because(ja, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    #[test]
    fn nothing_is_issued_at_night() {
        // 01:26 in Japan and five minutes: the night has begun.
        assert_eq!(issue_time(at("2026-11-20T16:26:00Z"), 5), at("2026-11-20T21:30:00Z"));
        assert_eq!(issue_time(at("2026-11-20T16:24:00Z"), 5), at("2026-11-20T16:29:00Z"));
        assert_eq!(issue_time(at("2026-11-20T21:26:00Z"), 5), at("2026-11-20T21:31:00Z"));
    }

    #[test]
    fn three_years_end_on_the_same_day() {
        let (first, last) = validity(Date::constant(2025, 6, 24), 3);
        assert_eq!(first, at("2025-06-23T15:00:00Z"));
        assert_eq!(last, at("2028-06-24T14:59:59Z"));
        assert_eq!(renewable_from(last, 90).to_string(), "2028-03-26");
    }
}
