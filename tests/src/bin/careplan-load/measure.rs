//! Many workers doing one thing.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::process;

/// How long to go on.
#[derive(Clone, Copy)]
pub(crate) enum Until {
    /// So many operations in all.
    Count(u64),
    /// So long.
    Time(Duration),
}

/// Hands out numbers from 0 until the end.
#[derive(Clone)]
pub(crate) struct Turns {
    next: Arc<AtomicU64>,
    until: Until,
    begun: Instant,
}

impl Turns {
    /// The next number, unless it is over.
    pub(crate) fn next(&self) -> Option<u64> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let goes_on = match self.until {
            Until::Count(count) => number < count,
            Until::Time(time) => self.begun.elapsed() < time,
        };
        goes_on.then_some(number)
    }
}

/// What came of it.
pub(crate) struct Measured {
    /// What was done.
    pub(crate) what: String,
    /// How often.
    pub(crate) count: u64,
    /// In how long.
    pub(crate) took: Duration,
    /// Half were done in this time or less.
    pub(crate) p50: Duration,
    /// 99 of 100 were done in this time or less.
    pub(crate) p99: Duration,
    /// The longest.
    pub(crate) max: Duration,
    /// Processor time of the server.
    pub(crate) server_cpu: Option<Duration>,
    /// Processor time of the clients.
    pub(crate) client_cpu: Option<Duration>,
    /// Processor time nobody used.
    pub(crate) idle: Option<Duration>,
}

/// Microseconds of every operation of one worker.
pub(crate) type Times = Vec<u32>;

/// Lets workers work. `worker` makes one; it takes turns, and returns the time of each operation.
pub(crate) async fn measure<F>(
    what: &str,
    server: u32,
    workers: u16,
    until: Until,
    worker: impl Fn(Turns) -> F,
) -> Result<Measured>
where
    F: Future<Output = Result<Times>> + Send + 'static,
{
    eprintln!("{what} …");
    let clocks = || {
        let own = process::cpu_time(std::process::id());
        [process::cpu_time(server), own, process::idle_time()]
    };
    let before = clocks();
    let begun = Instant::now();
    let turns = Turns { next: Arc::default(), until, begun };
    let running: Vec<_> = (0..workers).map(|_| tokio::spawn(worker(turns.clone()))).collect();
    let mut times = Times::new();
    for one in running {
        times.extend(one.await.context("a worker ended early")?.with_context(|| what.to_owned())?);
    }
    let took = begun.elapsed();
    let after = clocks();
    let used = |which: usize| after[which]?.checked_sub(before[which]?);
    times.sort_unstable();
    let at = |share: usize| {
        let index = (times.len() * share / 100).min(times.len().saturating_sub(1));
        Duration::from_micros(times.get(index).copied().unwrap_or_default().into())
    };
    Ok(Measured {
        what: what.to_owned(),
        count: times.len() as u64,
        took,
        p50: at(50),
        p99: at(99),
        max: at(100),
        server_cpu: used(0),
        client_cpu: used(1),
        idle: used(2),
    })
}

/// Microseconds since then.
pub(crate) fn since(begun: Instant) -> u32 {
    u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX)
}
