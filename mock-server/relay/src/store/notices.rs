//! お知らせ and mails.

use super::record::{MailRecord, NoticeRecord};
use super::rows::{all, change_one, insert, read_all};
use super::writer::Write;
use super::{Result, Store, ms};
use jiff::Timestamp;
use sqlx::Row as _;

/// A notice, and the mail that tells of it where the office has an address.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// The notice.
    pub notice: NoticeRecord,
    /// The mail.
    pub mail: Option<MailRecord>,
}

/// Adds a notice and its mail; the same identifier again changes nothing.
pub(super) async fn announce(tx: &mut Write, announcement: &Announcement) -> Result<()> {
    let added = insert(&mut **tx, &announcement.notice, " ON CONFLICT DO NOTHING").await?;
    if let (1, Some(mail)) = (added, &announcement.mail) {
        insert(&mut **tx, mail, " ON CONFLICT DO NOTHING").await?;
    }
    Ok(())
}

impl Store {
    /// Publishes a notice and its mail; the same identifier again changes nothing.
    pub async fn publish(&self, announcement: &Announcement) -> Result<()> {
        let mut tx = self.begin().await?;
        announce(&mut tx, announcement).await?;
        tx.commit().await
    }

    /// Those of an office, the newest first.
    pub async fn notices_of(&self, office: &str) -> Result<Vec<NoticeRecord>> {
        read_all(&self.readers, " WHERE office = $1 ORDER BY published_at DESC, id DESC", |query| {
            query.bind(office.to_owned())
        })
        .await
    }

    /// So many of an office's, the newest first, behind so many; how many there are, and how many of
    /// them nobody has read.
    pub async fn notices_page(
        &self,
        office: &str,
        behind: u64,
        most: u32,
    ) -> Result<(Vec<NoticeRecord>, u64, u64)> {
        let behind = i64::try_from(behind).unwrap_or(i64::MAX);
        let rows = read_all(
            &self.readers,
            " WHERE office = $1 ORDER BY published_at DESC, id DESC LIMIT $2 OFFSET $3",
            |query| query.bind(office.to_owned()).bind(i64::from(most)).bind(behind),
        )
        .await?;
        let counts = "SELECT COUNT(*), COUNT(*) - COUNT(read_at) FROM notice WHERE office = $1";
        let counts = sqlx::query(counts).bind(office.to_owned()).fetch_one(&self.readers).await?;
        let count = |at: usize| counts.try_get::<i64, _>(at).map(i64::unsigned_abs);
        Ok((rows, count(0)?, count(1)?))
    }

    /// One notice; it counts as read from now on.
    pub async fn open_notice(
        &self,
        office: &str,
        id: &str,
        now: Timestamp,
    ) -> Result<Option<NoticeRecord>> {
        let mut tx = self.begin().await?;
        let opened = change_one(
            &mut *tx,
            "UPDATE notice SET read_at = COALESCE(read_at, $3) WHERE office = $1 AND id = $2",
            |query| query.bind(office.to_owned()).bind(id.to_owned()).bind(ms(now)),
        )
        .await?;
        tx.commit().await?;
        Ok(opened)
    }

    /// The mails of an office, or of all, the newest first.
    pub async fn mails(&self, office: Option<&str>) -> Result<Vec<MailRecord>> {
        match office {
            Some(office) => {
                read_all(
                    &self.readers,
                    " WHERE office = $1 ORDER BY sent_at DESC, id DESC",
                    |query| query.bind(office.to_owned()),
                )
                .await
            }
            None => all(&self.readers, " ORDER BY sent_at DESC, id DESC").await,
        }
    }
}
