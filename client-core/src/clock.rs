//! Where the time comes from. A test bed moves its clock; a terminal beside it must be able to
//! follow.

use std::fmt;
use std::sync::Arc;

use careplan_spec::tokyo;
use jiff::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync + fmt::Debug {
    /// Now.
    fn now(&self) -> Timestamp;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}

/// The clock of the computer.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub Timestamp);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// A time as the screens show it: Japan time, `2026/11/21 16:00`.
pub fn shown(at: Timestamp) -> String {
    tokyo::zoned(at).strftime("%Y/%m/%d %H:%M").to_string()
}

/// A time for a folder name: Japan time, `20261121-160000`.
pub(crate) fn for_name(at: Timestamp) -> String {
    tokyo::zoned(at).strftime("%Y%m%d-%H%M%S").to_string()
}
