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

#[cfg(test)]
mod tests {
    use std::future::Future as _;
    use std::sync::Mutex;
    use std::task::{Context, Waker};

    use super::*;
    use crate::progress::Silent;

    #[tokio::test]
    async fn the_work_is_heard_of_and_knows_that_somebody_waits() {
        let heard = Mutex::new(Vec::new());
        let listen = |event: Event| heard.lock().unwrap().push(event);
        let there = apart(&listen, |caller| async move {
            for done in [1, 2] {
                caller.event(Event::Uploading { done, total: 2 });
                tokio::task::yield_now().await;
            }
            Ok(!caller.is_gone())
        });
        assert!(there.await.unwrap());
        let heard = heard.into_inner().unwrap();
        let expected = [1, 2].map(|done| Event::Uploading { done, total: 2 });
        assert_eq!(format!("{heard:?}"), format!("{expected:?}"));
    }

    #[tokio::test]
    async fn the_work_learns_that_nobody_waits_and_goes_on() {
        let (begin, begun) = tokio::sync::oneshot::channel();
        let (end, ended) = tokio::sync::oneshot::channel();
        let mut work = Box::pin(apart(&Silent, |caller| async move {
            let before = caller.is_gone();
            let _ = begin.send(());
            caller.gone().await;
            let after = caller.is_gone();
            let began = std::time::Instant::now();
            caller.gone_for(Duration::from_millis(20)).await;
            let _ = end.send((before, after, began.elapsed() >= Duration::from_millis(20)));
            Ok(())
        }));
        let mut context = Context::from_waker(Waker::noop());
        assert!(work.as_mut().poll(&mut context).is_pending());
        begun.await.unwrap();
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        drop(work);
        assert_eq!(ended.await.unwrap(), (false, true, true));
    }

    #[tokio::test]
    async fn work_that_breaks_is_an_error() {
        let error = in_background::<()>(|| panic!("on purpose")).await.unwrap_err();
        assert_eq!(error.code().as_str(), "internal");
        let broken = apart::<(), _>(&Silent, |_| async { panic!("on purpose") }).await;
        assert_eq!(broken.unwrap_err().code().as_str(), "internal");
    }
}
