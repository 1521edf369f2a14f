//! The authority, its revocation list and the judge, as one value that is replaced whole.

use std::sync::Arc;

use careplan_certs::issue::authority::ISSUING_NAME;
use careplan_certs::{Authority, Judge, Revoked, SavedAuthority, Serial};
use jiff::{Timestamp, ToSpan};

use super::control::AuthorityView;
use crate::outcome::Failure;
use crate::store::record::{CertificateRecord, SettingRecord};

/// Name of the setting that holds the authority, keys included.
pub(crate) const AUTHORITY: &str = "authority";

/// Whom the relay trusts, and whom no longer.
pub(crate) struct Trust {
    pub(crate) authority: Arc<Authority>,
    pub(crate) judge: Judge,
    pub(crate) view: Arc<AuthorityView>,
}

fn issue(error: impl std::fmt::Display) -> Failure {
    Failure::Issue(error.to_string())
}

impl Trust {
    /// The authority with the revocations of these certificates.
    pub(crate) fn new(
        authority: Arc<Authority>,
        certificates: &[CertificateRecord],
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let judge = Judge::new(&authority);
        Self::with_revocations(authority, &judge, certificates, now)
    }

    /// The same authority with other revocations; what the judge remembers stays.
    pub(crate) fn revoking(
        &self,
        certificates: &[CertificateRecord],
        now: Timestamp,
    ) -> Result<Self, Failure> {
        Self::with_revocations(Arc::clone(&self.authority), &self.judge, certificates, now)
    }

    fn with_revocations(
        authority: Arc<Authority>,
        judge: &Judge,
        certificates: &[CertificateRecord],
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let revoked: Vec<Revoked> = certificates
            .iter()
            .filter_map(|record| {
                let serial: Serial = record.serial.as_deref()?.parse().ok()?;
                Some(Revoked { serial, at: record.revoked_at? })
            })
            .collect();
        // Far ahead, so that a jump of the clock does not make the list stale.
        let next_update = now.checked_add((24 * 3_650).hours()).unwrap_or(Timestamp::MAX);
        let crl = authority.crl(&revoked, now, next_update).map_err(issue)?;
        let view = AuthorityView {
            ca_pem: authority.ca_pem(),
            ca_der: authority.issuing().to_vec(),
            crl_der: crl.to_vec(),
            issuer: ISSUING_NAME.to_owned(),
        };
        Ok(Self { judge: judge.with_revoked(&revoked), authority, view: Arc::new(view) })
    }
}

/// The authority as a setting.
pub(crate) fn to_setting(authority: &Authority) -> Result<SettingRecord, Failure> {
    let json = serde_json::to_string(&authority.to_saved()).map_err(issue)?;
    Ok(SettingRecord { name: AUTHORITY.to_owned(), value: json.into() })
}

/// The authority of a setting. It goes on numbering behind every certificate there is, whenever
/// the setting was written.
pub(crate) fn from_setting(
    setting: &SettingRecord,
    certificates: &[CertificateRecord],
) -> Result<Authority, Failure> {
    let mut saved: SavedAuthority = serde_json::from_str(setting.value.reveal()).map_err(issue)?;
    let highest = certificates
        .iter()
        .filter_map(|record| record.serial.as_deref()?.parse::<u64>().ok())
        .max()
        .unwrap_or(0);
    saved.next_serial = saved.next_serial.max(highest.saturating_add(1));
    Authority::from_saved(&saved).map_err(issue)
}
