//! お知らせ and mails.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Any, Transaction};

use super::super::record::{MailRecord, NoticeRecord};
use super::super::{Announcement, Notices, Result};
use super::rows::{all, change_one, insert, read_all};
use super::{SqlStore, ms};

/// Adds a notice and its mail; the same identifier again changes nothing.
pub(super) async fn announce(
    tx: &mut Transaction<'static, Any>,
    announcement: &Announcement,
) -> Result<()> {
    let added = insert(&mut **tx, &announcement.notice, " ON CONFLICT DO NOTHING").await?;
    if let (1, Some(mail)) = (added, &announcement.mail) {
        insert(&mut **tx, mail, " ON CONFLICT DO NOTHING").await?;
    }
    Ok(())
}

#[async_trait]
impl Notices for SqlStore {
    async fn publish(&self, announcement: &Announcement) -> Result<()> {
        let mut tx = self.begin().await?;
        announce(&mut tx, announcement).await?;
        Ok(tx.commit().await?)
    }

    async fn notices_of(&self, office: &str) -> Result<Vec<NoticeRecord>> {
        read_all(&self.readers, " WHERE office = $1 ORDER BY published_at DESC, id DESC", |query| {
            query.bind(office.to_owned())
        })
        .await
    }

    async fn open_notice(
        &self,
        office: &str,
        id: &str,
        now: Timestamp,
    ) -> Result<Option<NoticeRecord>> {
        change_one(
            &self.writer,
            "UPDATE notice SET read_at = COALESCE(read_at, $3) WHERE office = $1 AND id = $2",
            |query| query.bind(office.to_owned()).bind(id.to_owned()).bind(ms(now)),
        )
        .await
    }

    async fn mails(&self, office: Option<&str>) -> Result<Vec<MailRecord>> {
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
