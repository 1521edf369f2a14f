//! What a long operation tells while it runs.

use std::time::Duration;

/// One step of a long operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// Bytes of a message handed to the network so far. Starts again at 0 when a send is repeated.
    Uploading {
        /// Bytes handed over.
        done: u64,
        /// Bytes of all files.
        total: u64,
    },
    /// Bytes of a received message on disk so far, those of an earlier attempt included.
    Downloading {
        /// Bytes on disk.
        done: u64,
        /// Bytes of the whole ZIP.
        total: u64,
    },
    /// The ZIP is complete; digests and the sender's signature are being verified.
    Verifying,
    /// A request did not get through and is made again.
    Retrying {
        /// Which attempt follows, 2 or more.
        attempt: u32,
        /// How long is waited before.
        after: Duration,
    },
    /// A row of a bulk send begins.
    RowStarted {
        /// Row number, 1-based.
        row: usize,
        /// Rows of this run.
        total: usize,
        /// How many rows of this run are behind us.
        done: usize,
    },
    /// One of several messages to be fetched begins.
    MessageStarted {
        /// Which one, from 1.
        number: usize,
        /// Messages of this run.
        total: usize,
    },
    /// One of several messages to be fetched ended.
    MessageEnded {
        /// Which one, from 1.
        number: usize,
        /// Whether it was saved.
        saved: bool,
    },
    /// A row of a bulk send ended.
    RowEnded {
        /// Row number, 1-based.
        row: usize,
        /// Whether the relay took it.
        sent: bool,
    },
}

/// Receives events. Called from the task that does the work: return quickly.
pub trait Progress: Send + Sync {
    /// Takes an event.
    fn event(&self, event: Event);
}

/// Listens to nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn event(&self, _: Event) {}
}

impl<F: Fn(Event) + Send + Sync> Progress for F {
    fn event(&self, event: Event) {
        self(event);
    }
}
