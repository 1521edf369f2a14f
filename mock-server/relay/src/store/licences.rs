//! Licences and their terms.

use jiff::civil::Date;

use super::record::{DueRecord, LicenceRecord, TermRecord};
use super::rows::{all, insert};
use super::{Result, Store, schedule};

impl Store {
    /// Every licence.
    pub async fn licences(&self) -> Result<Vec<LicenceRecord>> {
        all(&self.readers, " ORDER BY applied_at, id").await
    }

    /// Every term, the oldest first.
    pub async fn terms(&self) -> Result<Vec<TermRecord>> {
        all(&self.readers, " ORDER BY office, first_day").await
    }

    /// Keeps an application and its first term; false where a term of the office is in force on
    /// its first day or later.
    pub async fn apply_for_licence(
        &self,
        licence: &LicenceRecord,
        term: &TermRecord,
        due: &[DueRecord],
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        // One writer at a time, so that nothing comes between looking and adding; on an engine
        // with several, (office, first_day) is unique and two applications of one day collide.
        let held: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM term WHERE office = $1 AND last_day >= $2")
                .bind(term.office.clone())
                .bind(term.first_day.to_string())
                .fetch_one(&mut *tx)
                .await?;
        if held > 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        insert(&mut *tx, licence, "").await?;
        if insert(&mut *tx, term, " ON CONFLICT DO NOTHING").await? == 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        schedule(&mut tx, due).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Adds the next term; false where it is there.
    pub async fn add_term(&self, term: &TermRecord, due: &[DueRecord]) -> Result<bool> {
        let mut tx = self.begin().await?;
        if insert(&mut *tx, term, " ON CONFLICT DO NOTHING").await? == 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        schedule(&mut tx, due).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Notes the charge of a term.
    pub async fn charge_term(&self, id: &str, on: Date) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE term SET charged_on = COALESCE(charged_on, $2) WHERE id = $1")
            .bind(id.to_owned())
            .bind(on.to_string())
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    /// Stops or resumes the renewal.
    pub async fn set_renewal(&self, licence: &str, on: bool) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE licence SET auto_renewal = $2 WHERE id = $1")
            .bind(licence.to_owned())
            .bind(i64::from(on))
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }
}
