//! Work that takes its time.

use crate::outcome::Failure;

/// Does work on a thread where it may take its time. If it panics, it alone has failed.
pub(crate) async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Failure::Task(error.to_string()))
}
