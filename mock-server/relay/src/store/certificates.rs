//! Certificates of offices.

use bytes::Bytes;
use jiff::Timestamp;

use super::notices::announce;
use super::record::{CertificateRecord, DueRecord};
use super::rows::{all, change_one, insert, read_all};
use super::{Announcement, Result, Store, ms, schedule, whole};

/// A certificate has been made.
#[derive(Debug, Clone)]
pub struct Issue {
    /// Serial number, in decimal.
    pub serial: String,
    /// SHA-256 of the certificate, lower-case hex.
    pub fingerprint: String,
    /// Start of validity.
    pub not_before: Timestamp,
    /// End of validity.
    pub not_after: Timestamp,
    /// Name of the .p12.
    pub file_name: String,
    /// The .p12.
    pub p12: Bytes,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// Every certificate.
    pub async fn certificates(&self) -> Result<Vec<CertificateRecord>> {
        all(&self.readers, " ORDER BY applied_at, id").await
    }

    /// Those of an office, the newest first.
    pub async fn certificates_of(&self, office: &str) -> Result<Vec<CertificateRecord>> {
        read_all(&self.readers, " WHERE office = $1 ORDER BY applied_at DESC, id DESC", |query| {
            query.bind(office.to_owned())
        })
        .await
    }

    /// Keeps an application with what it makes fall due; false where one is under way.
    pub async fn apply_for_certificate(
        &self,
        certificate: &CertificateRecord,
        due: &[DueRecord],
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        // The index of pending applications lets one through.
        if insert(&mut *tx, certificate, " ON CONFLICT DO NOTHING").await? == 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        schedule(&mut tx, due).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Keeps what was issued, with a notice and what falls due; false where it had been issued.
    pub async fn issue_certificate(
        &self,
        id: &str,
        issue: &Issue,
        announcement: &Announcement,
        due: &[DueRecord],
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let p12 = whole::keep_blob(&mut tx, &issue.p12).await?;
        let changed = sqlx::query(
            "UPDATE certificate SET issued_at = $2, serial = $3, fingerprint = $4, \
             not_before = $5, not_after = $6, file_name = $7, p12_sha256 = $8 \
             WHERE id = $1 AND issued_at IS NULL",
        )
        .bind(id.to_owned())
        .bind(ms(issue.at))
        .bind(issue.serial.clone())
        .bind(issue.fingerprint.clone())
        .bind(ms(issue.not_before))
        .bind(ms(issue.not_after))
        .bind(issue.file_name.clone())
        .bind(p12)
        .execute(&mut *tx)
        .await?;
        if changed.rows_affected() == 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        announce(&mut tx, announcement).await?;
        schedule(&mut tx, due).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Revokes by serial number. Returns the certificate; revoking twice changes nothing.
    pub async fn revoke_certificate(
        &self,
        serial: &str,
        now: Timestamp,
    ) -> Result<Option<CertificateRecord>> {
        let mut tx = self.begin().await?;
        let revoked = change_one(
            &mut *tx,
            "UPDATE certificate SET revoked_at = COALESCE(revoked_at, $2) WHERE serial = $1",
            |query| query.bind(serial.to_owned()).bind(ms(now)),
        )
        .await?;
        tx.commit().await?;
        Ok(revoked)
    }

    /// Keeps a certificate that nobody applied for.
    pub async fn add_certificate(&self, certificate: &CertificateRecord) -> Result<()> {
        let mut tx = self.begin().await?;
        insert(&mut *tx, certificate, "").await?;
        tx.commit().await
    }
}
