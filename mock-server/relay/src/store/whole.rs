//! The whole state out and in, and bytes by their SHA-256.

use std::collections::HashMap;

use sqlx::{AssertSqlSafe, Row};

use super::record::{Cell, TableRow};
use super::rows::{all, delete, insert, upsert};
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

/// Rows by their keys.
fn by_key<R: TableRow>(rows: &[R]) -> HashMap<Vec<Cell>, Vec<Cell>> {
    let keyed = |cells: Vec<Cell>| (cells[..R::KEY].to_vec(), cells);
    rows.iter().map(|row| keyed(row.cells())).collect()
}

/// Takes out the rows that are not there any more.
async fn remove_gone<R: TableRow>(tx: &mut Write, before: &[R], after: &[R]) -> Result<()> {
    let after = by_key(after);
    for row in before {
        let cells = row.cells();
        if !after.contains_key(&cells[..R::KEY]) {
            delete::<R>(&mut **tx, &cells[..R::KEY]).await?;
        }
    }
    Ok(())
}

/// Writes the rows that are new or other than they were.
async fn write_changed<R: TableRow>(tx: &mut Write, before: &[R], after: &[R]) -> Result<()> {
    let before = by_key(before);
    for row in after {
        let cells = row.cells();
        if before.get(&cells[..R::KEY]) != Some(&cells) {
            upsert(&mut **tx, row).await?;
        }
    }
    Ok(())
}

impl Store {
    /// The whole state, as of one moment.
    pub async fn export(&self) -> Result<State> {
        // The writer's connection: nobody writes while it is held.
        let mut tx = self.begin().await?;
        let mut state = desks(&mut tx).await?;
        state.messages = all(&mut *tx, " ORDER BY id").await?;
        for row in sqlx::query("SELECT sha256, bytes FROM blob").fetch_all(&mut *tx).await? {
            let bytes: Vec<u8> = row.try_get(1)?;
            state.blobs.insert(row.try_get(0)?, bytes.into());
        }
        tx.rollback().await?;
        Ok(state)
    }

    /// The state without what grows: messages and blobs.
    pub async fn desks(&self) -> Result<State> {
        let mut tx = self.begin().await?;
        let state = desks(&mut tx).await?;
        tx.rollback().await?;
        Ok(state)
    }

    /// Makes the difference between what [`desks`](Self::desks) gave and `after`, or changes
    /// nothing. Messages and blobs of `after` come to those there are.
    pub async fn rewrite(&self, before: &State, after: &State) -> Result<()> {
        let mut tx = self.begin().await?;
        macro_rules! each {
            ($verb:ident: $($field:ident)*) => {
                $($verb(&mut tx, &before.$field, &after.$field).await?;)*
            };
        }
        // Who is named goes after those who name it, and comes before them.
        each!(remove_gone: due notices terms licences certificates sessions mails mail_codes
              accounts offices settings);
        for (sha256, bytes) in &after.blobs {
            keep_blob_as(&mut tx, sha256, bytes).await?;
        }
        each!(write_changed: settings offices accounts mail_codes mails sessions certificates
              licences terms notices due);
        add_all(&mut tx, &after.messages).await?;
        tx.commit().await
    }

    /// Replaces the whole state, or changes nothing.
    pub async fn replace(&self, state: &State) -> Result<()> {
        let replaced = self.replace_all(state).await;
        // Whether a write that failed is kept is not certain.
        self.texts.clear();
        replaced
    }

    async fn replace_all(&self, state: &State) -> Result<()> {
        let mut tx = self.begin().await?;
        for (table, _) in State::tables().iter().rev() {
            sqlx::query(AssertSqlSafe(format!("DELETE FROM {table}"))).execute(&mut *tx).await?;
        }
        sqlx::query("DELETE FROM blob").execute(&mut *tx).await?;
        for (sha256, bytes) in &state.blobs {
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
        tx.commit().await
    }
}

async fn desks(tx: &mut Write) -> Result<State> {
    Ok(State {
        settings: all(&mut **tx, " ORDER BY name").await?,
        offices: all(&mut **tx, " ORDER BY number").await?,
        accounts: all(&mut **tx, " ORDER BY kj_id").await?,
        mail_codes: all(&mut **tx, " ORDER BY kj_id, purpose").await?,
        mails: all(&mut **tx, " ORDER BY id").await?,
        sessions: all(&mut **tx, " ORDER BY id").await?,
        certificates: all(&mut **tx, " ORDER BY id").await?,
        licences: all(&mut **tx, " ORDER BY id").await?,
        terms: all(&mut **tx, " ORDER BY id").await?,
        notices: all(&mut **tx, " ORDER BY id").await?,
        due: all(&mut **tx, " ORDER BY id").await?,
        ..State::default()
    })
}
