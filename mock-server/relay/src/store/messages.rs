//! Messages: handed in once for each key, fetched once.

use bytes::Bytes;
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Row};

use super::record::MessageRecord;
use super::rows::{change_one, decode_listed, insert, read_one, select_text};
use super::{Result, Store, StoreError, ms, whole};

/// What came of handing in a message.
#[derive(Debug, Clone)]
pub enum Accepted {
    /// It is kept.
    New,
    /// The sender has used the key before, for this.
    Before(Box<MessageRecord>),
}

/// What came of a claim.
#[derive(Debug, Clone)]
pub enum Claimed {
    /// This caller won.
    Won(Box<MessageRecord>),
    /// Somebody else had.
    Before(Box<MessageRecord>),
    /// The office has no such message.
    Unknown,
}

/// The archive of a message that nobody has claimed.
#[derive(Debug)]
pub(crate) struct Unclaimed {
    pub(crate) sha256: String,
    /// Whether it is there with the length it shall have.
    pub(crate) is_there: bool,
    /// Its bytes, where they are few.
    pub(crate) bytes: Option<Bytes>,
}

/// The right to download a claimed message.
#[derive(Debug, Clone)]
pub struct DownloadRight {
    /// Identifier of its token.
    pub id: String,
    /// Until when.
    pub until: Timestamp,
    /// What the token was made of beside the key of the claim; nothing for a claim without one.
    pub salt: Option<String>,
}

/// Which side of a message an office is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// 受信一覧.
    Receiver,
    /// 送信一覧.
    Sender,
}

impl Store {
    /// Keeps a message and its archive, once for each sender and key.
    pub async fn accept(&self, message: &MessageRecord, archive: Bytes) -> Result<Accepted> {
        let mut tx = self.begin().await?;
        whole::keep_blob_as(&mut tx, &message.archive_sha256, &archive).await?;
        if insert(&mut *tx, message, " ON CONFLICT (sender, key) DO NOTHING").await? == 1 {
            tx.commit().await?;
            return Ok(Accepted::New);
        }
        let before = read_one(&mut *tx, BY_KEY, |query| {
            query.bind(message.sender.clone()).bind(message.key.clone())
        })
        .await?;
        tx.rollback().await?;
        before
            .map(|before| Accepted::Before(Box::new(before)))
            .ok_or(StoreError::Missing("message"))
    }

    /// The message a sender handed in under this key.
    pub async fn find_by_key(&self, sender: &str, key: &str) -> Result<Option<MessageRecord>> {
        read_one(&self.readers, BY_KEY, |query| query.bind(sender.to_owned()).bind(key.to_owned()))
            .await
    }

    /// One message of a side.
    pub async fn find_message(
        &self,
        office: &str,
        side: Side,
        id: &str,
    ) -> Result<Option<MessageRecord>> {
        let ending = match side {
            Side::Receiver => " WHERE id = $2 AND receiver = $1",
            Side::Sender => " WHERE id = $2 AND sender = $1",
        };
        read_one(&self.readers, ending, |query| query.bind(office.to_owned()).bind(id.to_owned()))
            .await
    }

    /// The archive of a message, unless somebody has claimed that, or there is none.
    pub(crate) async fn unclaimed_archive(
        &self,
        receiver: &str,
        id: &str,
    ) -> Result<Option<Unclaimed>> {
        let row = sqlx::query(
            "SELECT own.archive_sha256, length(blob.bytes) IS own.archive_bytes, \
             CASE WHEN length(blob.bytes) <= 131072 THEN blob.bytes END FROM message AS own \
             LEFT JOIN blob ON blob.sha256 = own.archive_sha256 \
             WHERE own.id = $2 AND own.receiver = $1 AND own.claimed_at IS NULL",
        )
        .bind(receiver.to_owned())
        .bind(id.to_owned())
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let (is_there, bytes): (i64, Option<Vec<u8>>) = (row.try_get(1)?, row.try_get(2)?);
        let (is_there, bytes) = (is_there == 1, bytes.map(Bytes::from));
        Ok(Some(Unclaimed { sha256: row.try_get(0)?, is_there, bytes }))
    }

