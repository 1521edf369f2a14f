//! Archives that are being fetched: one copy each, however many fetch it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use bytes::Bytes;
use tokio::sync::OnceCell;

use super::{Holding, Memory, Whose};
use crate::api::problem::ApiResult;

/// Those that somebody fetches, by office and checksum.
#[derive(Debug, Default)]
pub(super) struct Archives {
    all: Mutex<HashMap<(String, String), Weak<Archive>>>,
}

/// Read once, by whoever came first.
#[derive(Debug, Default)]
struct Archive {
    read: OnceCell<Read>,
}

#[derive(Debug)]
struct Read {
    bytes: Bytes,
    _held: Holding,
}

/// The bytes of an archive, which goes with the last of these.
struct Shared(Arc<Archive>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.0.read.get().map_or(&[], |read| &read.bytes)
    }
}

impl Archives {
    fn of(&self, office: &str, sha256: &str) -> Arc<Archive> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (office.to_owned(), sha256.to_owned());
        if let Some(archive) = all.get(&key).and_then(Weak::upgrade) {
            return archive;
        }
        all.retain(|_, archive| archive.strong_count() > 0);
        let archive = Arc::default();
        all.insert(key, Arc::downgrade(&archive));
        archive
    }
}

impl Memory {
    /// The archive an office fetches, of `size` bytes; read unless it is in memory already. One
    /// that is alone always fits, also where the switches were lowered since it was sent.
    ///
    /// # Errors
    /// `memory-taken`; it cannot be read.
    pub(crate) async fn archive(
        &self,
        office: &str,
        sha256: &str,
        size: u64,
        read: impl Future<Output = ApiResult<Bytes>>,
    ) -> ApiResult<Bytes> {
        let archive = self.archives.of(office, sha256);
        let reading = async {
            let bounds = (self.bounds)().with_room_for(size);
            let whose = Whose::Office(office.to_owned());
            let held = Holding::new(Arc::clone(&self.outgoing), whose, bounds);
            held.take(size)?;
            Ok::<_, crate::api::problem::ApiError>(Read { bytes: read.await?, _held: held })
        };
        archive.read.get_or_try_init(|| reading).await?;
        Ok(Bytes::from_owner(Shared(archive)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::super::Bounds;
    use super::*;
    use crate::api::transport_refusal::INTERNAL_ERROR;

    fn memory() -> Memory {
        Memory::new(|| Bounds { total: 25, share: 10, pace: 1, grace: Duration::from_secs(1) })
    }

    fn bytes(size: usize) -> Bytes {
        Bytes::from(vec![7; size])
    }

    #[tokio::test]
    async fn many_who_fetch_one_archive_share_it() {
        let (memory, reads) = (memory(), AtomicUsize::new(0));
        let fetch = || {
            memory.archive("a", "1", 8, async {
                reads.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
                Ok(bytes(8))
            })
        };
        let all = futures_util::future::try_join_all((0..40).map(|_| fetch())).await.unwrap();
        assert_eq!((reads.load(Ordering::Relaxed), memory.taken()), (1, (0, 8)));
        assert!(all.iter().all(|one| one.as_ptr() == all[0].as_ptr() && *one == bytes(8)));
        let part = all[3].slice(2..4);
        drop(all);
        assert_eq!(memory.taken(), (0, 8), "a part of it is still being fetched");
        drop(part);
        assert_eq!(memory.taken(), (0, 0));
        fetch().await.unwrap();
        assert_eq!((reads.load(Ordering::Relaxed), memory.taken()), (2, (0, 0)));
    }

    #[tokio::test]
    async fn an_office_fetches_its_share_and_one_archive_in_any_case() {
        let memory = memory();
        let fetch = async |office, sha256, size| {
            memory.archive(office, sha256, size, async { Ok(bytes(size as usize)) }).await
        };
        let first = fetch("a", "1", 6).await.unwrap();
        let refused = fetch("a", "2", 5).await.unwrap_err();
        assert_eq!(refused.refusal().kind.code, "memory-taken");
        let second = fetch("a", "3", 4).await.unwrap();
        let other = fetch("b", "1", 9).await.unwrap();
        assert_eq!(memory.taken(), (0, 19), "what is refused holds nothing");
        drop((first, second, other));
        assert_eq!(fetch("a", "4", 30).await.unwrap().len(), 30, "larger than all there is");
        let failed = memory.archive("a", "5", 3, async { Err((&INTERNAL_ERROR).into()) }).await;
        assert_eq!(failed.unwrap_err().refusal().kind.code, "internal-error");
        assert_eq!(memory.taken(), (0, 0));
    }
}
