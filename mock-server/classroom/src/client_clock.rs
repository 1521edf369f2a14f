//! The clock of the mock, for the real client.

use careplan_relay::clock::Clock;
use jiff::Timestamp;

/// A client that lives in the time of the mock.
#[derive(Debug)]
pub(crate) struct ClientClock(pub(crate) Clock);

impl careplan_client_core::Clock for ClientClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}
