//! KJ IDs, c-IDs and mailed codes.

use jiff::Timestamp;
use sqlx::Row;

use super::record::{AccountRecord, MailCodeRecord, MailRecord};
use super::rows::{all, change_one, insert, read_one, upsert};
use super::{Result, Store, ms};
use crate::secret::Secret;

/// Which of the two IDs of an office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdKind {
    /// KJ ID.
    Kj,
    /// c-ID.
    Terminal,
}

/// When an ID is locked.
#[derive(Debug, Clone, Copy)]
pub struct LockRule {
    /// After so many failures in a row; 0 never locks.
    pub after: u32,
    /// Until then, if this failure locks it.
    pub until: Timestamp,
}

/// What came of an attempt at a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// It may be verified.
    Reserved {
        /// Until when the ID is locked, unless it turns out to be right.
        locks_until: Option<Timestamp>,
    },
    /// The ID is locked.
    Locked,
    /// There is no such ID.
    Unknown,
}

impl Store {
    /// Every account.
    pub async fn accounts(&self) -> Result<Vec<AccountRecord>> {
        all(&self.readers, " ORDER BY kj_id").await
    }

    /// The account with this ID.
    pub async fn find_account(&self, kind: IdKind, id: &str) -> Result<Option<AccountRecord>> {
        let ending = match kind {
            IdKind::Kj => " WHERE kj_id = $1",
            IdKind::Terminal => " WHERE c_id = $1",
        };
        read_one(&self.readers, ending, |query| query.bind(id.to_owned())).await
    }

    /// Counts an attempt at a login before anything is verified, and locks the ID where the rule
    /// says so, until it is forgotten again ([`Store::forget_failures`]). A lock that has ended
    /// starts the count over; one that stands takes no attempt.
    ///
    /// An unknown ID writes as much as a known one: another account is written as it is.
    pub async fn reserve_attempt(
        &self,
        kind: IdKind,
        id: &str,
        now: Timestamp,
        rule: LockRule,
    ) -> Result<Attempt> {
        let text = match kind {
            IdKind::Kj => {
                "UPDATE account SET \
                 failures = CASE WHEN kj_id <> $1 THEN failures \
                            WHEN locked_until IS NULL THEN failures + 1 ELSE 1 END, \
                 locked_until = CASE WHEN kj_id <> $1 THEN locked_until \
                     WHEN (CASE WHEN locked_until IS NULL THEN failures + 1 ELSE 1 END) >= $3 \
                     THEN $4 ELSE NULL END \
                 WHERE kj_id = COALESCE((SELECT kj_id FROM account WHERE kj_id = $1), \
                                        (SELECT MIN(kj_id) FROM account)) \
                 AND (kj_id <> $1 OR locked_until IS NULL OR locked_until <= $2) \
                 RETURNING kj_id, locked_until"
            }
            IdKind::Terminal => {
                "UPDATE account SET \
                 c_failures = CASE WHEN c_id <> $1 THEN c_failures \
                              WHEN c_locked_until IS NULL THEN c_failures + 1 ELSE 1 END, \
                 c_locked_until = CASE WHEN c_id <> $1 THEN c_locked_until \
                     WHEN (CASE WHEN c_locked_until IS NULL THEN c_failures + 1 ELSE 1 END) >= $3 \
                     THEN $4 ELSE NULL END \
                 WHERE c_id = COALESCE((SELECT c_id FROM account WHERE c_id = $1), \
                                       (SELECT MIN(c_id) FROM account)) \
                 AND (c_id <> $1 OR c_locked_until IS NULL OR c_locked_until <= $2) \
                 RETURNING c_id, c_locked_until"
            }
        };
        // The limit of a rule that never locks is out of reach.
        let after = if rule.after == 0 { i64::MAX } else { i64::from(rule.after) };
        let mut tx = self.begin().await?;
        let rows = sqlx::query(text)
            .bind(id.to_owned())
            .bind(ms(now))
            .bind(after)
            .bind(ms(rule.until))
            .fetch_all(&mut *tx)
            .await?;
        tx.commit().await?;
        let Some(row) = rows.first() else { return Ok(Attempt::Locked) };
        if row.try_get::<String, _>(0)? != id {
            return Ok(Attempt::Unknown);
        }
        let until: Option<i64> = row.try_get(1)?;
        let locks_until = until.and_then(|until| Timestamp::from_millisecond(until).ok());
        Ok(Attempt::Reserved { locks_until })
    }

    /// Forgets failed logins.
    pub async fn forget_failures(&self, kind: IdKind, id: &str) -> Result<()> {
        let text = match kind {
            IdKind::Kj => "UPDATE account SET failures = 0, locked_until = NULL WHERE kj_id = $1",
            IdKind::Terminal => {
                "UPDATE account SET c_failures = 0, c_locked_until = NULL WHERE c_id = $1"
            }
        };
        let mut tx = self.begin().await?;
        sqlx::query(text).bind(id.to_owned()).execute(&mut *tx).await?;
        tx.commit().await
    }

