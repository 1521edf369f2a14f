//! What falls due, and what could not be done.

use jiff::Timestamp;
use sqlx::Row;

use super::record::DueRecord;
use super::rows::{delete_by_key, read_one};
use super::{Result, Store, StoreError};

/// A step that could not be done and was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Identifier.
    pub id: String,
    /// When it fell due; none where that cannot be read.
    pub at: Option<Timestamp>,
    /// What, as [`DueKind`](crate::due::DueKind) names it.
    pub kind: String,
    /// About what: identifier of a certificate or a term.
    pub subject: String,
    /// Why it could not be done.
    pub why: String,
}

/// Characters of a reason that are kept, at most.
const LONGEST_REASON: usize = 500;

impl Store {
    /// The earliest that is due and was not set aside. One that cannot be read is set aside.
    pub async fn next_due(&self) -> Result<Option<DueRecord>> {
        loop {
            let mut tx = self.begin().await?;
            // The writer sees its own last commit for certain; a reader's snapshot may be older.
            let next =
                read_one(&mut *tx, " WHERE set_aside IS NULL ORDER BY at, id LIMIT 1", |query| {
                    query
                })
                .await;
            match next {
                Err(error @ StoreError::Corrupt { .. }) => {
                    sqlx::query(
                        "UPDATE due SET set_aside = $1 WHERE id = (SELECT id FROM due \
                         WHERE set_aside IS NULL ORDER BY at, id LIMIT 1)",
                    )
                    .bind(error.to_string())
                    .execute(&mut *tx)
                    .await?;
                    tx.commit().await?;
                }
                next => {
                    tx.rollback().await?;
                    return next;
                }
            }
        }
    }

    /// It is done.
    pub async fn due_done(&self, id: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        delete_by_key::<DueRecord, _>(&mut *tx, id).await?;
        tx.commit().await
    }

    /// It cannot be done: it stays, and no longer stands in the way.
    pub async fn set_due_aside(&self, id: &str, why: &str) -> Result<()> {
        let why: String = why.chars().filter(|c| *c != '\0').take(LONGEST_REASON).collect();
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE due SET set_aside = $2 WHERE id = $1")
            .bind(id.to_owned())
            .bind(why)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    /// It shall be tried again; false where nothing of this identifier was set aside.
    pub async fn take_due_up(&self, id: &str) -> Result<bool> {
        let mut tx = self.begin().await?;
        let done =
            sqlx::query("UPDATE due SET set_aside = NULL WHERE id = $1 AND set_aside IS NOT NULL")
                .bind(id.to_owned())
                .execute(&mut *tx)
                .await?;
        tx.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// What was set aside under this identifier is not wanted any more.
    pub async fn drop_set_aside(&self, id: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM due WHERE id = $1 AND set_aside IS NOT NULL")
            .bind(id.to_owned())
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    /// Everything that was set aside, in order.
    pub async fn set_aside(&self) -> Result<Vec<SetAside>> {
        let rows = sqlx::query(
            "SELECT id, at, kind, subject, set_aside FROM due WHERE set_aside IS NOT NULL \
             ORDER BY at, id",
        )
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(SetAside {
                    id: row.try_get(0)?,
                    at: Timestamp::from_millisecond(row.try_get(1)?).ok(),
                    kind: row.try_get(2)?,
                    subject: row.try_get(3)?,
                    why: row.try_get(4)?,
                })
            })
            .collect()
    }
}
