//! The body of a request, counted as it comes, and no slower than it may be.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::BoxError;
use axum::body::{Body, HttpBody};
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

use super::{Holding, NoRoom};

/// How much of a refused body is still read, so that the sender gets to read why.
pub(crate) const DRAINED_BYTES: u64 = 64 * 1024 * 1024;

/// And how long.
pub(crate) const DRAINED_FOR: Duration = Duration::from_secs(10);

/// A body comes slower than it may.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("it came at less than {0} bytes a second")]
pub(crate) struct TooSlow(pub(crate) u64);

/// How long a line may still be behind. What comes earns time, never more than the grace, so that
/// nobody saves it up; only time in which we wait is counted.
#[derive(Debug)]
pub(super) struct Patience {
    left: Duration,
    grace: Duration,
    pace: u64,
}

impl Patience {
    pub(super) const fn new(grace: Duration, pace: u64) -> Self {
        Self { left: grace, grace, pace }
    }

    /// So many bytes moved after a wait. `None` where it was too long.
    pub(super) fn moved(&mut self, waited: Duration, bytes: usize) -> Option<()> {
        let left = self.left.checked_sub(waited)?;
        let nanos = (bytes as u64).saturating_mul(1_000_000_000) / self.pace.max(1);
        self.left = left.saturating_add(Duration::from_nanos(nanos)).min(self.grace);
        Some(())
    }
}

pub(super) struct Metered {
    body: Body,
    holding: Holding,
    patience: Patience,
    waiting: Option<Waiting>,
    state: Reading,
}

struct Waiting {
    since: Instant,
    until: Pin<Box<Sleep>>,
}

enum Reading {
    Taking,
    /// It is refused for this; the rest is read, and not kept.
    Draining(NoRoom, u64, Pin<Box<Sleep>>),
    Ended,
}

impl Metered {
    pub(super) fn around(body: Body, holding: Holding) -> Body {
        if body.is_end_stream() {
            return body;
        }
        let bounds = holding.0.bounds;
        let patience = Patience::new(bounds.grace, bounds.pace);
        Body::new(Self { body, holding, patience, waiting: None, state: Reading::Taking })
    }

    /// The next piece, or that it does not come.
    fn poll_in_time(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<Frame<Bytes>>, BoxError>> {
        let Poll::Ready(next) = Pin::new(&mut self.body).poll_frame(cx) else {
            let waiting = self.waiting.get_or_insert_with(|| {
                let since = Instant::now();
                Waiting { since, until: Box::pin(sleep_until(since + self.patience.left)) }
            });
            ready!(waiting.until.as_mut().poll(cx));
            return Poll::Ready(Err(TooSlow(self.patience.pace).into()));
        };
        let waited = self.waiting.take().map_or(Duration::ZERO, |waiting| waiting.since.elapsed());
        let next = next.transpose()?;
        let bytes = next.as_ref().and_then(Frame::data_ref).map_or(0, Bytes::len);
        if self.patience.moved(waited, bytes).is_none() && next.is_some() {
            return Poll::Ready(Err(TooSlow(self.patience.pace).into()));
        }
        Poll::Ready(Ok(next))
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Frame<Bytes>>, BoxError>> {
        match &mut self.state {
            Reading::Ended => Poll::Ready(Ok(None)),
            Reading::Draining(why, left, until) => {
                let why = *why;
                let next = Pin::new(&mut self.body).poll_frame(cx);
                let Poll::Ready(next) = next else {
                    ready!(until.as_mut().poll(cx));
                    return Poll::Ready(Err(why.into()));
                };
                let Some(Ok(frame)) = next else { return Poll::Ready(Err(why.into())) };
                let bytes = frame.data_ref().map_or(0, Bytes::len) as u64;
                match left.checked_sub(bytes) {
                    Some(rest) => *left = rest,
                    None => return Poll::Ready(Err(why.into())),
                }
                // Others have their turn between two pieces.
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Reading::Taking => {
                let next = ready!(self.poll_in_time(cx))?;
                let bytes = next.as_ref().and_then(Frame::data_ref).map_or(0, Bytes::len) as u64;
                let Err(full) = self.holding.take(bytes) else { return Poll::Ready(Ok(next)) };
                self.state = Reading::Draining(full, DRAINED_BYTES, Box::pin(sleep(DRAINED_FOR)));
                self.poll_next(cx)
            }
        }
    }
}

impl HttpBody for Metered {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let next = ready!(self.poll_next(cx));
        if !matches!(next, Ok(Some(_))) {
            self.state = Reading::Ended;
        }
        Poll::Ready(next.transpose())
    }

    fn is_end_stream(&self) -> bool {
        match self.state {
            Reading::Taking => self.body.is_end_stream(),
            Reading::Draining(..) => false,
            Reading::Ended => true,
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_earned_by_bytes_and_not_saved_up() {
        let grace = Duration::from_secs(30);
        let of = || Patience::new(grace, 50_000);
        assert!(of().moved(grace, 0).is_some());
        assert!(of().moved(grace + Duration::from_nanos(1), 50_000_000).is_none());
        // At the pace it goes on for ever, below it comes to its end.
        let (mut exact, mut slow) = (of(), of());
        let second = Duration::from_secs(1);
        assert!((0..10_000).all(|_| exact.moved(second, 50_000).is_some()));
        let taken = (0..10_000).take_while(|_| slow.moved(second, 25_000).is_some()).count();
        assert_eq!(taken, 59, "half of every second is missing");
        // However much came before: one byte every five seconds is not enough.
        let mut trickle = of();
        assert!(trickle.moved(Duration::ZERO, 48_000_000).is_some());
        let taken = (0..100).take_while(|_| trickle.moved(5 * second, 1).is_some()).count();
        assert!((5..=6).contains(&taken), "{taken}");
    }
}
