//! How much of what comes in and goes out is in memory at once, in all and for each who asks.
//!
//! The bodies of requests are counted as they come, not by the length they announce, and until
//! their request is answered; archives that are fetched are counted as long as somebody fetches
//! them, each once. What does not fit is refused at once: nobody waits for room while holding some.

mod archives;
mod going;
mod metered;

use std::collections::HashMap;
use std::error::Error as StdError;
use std::fmt;
use std::hash::Hash;
use std::iter::successors;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use self::archives::Archives;
use self::metered::Metered;
use crate::api::problem::ApiError;
use crate::api::transport_refusal::MEMORY_TAKEN;
use crate::listener::connection::Peer;
use crate::listener::places::network;
use careplan_relay::outcome::Refusal;
use careplan_relay::switches::Switches;

pub(crate) use self::going::Going;
pub(crate) use self::metered::{DRAINED_BYTES, DRAINED_FOR, TooSlow};

/// The largest manifest taken, in bytes: a hundred files with the longest names take a fifth.
pub(crate) const LARGEST_MANIFEST: u64 = 256 * 1024;

/// The largest signature taken, in bytes: a chain of five RSA certificates takes an eighth.
pub(crate) const LARGEST_SIGNATURE: u64 = 64 * 1024;

/// How long who does not fit should wait before the next try, in seconds.
const AGAIN: HeaderValue = HeaderValue::from_static("10");

/// The whole body of a message of the largest size: names and frames of the parts come on top of
/// the files.
pub(crate) fn largest_message(switches: &Switches) -> u64 {
    let frames = LARGEST_MANIFEST + LARGEST_SIGNATURE + 1024 * u64::from(switches.max_files);
    switches.max_message_bytes.saturating_add(frames)
}

/// What may be taken, of memory and of time.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Bytes in all.
    pub total: u64,
    /// Bytes of an office; of an address, where nobody has logged in.
    pub share: u64,
    /// Bytes a second that a body at least comes with, and an archive at least goes with.
    pub pace: u64,
    /// How long a line may be silent, or behind that pace.
    pub grace: Duration,
}

impl Bounds {
    /// Those of the switches. A message of the largest size fits whatever they say.
    pub fn of(switches: &Switches, grace: Duration) -> Self {
        let share = switches.memory_share_bytes.max(largest_message(switches));
        let total = switches.memory_bytes.max(share);
        Self { total, share, pace: switches.slowest_bytes_per_second, grace }
    }

    /// So that one of this size fits, where there is nothing else.
    fn with_room_for(self, bytes: u64) -> Self {
        Self { total: self.total.max(bytes), share: self.share.max(bytes), ..self }
    }
}

/// There is no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoRoom {
    /// Who asks has its share already.
    #[error("more than {0} bytes at once of one office or address")]
    Share(u64),
    /// All of them together have everything.
    #[error("more than {0} bytes at once")]
    Total(u64),
}

impl From<NoRoom> for ApiError {
    fn from(full: NoRoom) -> Self {
        let (ja, en) = match full {
            NoRoom::Share(bytes) => (
                format!(
                    "この事業所（ログイン前は接続元のアドレス）が同時に送受信できるのは{bytes}バイトまでです。"
                ),
                format!(
                    "One office (one address, before a login) sends and fetches at most {bytes} \
                     bytes at once."
                ),
            ),
            NoRoom::Total(bytes) => (
                format!("サーバー全体で同時に送受信できるのは{bytes}バイトまでです。"),
                format!("All together send and fetch at most {bytes} bytes at once."),
            ),
        };
        let refusal = Refusal::new(&MEMORY_TAKEN).because(ja, en);
        Self::from(refusal).with_header(header::RETRY_AFTER, AGAIN)
    }
}

