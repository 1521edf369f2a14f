//! The body of an answer that is much, a piece at a time.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};
use tokio::time::Instant;

use super::Memory;
use super::metered::Patience;

/// Bytes of a piece: what waits to be written is no more than a few of these.
const PIECE: usize = 64 * 1024;

/// Bytes that go out; whoever takes them slower than it may is let go.
pub(crate) struct Going {
    left: Bytes,
    patience: Patience,
    since: Instant,
    last: usize,
}

impl Going {
    pub(crate) fn body(left: Bytes, memory: &Memory) -> Body {
        let bounds = (memory.bounds)();
        let patience = Patience::new(bounds.grace, bounds.pace);
        Body::new(Self { left, patience, since: Instant::now(), last: 0 })
    }
}

impl HttpBody for Going {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        // It is asked for the next piece when there is room for it.
        let (waited, last) = (self.since.elapsed(), self.last);
        if self.patience.moved(waited, last).is_none() {
            return Poll::Ready(Some(Err(io::ErrorKind::TimedOut.into())));
        }
        let size = self.left.len().min(PIECE);
        let piece = self.left.split_to(size);
        (self.since, self.last) = (Instant::now(), size);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.len() as u64)
    }
}
