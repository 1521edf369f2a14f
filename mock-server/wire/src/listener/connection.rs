//! What is known about a connection, and cutting it.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use careplan_relay::certificate::Presented;

/// The other end of a connection; in the extensions of every request.
#[derive(Debug, Clone)]
pub struct Peer {
    /// Where it is.
    pub address: IpAddr,
    /// The certificate it presented, with proof that it holds the key. Whether it is any good is
    /// judged on every request, because the clock and the revocation list move on.
    pub certificate: Option<Arc<Presented>>,
    /// Serial number of that certificate, as the authority writes it.
    pub serial: Option<Arc<str>>,
    /// Whether the connection is one of TLS.
    pub tls: bool,
    /// Cuts the connection.
    pub cut: Cut,
}

/// Cuts a connection, as a fault: the next thing written to it fails.
#[derive(Debug, Clone, Default)]
pub struct Cut(Arc<AtomicBool>);

impl Cut {
    /// From now on nothing more goes out.
    pub fn now(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn check(&self) -> io::Result<()> {
        if self.0.load(Ordering::Acquire) {
            return Err(io::Error::new(io::ErrorKind::ConnectionReset, "cut by a fault"));
        }
        Ok(())
    }
}

/// When something last moved on a connection, and whether it is waiting for us.
#[derive(Debug, Clone)]
pub(super) struct Activity(Arc<Moves>);

#[derive(Debug)]
struct Moves {
    opened: Instant,
    /// Milliseconds after `opened`.
    last: AtomicU64,
    /// When the last request began or ended, in nanoseconds after `opened`.
    turned: AtomicU64,
    /// Requests that are being handled.
    handling: AtomicUsize,
    /// Whether a request was answered.
    has_answered: AtomicBool,
    /// Whether the last request asked for health.
    for_health: AtomicBool,
}

/// What a connection is used for at a moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Use {
    /// When it was opened.
    pub(super) opened: Instant,
    /// When the last request was answered, if one was.
    pub(super) answered: Option<Instant>,
    /// Since when nothing has begun or ended, where requests are being handled.
    pub(super) began: Option<Instant>,
}

impl Activity {
    pub(super) fn new() -> Self {
        Self(Arc::new(Moves {
            opened: Instant::now(),
            last: AtomicU64::new(0),
            turned: AtomicU64::new(0),
            handling: AtomicUsize::new(0),
            has_answered: AtomicBool::new(false),
            for_health: AtomicBool::new(false),
        }))
    }

    /// A request is handled while the result lives.
    pub(super) fn handling(&self) -> Handling {
        self.turn();
        self.0.handling.fetch_add(1, Ordering::Relaxed);
        Handling(self.clone())
    }

    /// A request asks for health, or for something else.
    pub(super) fn asked_for_health(&self, is_health: bool) {
        self.0.for_health.store(is_health, Ordering::Relaxed);
    }

    pub(super) fn asks_for_health(&self) -> bool {
        self.0.for_health.load(Ordering::Relaxed)
    }

    /// What it is used for now.
    pub(super) fn now(&self) -> Use {
        let turned = self.0.opened + Duration::from_nanos(self.0.turned.load(Ordering::Relaxed));
        let is_handling = self.0.handling.load(Ordering::Relaxed) > 0;
        Use {
            opened: self.0.opened,
            answered: self.0.has_answered.load(Ordering::Relaxed).then_some(turned),
            began: is_handling.then_some(turned),
        }
    }

    /// Waits until nothing has moved for `limit` and no request is being handled.
    pub(super) async fn idle_for(&self, limit: Duration) {
        loop {
            let moved = self.0.opened + Duration::from_millis(self.0.last.load(Ordering::Relaxed));
            let due = moved + limit;
            if Instant::now() < due {
                tokio::time::sleep_until(due).await;
            } else if self.0.handling.load(Ordering::Relaxed) == 0 {
                return;
            } else {
                tokio::time::sleep(limit).await;
            }
        }
    }

    fn moved(&self) {
        let since = self.0.opened.elapsed().as_millis();
        self.0.last.store(u64::try_from(since).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// A request begins or ends.
    fn turn(&self) {
        let since = self.0.opened.elapsed().as_nanos();
        self.0.turned.store(u64::try_from(since).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

/// A request that is being handled.
#[derive(Debug)]
pub(super) struct Handling(Activity);

impl Drop for Handling {
    fn drop(&mut self) {
        self.0.moved();
        self.0.turn();
        self.0.0.has_answered.store(true, Ordering::Relaxed);
        self.0.0.handling.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A stream that can be cut, and says when something moves on it.
#[derive(Debug)]
pub(super) struct CuttableIo<S> {
    stream: S,
    cut: Cut,
    activity: Activity,
}

impl<S> CuttableIo<S> {
    pub(super) const fn new(stream: S, cut: Cut, activity: Activity) -> Self {
        Self { stream, cut, activity }
    }

    fn noted<T>(&self, done: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if matches!(done, Poll::Ready(Ok(_))) {
            self.activity.moved();
        }
        done
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for CuttableIo<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.cut.check()?;
        let done = Pin::new(&mut self.stream).poll_read(cx, buf);
        self.noted(done)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for CuttableIo<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.cut.check()?;
        let done = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.noted(done)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.cut.check()?;
        let done = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.noted(done)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.cut.check()?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.cut.check()?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn nothing_goes_out_after_the_cut() {
        let (near, mut far) = tokio::io::duplex(64);
        let cut = Cut::default();
        let mut near = CuttableIo::new(near, cut.clone(), Activity::new());
        near.write_all(b"before").await.unwrap();
        cut.now();
        let error = near.write_all(b"after").await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
        drop(near);
        let mut seen = Vec::new();
        far.read_to_end(&mut seen).await.unwrap();
        assert_eq!(seen, b"before");
    }
}
