//! Wrong guesses that no account counts: at IDs that do not exist, and at passwords that are asked
//! for behind the login. In memory alone: a restart forgets them.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::store::LockRule;

/// So many are remembered; beyond that the one goes that was guessed at least lately.
const MOST: usize = 16_384;

#[derive(Debug, Clone, Copy)]
struct Count {
    failures: u32,
    locked_until: Option<Timestamp>,
    /// Its place in the order of guesses.
    turn: u64,
}

#[derive(Debug, Default)]
struct Counts {
    of: HashMap<String, Count>,
    order: BTreeMap<u64, String>,
    turns: u64,
}

impl Counts {
    fn remove(&mut self, subject: &str) -> Option<Count> {
        let count = self.of.remove(subject)?;
        self.order.remove(&count.turn);
        Some(count)
    }
}

/// How often each was guessed at, and which of them are locked.
#[derive(Debug, Default)]
pub(in crate::relay) struct Guesses {
    counts: Mutex<Counts>,
}

impl Guesses {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Until when it is locked, if it was.
    pub(in crate::relay) fn locked_until(&self, subject: &str) -> Option<Timestamp> {
        self.counts().of.get(subject)?.locked_until
    }

    /// Counts a guess before it is looked at, as [`crate::store::Store::reserve_attempt`] does for
    /// an account; until when it locks, unless it turns out to be right. Ask
    /// [`Self::locked_until`] first.
    pub(in crate::relay) fn count(&self, subject: &str, rule: LockRule) -> Option<Timestamp> {
        if rule.after == 0 {
            return None;
        }
        let mut counts = self.counts();
        let before = counts.remove(subject);
        // A lock that has ended starts the count over.
        let failures = match before {
            Some(Count { failures, locked_until: None, .. }) => failures.saturating_add(1),
            _ => 1,
        };
        let locked_until = (failures >= rule.after).then_some(rule.until);
        counts.turns += 1;
        let turn = counts.turns;
        counts.of.insert(subject.to_owned(), Count { failures, locked_until, turn });
        counts.order.insert(turn, subject.to_owned());
        if counts.of.len() > MOST
            && let Some((_, oldest)) = counts.order.pop_first()
        {
            counts.of.remove(&oldest);
        }
        locked_until
    }

    /// It was right, or there is another password now.
    pub(in crate::relay) fn forget(&self, subject: &str) {
        self.counts().remove(subject);
    }

    /// Forgets all.
    pub(super) fn clear(&self) {
        *self.counts() = Counts::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEVER: LockRule = LockRule { after: 0, until: Timestamp::MAX };

    fn rule(until: i64) -> LockRule {
        LockRule { after: 3, until: Timestamp::from_second(until).expect("a time") }
    }

    #[test]
    fn the_third_locks_and_a_lock_that_has_ended_starts_over() {
        let guesses = Guesses::default();
        let until = Some(rule(1_800).until);
        assert_eq!([0, 0, 0].map(|_| guesses.count("a", rule(1_800))), [None, None, until]);
        assert_eq!((guesses.locked_until("a"), guesses.locked_until("b")), (until, None));
        // Who asks has seen that it ended.
        assert_eq!(guesses.count("a", rule(3_600)), None);
        assert_eq!(guesses.locked_until("a"), None);
        assert_eq!(guesses.count("a", rule(3_600)), None);
        guesses.forget("a");
        assert_eq!([0, 0].map(|_| guesses.count("a", rule(3_600))), [None, None]);
        assert_eq!([0; 9].map(|_| guesses.count("b", NEVER)), [None; 9]);
        guesses.clear();
        assert_eq!(guesses.count("a", rule(3_600)), None);
    }

    #[test]
    fn however_many_there_are_it_stays_small() {
        let guesses = Guesses::default();
        let _ = (guesses.count("first", rule(1)), guesses.count("second", rule(1)));
        for number in 0..MOST - 2 {
            guesses.count(&number.to_string(), rule(1));
        }
        assert_eq!(guesses.count("first", rule(1)), None);
        assert_eq!(guesses.counts().of.len(), MOST);
        guesses.count("one more", rule(1));
        let counts = guesses.counts();
        assert_eq!((counts.of.len(), counts.order.len()), (MOST, MOST));
        assert!(counts.of.contains_key("first") && !counts.of.contains_key("second"));
    }
}
