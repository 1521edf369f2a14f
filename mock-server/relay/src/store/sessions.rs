//! Logins.

use jiff::Timestamp;

use super::record::SessionRecord;
use super::rows::{all, delete_by_key, insert};
use super::{Result, Store, ms};

impl Store {
    /// Every login that has not ended.
    pub async fn sessions(&self) -> Result<Vec<SessionRecord>> {
        all(&self.readers, "").await
    }

    /// Keeps a login, and forgets those that ended before `now`.
    pub async fn open_session(&self, session: &SessionRecord, now: Timestamp) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM session WHERE ends_at < $1")
            .bind(ms(now))
            .execute(&mut *tx)
            .await?;
        insert(&mut *tx, session, "").await?;
        tx.commit().await
    }

    /// Replaces the login with this refresh token; false where it is gone.
    pub async fn rotate_session(&self, refresh_id: &str, next: &SessionRecord) -> Result<bool> {
        let mut tx = self.begin().await?;
        let gone = sqlx::query("DELETE FROM session WHERE refresh_id = $1")
            .bind(refresh_id.to_owned())
            .execute(&mut *tx)
            .await?;
        if gone.rows_affected() == 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        insert(&mut *tx, next, "").await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Ends a login.
    pub async fn close_session(&self, id: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        delete_by_key::<SessionRecord, _>(&mut *tx, id).await?;
        tx.commit().await
    }
}
