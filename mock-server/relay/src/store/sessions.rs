//! Logins.

use jiff::Timestamp;
use sqlx::Row;

use super::record::{AccountRecord, SessionRecord};
use super::rows::{all, insert};
use super::writer::Write;
use super::{Result, Store, ms};

/// `session.kind` of a login whose refresh token was used: it opens nothing any more.
pub const ROTATED: &str = "rotated";

/// Used refresh tokens a family remembers. Whoever comes with an older one is unknown, which lets
/// nobody in either.
pub const REMEMBERED: u32 = 64;

/// What came of keeping a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// It is kept.
    Kept,
    /// The password that was verified is not the account's any more.
    PasswordChanged,
    /// The first stage was used already.
    FirstStageGone,
}

/// What came of a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// It was replaced.
    Done,
    /// It had been used before, so its whole family ended.
    Reused,
    /// Nobody has it.
    Unknown,
}

impl Store {
    /// Every login that has not ended, and the used refresh tokens that are remembered.
    pub async fn sessions(&self) -> Result<Vec<SessionRecord>> {
        all(&self.readers, "").await
    }

    /// Keeps a login, and forgets those that ended before `now`: if the password of `account` is
    /// still the one that was read, and by using `first_stage` up.
    pub async fn open_session(
        &self,
        session: &SessionRecord,
        account: Option<&AccountRecord>,
        first_stage: Option<&str>,
        now: Timestamp,
    ) -> Result<Opened> {
        let mut tx = self.begin().await?;
        if let Some(account) = account
            && !has_password_of(&mut tx, account).await?
        {
            tx.rollback().await?;
            return Ok(Opened::PasswordChanged);
        }
        if let Some(first_stage) = first_stage {
            let used = sqlx::query("DELETE FROM session WHERE id = $1")
                .bind(first_stage.to_owned())
                .execute(&mut *tx)
                .await?;
            if used.rows_affected() == 0 {
                tx.rollback().await?;
                return Ok(Opened::FirstStageGone);
            }
        }
        sqlx::query("DELETE FROM session WHERE ends_at < $1")
            .bind(ms(now))
            .execute(&mut *tx)
            .await?;
        insert(&mut *tx, session, "").await?;
        tx.commit().await?;
        Ok(Opened::Kept)
    }

    /// Replaces the login with this refresh token by the next one of its family, and remembers
    /// that it was used. A token that comes again ends the family.
    pub async fn rotate_session(&self, refresh_id: &str, next: &SessionRecord) -> Result<Rotation> {
        let mut tx = self.begin().await?;
        let used = sqlx::query(
            "UPDATE session SET kind = 'rotated', family = COALESCE(family, id) \
             WHERE refresh_id = $1 AND kind = 'office' RETURNING family",
        )
        .bind(refresh_id.to_owned())
        .fetch_all(&mut *tx)
        .await?;
        let Some(used) = used.first() else {
            let ended = sqlx::query(
                "DELETE FROM session WHERE family = \
                 (SELECT family FROM session WHERE refresh_id = $1 AND kind = 'rotated')",
            )
            .bind(refresh_id.to_owned())
            .execute(&mut *tx)
            .await?;
            tx.commit().await?;
            let known = ended.rows_affected() > 0;
            return Ok(if known { Rotation::Reused } else { Rotation::Unknown });
        };
        let family: String = used.try_get(0)?;
        let generation = i64::from(next.generation.unwrap_or_default());
        sqlx::query("DELETE FROM session WHERE family = $1 AND COALESCE(generation, 0) < $2")
            .bind(family.clone())
            .bind(generation - i64::from(REMEMBERED))
            .execute(&mut *tx)
            .await?;
        sqlx::query("UPDATE session SET ends_at = $2 WHERE family = $1")
            .bind(family)
            .bind(ms(next.ends_at))
            .execute(&mut *tx)
            .await?;
        insert(&mut *tx, next, "").await?;
        tx.commit().await?;
        Ok(Rotation::Done)
    }

    /// Ends every login of an ID.
    pub async fn close_logins(&self, user_id: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM session WHERE user_id = $1")
            .bind(user_id.to_owned())
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    /// Ends a login, and what is remembered of its family.
    pub async fn close_session(&self, id: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "DELETE FROM session WHERE (id = $1 AND kind <> 'rotated') OR family = \
             (SELECT family FROM session WHERE id = $1 AND kind <> 'rotated')",
        )
        .bind(id.to_owned())
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }
}

/// Whether the account still has the password it was read with.
async fn has_password_of(tx: &mut Write, account: &AccountRecord) -> Result<bool> {
    let found = sqlx::query(
        "SELECT kj_id FROM account WHERE kj_id = $1 AND password_hash IS NOT DISTINCT FROM $2 \
         AND known_password IS NOT DISTINCT FROM $3",
    )
    .bind(account.kj_id.clone())
    .bind(account.password_hash.as_ref().map(|hash| hash.reveal().to_owned()))
    .bind(account.known_password.as_ref().map(|known| known.reveal().to_owned()))
    .fetch_optional(&mut **tx)
    .await?;
    Ok(found.is_some())
}
