//! Work outside the task that asks for it: that goes on to a safe end when its caller goes away (a
//! Cancel button, a timeout, `select!`), or that would hold up everything else.

use std::future::Future;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use crate::error::{Cause, Error, ErrorKind};
use crate::progress::{Event, Progress};

/// The caller, as the work sees it.
pub(crate) struct Caller {
    events: mpsc::UnboundedSender<Event>,
    alive: watch::Receiver<()>,
}

impl Progress for Caller {
    fn event(&self, event: Event) {
        // Nobody listens any more: the work ends soon, or is at its last steps.
        let _ = self.events.send(event);
    }
}

impl Caller {
    /// Whether nobody waits for the result any more.
    pub(crate) fn is_gone(&self) -> bool {
        self.alive.has_changed().is_err()
    }

    /// Ends when nobody waits for the result any more.
    pub(crate) async fn gone(&self) {
        let mut alive = self.alive.clone();
        while alive.changed().await.is_ok() {}
    }

    /// Ends when nobody has waited for the result for so long.
    pub(crate) async fn gone_for(&self, time: Duration) {
        self.gone().await;
        tokio::time::sleep(time).await;
    }
}

/// Does work in a task of its own and waits for its result. If this is dropped, the task learns of
/// it from its [`Caller`] and goes on to where it may stop.
pub(crate) async fn apart<T, W>(
    progress: &dyn Progress,
    work: impl FnOnce(Caller) -> W,
) -> Result<T, Error>
where
    T: Send + 'static,
    W: Future<Output = Result<T, Error>> + Send + 'static,
{
    let (events, mut heard) = mpsc::unbounded_channel();
    // Dropped with this call, which is what the task notices.
    let (_here, alive) = watch::channel(());
    let mut task = tokio::spawn(work(Caller { events, alive }));
    loop {
        tokio::select! {
            biased;
            Some(event) = heard.recv() => progress.event(event),
            outcome = &mut task => {
                return outcome.map_err(broken)?;
            }
        }
    }
}

/// Does what takes processor or disk on a thread for it, so that nothing else waits.
pub(crate) async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(broken)
}

/// The work did not come to an end.
fn broken(error: tokio::task::JoinError) -> Error {
    Error::new(ErrorKind::Internal(error.to_string())).because(Some(Cause::from(error)))
}
