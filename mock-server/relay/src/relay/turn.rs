//! The turn of an operation.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::RwLockReadGuard;

use super::account::Account;
use super::certificates::Certificates;
use super::doors::Doors;
use super::exchange::Exchange;
use super::licences::Licences;
use super::operator::Operator;
use super::{Relay, Shared};
use crate::outcome::Result;

/// The turn of one operation: what has fallen due is done, and the whole state is not replaced
/// while it lives.
///
/// It says who asks, and the operation takes it in: without a turn there is none, and it ends with
/// its operation. An operation has no relay to take another from, which would wait for itself.
///
/// ```compile_fail,E0382
/// # async fn twice(relay: &careplan_relay::Relay) -> careplan_relay::outcome::Result<()> {
/// let turn = relay.turn().await?;
/// turn.operator().accounts().await?;
/// turn.operator().mailbox(None).await?; // The turn is over.
/// # Ok(())
/// # }
/// ```
#[must_use = "a turn is for an operation"]
pub struct Turn<'r> {
    pub(super) shared: &'r Arc<Shared>,
    _whole: RwLockReadGuard<'r, ()>,
}

impl fmt::Debug for Turn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn").finish_non_exhaustive()
    }
}

impl Relay {
    /// The turn of the next operation.
    ///
    /// # Errors
    /// What has fallen due cannot be done: the store fails.
    pub async fn turn(&self) -> Result<Turn<'_>> {
        let shared = &self.shared;
        loop {
            let turn = Turn { shared, _whole: shared.whole.read().await };
            if !shared.behind.load(Ordering::SeqCst) {
                turn.settle().await?;
                return Ok(turn);
            }
            drop(turn);
            let _alone = shared.whole.write().await;
            if shared.behind.load(Ordering::SeqCst) {
                shared.catch_up().await?;
            }
        }
    }
}

impl<'r> Turn<'r> {
    /// For who wants to be let in.
    pub fn doors(self) -> Doors<'r> {
        Doors { turn: self }
    }

    /// For an office and its account.
    pub fn account(self) -> Account<'r> {
        Account { turn: self }
    }

    /// For an office and its certificates.
    pub fn certificates(self) -> Certificates<'r> {
        Certificates { turn: self }
    }

    /// For an office and its licence.
    pub fn licences(self) -> Licences<'r> {
        Licences { turn: self }
    }

    /// For an office that exchanges messages with others.
    pub fn exchange(self) -> Exchange<'r> {
        Exchange { turn: self }
    }

    /// For the operator of the mock.
    pub fn operator(self) -> Operator<'r> {
        Operator { turn: self }
    }
}