/// The refusal of a body that did not fit, if an error is about that.
pub(crate) fn no_room(error: &(dyn StdError + 'static)) -> Option<ApiError> {
    let mut causes = successors(Some(error), |&error| error.source());
    causes.find_map(|cause| cause.downcast_ref::<NoRoom>()).map(|full| (*full).into())
}

/// Who takes memory.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Whose {
    /// Somebody there, who has not logged in.
    Address(Option<IpAddr>),
    /// An office.
    Office(String),
}

/// The memory of one server for what comes and goes. Clones are the same.
#[derive(Clone)]
pub struct Memory {
    bounds: Arc<dyn Fn() -> Bounds + Send + Sync>,
    incoming: Arc<Ledger>,
    outgoing: Arc<Ledger>,
    archives: Arc<Archives>,
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory")
            .field("incoming", &self.incoming.total())
            .field("outgoing", &self.outgoing.total())
            .finish_non_exhaustive()
    }
}

impl Memory {
    /// Nothing is taken yet. The bounds are asked for with every request.
    pub fn new(bounds: impl Fn() -> Bounds + Send + Sync + 'static) -> Self {
        Self {
            bounds: Arc::new(bounds),
            incoming: Arc::default(),
            outgoing: Arc::default(),
            archives: Arc::default(),
        }
    }

    /// Bytes of bodies that are held now, and of archives.
    pub fn taken(&self) -> (u64, u64) {
        (self.incoming.total(), self.outgoing.total())
    }

    fn holding(&self, whose: Whose) -> Holding {
        Holding::new(Arc::clone(&self.incoming), whose, (self.bounds)())
    }
}

/// What is taken, by whom.
#[derive(Debug, Default)]
struct Ledger {
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    total: u64,
    of: HashMap<Whose, u64>,
}

impl Ledger {
    fn total(&self) -> u64 {
        self.guard().total
    }

    fn take(&self, whose: &Whose, bytes: u64, bounds: &Bounds) -> Result<(), NoRoom> {
        let mut taken = self.guard();
        let own = taken.of.get(whose).copied().unwrap_or(0);
        if own.saturating_add(bytes) > bounds.share {
            return Err(NoRoom::Share(bounds.share));
        }
        if taken.total.saturating_add(bytes) > bounds.total {
            return Err(NoRoom::Total(bounds.total));
        }
        taken.add(whose, bytes);
        Ok(())
    }

    fn guard(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn add(&mut self, whose: &Whose, bytes: u64) {
        self.total += bytes;
        match self.of.get_mut(whose) {
            Some(own) => *own += bytes,
            None => {
                self.of.insert(whose.clone(), bytes);
            }
        }
    }

    fn give_back(&mut self, whose: &Whose, bytes: u64) {
        self.total = self.total.saturating_sub(bytes);
        if let Some(own) = self.of.get_mut(whose) {
            *own = own.saturating_sub(bytes);
            if *own == 0 {
                self.of.remove(whose);
            }
        }
    }
}

/// What one request holds, until the last clone goes.
#[derive(Debug, Clone)]
pub struct Holding(Arc<Held>);

#[derive(Debug)]
struct Held {
    ledger: Arc<Ledger>,
    bounds: Bounds,
    own: Mutex<Own>,
}

#[derive(Debug)]
struct Own {
    whose: Whose,
    bytes: u64,
    is_counted: bool,
}

impl Holding {
    fn new(ledger: Arc<Ledger>, whose: Whose, bounds: Bounds) -> Self {
        let own = Mutex::new(Own { whose, bytes: 0, is_counted: true });
        Self(Arc::new(Held { ledger, bounds, own }))
    }

    fn take(&self, bytes: u64) -> Result<(), NoRoom> {
        let mut own = self.0.own();
        if own.is_counted {
            self.0.ledger.take(&own.whose, bytes, &self.0.bounds)?;
            own.bytes += bytes;
        }
        Ok(())
    }

    /// From now on it is an office that asks.
    pub(crate) fn is_of(&self, office: &str) {
        let mut own = self.0.own();
        let before = std::mem::replace(&mut own.whose, Whose::Office(office.to_owned()));
        if own.bytes > 0 {
            let mut taken = self.0.ledger.guard();
            taken.give_back(&before, own.bytes);
            taken.add(&own.whose, own.bytes);
        }
    }

