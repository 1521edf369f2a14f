//! The whole state out and in, and bytes by their SHA-256.

use bytes::Bytes;
use sqlx::{AssertSqlSafe, Row};

use super::record::TableRow;
use super::rows::{all, insert};
use super::writer::Write;
use super::{Result, State, Store};
use crate::random::sha256_hex;

/// Keeps bytes under their SHA-256, which it returns.
pub(super) async fn keep_blob(tx: &mut Write, bytes: &[u8]) -> Result<String> {
    let sha256 = sha256_hex(bytes);
    keep_blob_as(tx, &sha256, bytes).await?;
    Ok(sha256)
}

/// Keeps bytes whose SHA-256 is known.
pub(super) async fn keep_blob_as(tx: &mut Write, sha256: &str, bytes: &[u8]) -> Result<()> {
    sqlx::query("INSERT INTO blob (sha256, bytes) VALUES ($1, $2) ON CONFLICT (sha256) DO NOTHING")
        .bind(sha256.to_owned())
        .bind(bytes.to_vec())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn add_all<R: TableRow>(tx: &mut Write, rows: &[R]) -> Result<()> {
    for row in rows {
        insert(&mut **tx, row, "").await?;
    }
    Ok(())
}

impl Store {
    /// The whole state, as of one moment.
    pub async fn export(&self) -> Result<State> {
        // The writer's connection: nobody writes while it is held.
        let mut tx = self.begin().await?;
        let mut state = State {
            settings: all(&mut *tx, " ORDER BY name").await?,
            offices: all(&mut *tx, " ORDER BY number").await?,
            accounts: all(&mut *tx, " ORDER BY kj_id").await?,
            mail_codes: all(&mut *tx, " ORDER BY kj_id, purpose").await?,
            mails: all(&mut *tx, " ORDER BY id").await?,
            sessions: all(&mut *tx, " ORDER BY id").await?,
            certificates: all(&mut *tx, " ORDER BY id").await?,
            licences: all(&mut *tx, " ORDER BY id").await?,
            terms: all(&mut *tx, " ORDER BY id").await?,
            notices: all(&mut *tx, " ORDER BY id").await?,
            messages: all(&mut *tx, " ORDER BY id").await?,
            due: all(&mut *tx, " ORDER BY id").await?,
            ..State::default()
        };
        for row in sqlx::query("SELECT sha256, bytes FROM blob").fetch_all(&mut *tx).await? {
            let bytes: Vec<u8> = row.try_get(1)?;
            state.blobs.insert(row.try_get(0)?, bytes.into());
        }
        tx.rollback().await?;
        Ok(state)
    }

    /// Replaces the whole state, or changes nothing.
    pub async fn replace(&self, state: &State) -> Result<()> {
        let mut tx = self.begin().await?;
        for (table, _) in State::tables().iter().rev() {
            sqlx::query(AssertSqlSafe(format!("DELETE FROM {table}"))).execute(&mut *tx).await?;
        }
        sqlx::query("DELETE FROM blob").execute(&mut *tx).await?;
        for (sha256, bytes) in &state.blobs {
            let bytes: &Bytes = bytes;
            keep_blob_as(&mut tx, sha256, bytes).await?;
        }
        add_all(&mut tx, &state.settings).await?;
        add_all(&mut tx, &state.offices).await?;
        add_all(&mut tx, &state.accounts).await?;
        add_all(&mut tx, &state.mail_codes).await?;
        add_all(&mut tx, &state.mails).await?;
        add_all(&mut tx, &state.sessions).await?;
        add_all(&mut tx, &state.certificates).await?;
        add_all(&mut tx, &state.licences).await?;
        add_all(&mut tx, &state.terms).await?;
        add_all(&mut tx, &state.notices).await?;
        add_all(&mut tx, &state.messages).await?;
        add_all(&mut tx, &state.due).await?;
        tx.commit().await?;
        self.texts.clear();
        Ok(())
    }
}
