//! Licences and their terms.

use async_trait::async_trait;
use jiff::civil::Date;

use super::super::record::{DueRecord, LicenceRecord, TermRecord};
use super::super::{Licences, Result};
use super::rows::{all, insert};
use super::{SqlStore, schedule};

#[async_trait]
impl Licences for SqlStore {
    async fn licences(&self) -> Result<Vec<LicenceRecord>> {
        all(&self.readers, " ORDER BY applied_at, id").await
    }

    async fn terms(&self) -> Result<Vec<TermRecord>> {
        all(&self.readers, " ORDER BY office, first_day").await
    }

    async fn apply_for_licence(
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

    async fn add_term(&self, term: &TermRecord, due: &[DueRecord]) -> Result<bool> {
        let mut tx = self.begin().await?;
        if insert(&mut *tx, term, " ON CONFLICT DO NOTHING").await? == 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        schedule(&mut tx, due).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn charge_term(&self, id: &str, on: Date) -> Result<()> {
        sqlx::query("UPDATE term SET charged_on = COALESCE(charged_on, $2) WHERE id = $1")
            .bind(id.to_owned())
            .bind(on.to_string())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn set_renewal(&self, licence: &str, on: bool) -> Result<()> {
        sqlx::query("UPDATE licence SET auto_renewal = $2 WHERE id = $1")
            .bind(licence.to_owned())
            .bind(i64::from(on))
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}