    /// Nothing of the body is kept in memory: it goes into a file, or nowhere.
    pub fn passes_through(&self) {
        let mut own = self.0.own();
        own.is_counted = false;
        self.0.ledger.guard().give_back(&own.whose, own.bytes);
        own.bytes = 0;
    }
}

impl Held {
    fn own(&self) -> MutexGuard<'_, Own> {
        self.own.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let own = self.own();
        if own.bytes > 0 {
            self.ledger.guard().give_back(&own.whose, own.bytes);
        }
    }
}

/// The layer: what is read of a body is counted, and comes in time.
pub(crate) async fn meter(
    State(memory): State<Memory>,
    mut request: Request,
    next: Next,
) -> Response {
    let address = request.extensions().get::<Peer>().map(|peer| network(peer.address));
    let holding = memory.holding(Whose::Address(address));
    request.extensions_mut().insert(memory);
    request.extensions_mut().insert(holding.clone());
    next.run(request.map(|body| Metered::around(body, holding))).await
}

/// The innermost layer: what was taken is held until the handler is done, also where nobody waits
/// for it any more.
pub(crate) async fn hold(request: Request, next: Next) -> Response {
    let holding = request.extensions().get::<Holding>().cloned();
    let response = next.run(request).await;
    drop(holding);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds =
        Bounds { total: 25, share: 10, pace: 1_000, grace: Duration::from_secs(1) };

    fn office(memory: &Memory, name: &str) -> Holding {
        memory.holding(Whose::Office(name.to_owned()))
    }

    #[test]
    fn an_office_has_its_share_and_all_together_the_whole() {
        let memory = Memory::new(|| BOUNDS);
        let first = office(&memory, "a");
        first.take(10).expect("its share");
        assert_eq!(first.take(1), Err(NoRoom::Share(10)));
        assert_eq!(office(&memory, "a").take(1), Err(NoRoom::Share(10)), "in another request too");
        let second = office(&memory, "b");
        second.take(10).expect("another office");
        let third = office(&memory, "c");
        assert_eq!(third.take(6), Err(NoRoom::Total(25)));
        third.take(5).expect("what is left");
        assert_eq!(memory.taken(), (25, 0));
        drop(first);
        assert_eq!(memory.taken(), (15, 0));
        third.take(5).expect("there is room again");
        drop((second, third));
        assert_eq!(memory.taken(), (0, 0));
        assert!(memory.incoming.guard().of.is_empty(), "nobody is remembered");
    }

    #[test]
    fn what_was_taken_before_a_login_goes_to_the_office() {
        let memory = Memory::new(|| BOUNDS);
        let holding = memory.holding(Whose::Address(None));
        holding.take(8).expect("room");
        holding.is_of("a");
        assert_eq!(office(&memory, "a").take(3), Err(NoRoom::Share(10)));
        memory.holding(Whose::Address(None)).take(10).expect("the address has none");
        holding.passes_through();
        holding.take(1_000).expect("it is not kept");
        assert_eq!(memory.taken(), (0, 0));
    }

    #[test]
    fn the_largest_message_fits_whatever_the_switches_say() {
        let grace = Duration::from_secs(30);
        let usual = Bounds::of(&Switches::default(), grace);
        assert_eq!((usual.total, usual.share), (512 << 20, 128 << 20));
        let small = Switches {
            max_message_bytes: 200 << 20,
            max_files: 1_000,
            memory_share_bytes: 1 << 20,
            memory_bytes: 1 << 20,
            ..Switches::default()
        };
        let raised = Bounds::of(&small, grace);
        assert_eq!((raised.total, raised.share), (largest_message(&small), raised.total));
        let alone = BOUNDS.with_room_for(30);
        assert_eq!((alone.total, alone.share), (30, 30));
    }
}