    /// Keeps the password a user chose, if the one of `before` is still there, and ends every
    /// login of this KJ ID but `kept`; false where somebody else was faster.
    pub async fn change_password(
        &self,
        before: &AccountRecord,
        hash: &str,
        now: Timestamp,
        expires_at: Option<Timestamp>,
        kept: Option<&str>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let changed = sqlx::query(
            "UPDATE account SET password_hash = $2, known_password = NULL, password_since = $3, \
             password_expires_at = $4, failures = 0, locked_until = NULL WHERE kj_id = $1 \
             AND password_hash IS NOT DISTINCT FROM $5 AND known_password IS NOT DISTINCT FROM $6",
        )
        .bind(before.kj_id.clone())
        .bind(hash.to_owned())
        .bind(ms(now))
        .bind(expires_at.map(ms))
        .bind(before.password_hash.as_ref().map(|hash| hash.reveal().to_owned()))
        .bind(before.known_password.as_ref().map(|known| known.reveal().to_owned()))
        .execute(&mut *tx)
        .await?;
        if changed.rows_affected() == 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        sqlx::query("DELETE FROM session WHERE user_id = $1 AND id <> $2")
            .bind(before.kj_id.clone())
            .bind(kept.unwrap_or_default().to_owned())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Whether mails that may wait are held over night.
    pub(crate) async fn set_night_hold(&self, kj_id: &str, holds: bool) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE account SET night_hold = $2 WHERE kj_id = $1")
            .bind(kj_id.to_owned())
            .bind(i64::from(holds))
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    /// Keeps a temporary password, and ends every login of this KJ ID.
    pub async fn issue_temporary_password(
        &self,
        kj_id: &str,
        password: &Secret,
        now: Timestamp,
        expires_at: Option<Timestamp>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "UPDATE account SET password_hash = NULL, known_password = $2, password_since = $3, \
             password_expires_at = $4, failures = 0, locked_until = NULL WHERE kj_id = $1",
        )
        .bind(kj_id.to_owned())
        .bind(password.reveal().to_owned())
        .bind(ms(now))
        .bind(expires_at.map(ms))
        .execute(&mut *tx)
        .await?;
        sqlx::query("DELETE FROM session WHERE user_id = $1")
            .bind(kj_id.to_owned())
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    /// Replaces 証明書発行用パスワード, and withdraws what was issued before in the same step.
    pub async fn replace_certificate_password(
        &self,
        kj_id: &str,
        password: &str,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE account SET certificate_password = $2 WHERE kj_id = $1")
            .bind(kj_id.to_owned())
            .bind(password.to_owned())
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "UPDATE certificate SET withdrawn_at = $2, p12_sha256 = NULL \
             WHERE kj_id = $1 AND issued_at IS NOT NULL AND withdrawn_at IS NULL",
        )
        .bind(kj_id.to_owned())
        .bind(ms(now))
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    /// Keeps a mail address as confirmed, and forgets its code; false where somebody else was
    /// faster.
    pub async fn confirm_mail(&self, code: &MailCodeRecord) -> Result<bool> {
        let mut tx = self.begin().await?;
        let gone =
            sqlx::query("DELETE FROM mail_code WHERE kj_id = $1 AND purpose = $2 AND code = $3")
                .bind(code.kj_id.clone())
                .bind(code.purpose.clone())
                .bind(code.code.reveal().to_owned())
                .execute(&mut *tx)
                .await?;
        if gone.rows_affected() == 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        let text = if code.purpose == "notice" {
            "UPDATE account SET mail_notice = $2 WHERE kj_id = $1"
        } else {
            "UPDATE account SET mail_security = $2 WHERE kj_id = $1"
        };
        sqlx::query(text)
            .bind(code.kj_id.clone())
            .bind(code.address.clone())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(true)
    }
}

impl Store {
    /// Keeps a code, replacing an earlier one for the same purpose, and its mail.
    pub async fn keep_code(&self, code: &MailCodeRecord, mail: &MailRecord) -> Result<()> {
        let mut tx = self.begin().await?;
        upsert(&mut *tx, code).await?;
        insert(&mut *tx, mail, "").await?;
        tx.commit().await
    }

    /// Counts a try and returns the code, with the tries so far.
    pub async fn try_code(&self, kj_id: &str, purpose: &str) -> Result<Option<MailCodeRecord>> {
        let mut tx = self.begin().await?;
        let tried = change_one(
            &mut *tx,
            "UPDATE mail_code SET tries = tries + 1 WHERE kj_id = $1 AND purpose = $2",
            |query| query.bind(kj_id.to_owned()).bind(purpose.to_owned()),
        )
        .await?;
        tx.commit().await?;
        Ok(tried)
    }
}