    /// Claims a message. Of concurrent callers exactly one wins.
    pub async fn claim(
        &self,
        receiver: &str,
        id: &str,
        now: Timestamp,
        right: &DownloadRight,
    ) -> Result<Claimed> {
        let mut tx = self.begin().await?;
        let won = change_one(
            &mut *tx,
            "UPDATE message SET claimed_at = $3, download_id = $4, download_until = $5, \
             claim_salt = $6 WHERE id = $2 AND receiver = $1 AND claimed_at IS NULL",
            |query| {
                query
                    .bind(receiver.to_owned())
                    .bind(id.to_owned())
                    .bind(ms(now))
                    .bind(right.id.clone())
                    .bind(ms(right.until))
                    .bind(right.salt.clone())
            },
        )
        .await?;
        if let Some(won) = won {
            tx.commit().await?;
            return Ok(Claimed::Won(Box::new(won)));
        }
        // Whatever is there now was claimed before: nobody releases a claim in this transaction.
        let before = read_one(&mut *tx, " WHERE id = $2 AND receiver = $1", |query| {
            query.bind(receiver.to_owned()).bind(id.to_owned())
        })
        .await?;
        tx.rollback().await?;
        Ok(before.map_or(Claimed::Unknown, |before| Claimed::Before(Box::new(before))))
    }

    /// Makes a claimed message one that nobody has claimed: its token opens nothing any more.
    /// Returns it as it was left, unless nobody had.
    pub async fn release_claim(&self, id: &str) -> Result<Option<MessageRecord>> {
        let mut tx = self.begin().await?;
        let released = change_one(
            &mut *tx,
            "UPDATE message SET claimed_at = NULL, download_id = NULL, download_until = NULL, \
             confirmed_at = NULL, claim_salt = NULL WHERE id = $1 AND claimed_at IS NOT NULL",
            |query| query.bind(id.to_owned()),
        )
        .await?;
        tx.commit().await?;
        Ok(released)
    }

    /// What was claimed last, the latest first: a hundred at most.
    pub async fn claimed_last(&self) -> Result<Vec<MessageRecord>> {
        let text = select_text::<MessageRecord>(
            " WHERE claimed_at IS NOT NULL ORDER BY claimed_at DESC, id DESC LIMIT 100",
        );
        let rows = sqlx::query(AssertSqlSafe(text)).fetch_all(&self.readers).await?;
        let rows = rows.iter().map(decode_listed::<MessageRecord>);
        let whole =
            rows.filter_map(|row| row.map(|(row, is_whole)| is_whole.then_some(row)).transpose());
        whole.collect()
    }

    /// How many messages of an office nobody has fetched.
    pub async fn unfetched(&self, receiver: &str) -> Result<u64> {
        let count: i64 =
            sqlx::query("SELECT COALESCE(SUM(unclaimed), 0) FROM tally WHERE receiver = $1")
                .bind(receiver.to_owned())
                .fetch_one(&self.readers)
                .await?
                .try_get(0)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Whether there is such a message, whoever it belongs to.
    pub async fn is_message(&self, id: &str) -> Result<bool> {
        let found: Option<MessageRecord> =
            read_one(&self.readers, " WHERE id = $1", |query| query.bind(id.to_owned())).await?;
        Ok(found.is_some())
    }

    /// The message a download token opens.
    pub async fn find_download(&self, right_id: &str) -> Result<Option<MessageRecord>> {
        read_one(&self.readers, " WHERE download_id = $1", |query| query.bind(right_id.to_owned()))
            .await
    }

    /// Notes that the client has it; says whether the token still opened anything.
    pub async fn confirm_download(&self, right_id: &str, now: Timestamp) -> Result<bool> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "UPDATE message SET confirmed_at = COALESCE(confirmed_at, $2) WHERE download_id = $1",
        )
        .bind(right_id.to_owned())
        .bind(ms(now))
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// Bytes by their SHA-256.
    pub async fn blob(&self, sha256: &str) -> Result<Option<Bytes>> {
        let row = sqlx::query("SELECT bytes FROM blob WHERE sha256 = $1")
            .bind(sha256.to_owned())
            .fetch_optional(&self.readers)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let bytes: Vec<u8> = row.try_get(0)?;
        Ok(Some(bytes.into()))
    }
}

const BY_KEY: &str = " WHERE sender = $1 AND key = $2";
