//! The operator's token: short enough to be typed in front of a class, and nobody finds it by trying.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use careplan_relay::password::same;
use careplan_relay::secret::Secret;

use crate::listener::places::network;

/// Letters and digits that look like no other, on a projector and written by hand.
const UNMISTAKABLE: &[u8] = b"ACDEFHJKMNPRTWXY34679";

/// Characters of a token that is drawn.
const LENGTH: usize = 8;

/// Wrong tries from one address within [`WITHIN`]; whoever has used them up has to wait.
pub const TRIES: usize = 5;

/// How long a wrong try counts.
pub const WITHIN: Duration = Duration::from_secs(60);

/// Addresses remembered; beyond that the one goes that tried least lately.
const MOST: usize = 4_096;

/// What came of a token somebody gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// It is the token.
    Right,
    /// It is not.
    Wrong,
    /// Not looked at: there were too many wrong ones. So long from now.
    TooMany(Duration),
}

/// The token of the controls and of the console, and who has tried it.
#[derive(Debug)]
pub struct OperatorToken {
    token: Secret,
    /// Drawn here: read as people type it. One that was given counts as it is.
    is_drawn: bool,
    wrong: Mutex<HashMap<IpAddr, Vec<Instant>>>,
}

impl OperatorToken {
    /// One somebody chose.
    pub fn given(token: Secret) -> Self {
        Self { token, is_drawn: false, wrong: Mutex::default() }
    }

    /// Eight characters nobody mistakes for others.
    ///
    /// # Errors
    /// The operating system has no randomness.
    pub fn drawn() -> Result<Self, getrandom::Error> {
        let mut token = String::with_capacity(LENGTH);
        // Bytes beyond the last whole round of the alphabet would make its beginning likelier.
        let fair = u8::MAX - u8::MAX % UNMISTAKABLE.len() as u8;
        while token.len() < LENGTH {
            let mut bytes = [0_u8; 16];
            getrandom::fill(&mut bytes)?;
            let letters = bytes.into_iter().filter(|byte| *byte < fair);
            let letters = letters.map(|byte| UNMISTAKABLE[usize::from(byte) % UNMISTAKABLE.len()]);
            token.extend(letters.take(LENGTH - token.len()).map(char::from));
        }
        Ok(Self { token: token.into(), is_drawn: true, wrong: Mutex::default() })
    }

    /// The token itself, for the one who started the server.
    pub const fn token(&self) -> &Secret {
        &self.token
    }

    /// What a token that somebody gave is worth. One after the other, so that not even many at once
    /// are more than there may be.
    pub fn tried(&self, given: &Secret, from: IpAddr) -> Tried {
        self.tried_at(given, from, Instant::now())
    }

    fn tried_at(&self, given: &Secret, from: IpAddr, now: Instant) -> Tried {
        let from = network(from);
        let mut wrong = self.wrong();
        let mine = wrong.entry(from).or_default();
        mine.retain(|at| now.saturating_duration_since(*at) < WITHIN);
        if mine.len() >= TRIES {
            let waits = mine
                .first()
                .map_or(WITHIN, |at| WITHIN.saturating_sub(now.saturating_duration_since(*at)));
            return Tried::TooMany(waits);
        }
        if same(&self.read(given), &self.token) {
            if mine.is_empty() {
                wrong.remove(&from);
            }
            return Tried::Right;
        }
        mine.push(now);
        if wrong.len() > MOST {
            make_room(&mut wrong, now);
        }
        Tried::Wrong
    }

    /// As people type it: small letters, blanks between, full-width characters of a Japanese
    /// keyboard.
    fn read(&self, given: &Secret) -> Secret {
        if !self.is_drawn {
            return given.clone();
        }
        let narrow = |c: char| match u32::from(c) {
            wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
            _ => c,
        };
        let kept = given.reveal().chars().map(narrow).filter(char::is_ascii_alphanumeric);
        Secret::new(kept.map(|c| c.to_ascii_uppercase()).collect::<String>())
    }

    fn wrong(&self) -> MutexGuard<'_, HashMap<IpAddr, Vec<Instant>>> {
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Those whose tries count no more go, or else the one that tried least lately.
fn make_room(wrong: &mut HashMap<IpAddr, Vec<Instant>>, now: Instant) {
    wrong.retain(|_, tries| {
        tries.last().is_some_and(|at| now.saturating_duration_since(*at) < WITHIN)
    });
    if wrong.len() <= MOST {
        return;
    }
    let oldest = wrong.iter().min_by_key(|(_, tries)| tries.last().copied());
    if let Some(oldest) = oldest.map(|(address, _)| *address) {
        wrong.remove(&oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_drawn_token_is_short_and_read_as_people_type_it() {
        let one = OperatorToken::drawn().unwrap();
        let text = one.token().reveal().to_owned();
        assert_eq!(text.len(), 8, "{text}");
        assert!(text.bytes().all(|byte| UNMISTAKABLE.contains(&byte)), "{text}");
        for mistakable in b"0O1IL5S8B2ZUVQG" {
            assert!(!UNMISTAKABLE.contains(mistakable), "{mistakable}");
        }
        assert_ne!(OperatorToken::drawn().unwrap().token(), one.token());
        let here = address("192.168.1.20");
        let wide: String =
            text.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap()).collect();
        let parts = format!(" {}-{} ", &text[..4], &text[4..]);
        for typed in [text.clone(), text.to_lowercase(), wide, parts] {
            assert_eq!(one.tried(&typed.as_str().into(), here), Tried::Right, "{typed}");
        }
        for wrong in ["", &text[1..], &format!("{text}A")] {
            assert_eq!(one.tried(&wrong.into(), here), Tried::Wrong, "{wrong}");
        }
    }

    #[test]
    fn one_that_was_given_counts_as_it_is() {
        let given = OperatorToken::given("abc-1".into());
        let here = address("192.168.1.20");
        assert_eq!(given.tried(&"ABC-1".into(), here), Tried::Wrong);
        assert_eq!(given.tried(&"abc1".into(), here), Tried::Wrong);
        assert_eq!(given.tried(&"abc-1".into(), here), Tried::Right);
    }

    #[test]
    fn five_wrong_ones_a_minute_and_address_and_then_not_even_the_right_one() {
        let token = OperatorToken::given("right".into());
        let (one, other) = (address("192.168.1.20"), address("192.168.1.21"));
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        for second in 0..5 {
            assert_eq!(token.tried_at(&"wrong".into(), one, at(second)), Tried::Wrong);
        }
        let waits = Tried::TooMany(Duration::from_secs(55));
        assert_eq!(token.tried_at(&"wrong".into(), one, at(5)), waits);
        assert_eq!(token.tried_at(&"right".into(), one, at(5)), waits);
        assert_eq!(token.tried_at(&"right".into(), other, at(5)), Tried::Right, "another address");
        let just_before = at(60) - Duration::from_millis(1);
        assert!(matches!(token.tried_at(&"right".into(), one, just_before), Tried::TooMany(_)));
        // A minute after the first, one more try; after that the second has to be over.
        assert_eq!(token.tried_at(&"wrong".into(), one, at(60)), Tried::Wrong);
        assert!(matches!(token.tried_at(&"right".into(), one, at(60)), Tried::TooMany(_)));
        assert_eq!(token.tried_at(&"right".into(), one, at(61)), Tried::Right);
    }

    #[test]
    fn many_at_once_are_not_more_than_there_may_be() {
        let token = OperatorToken::given("right".into());
        let tried = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..64)
                .map(|_| scope.spawn(|| token.tried(&"wrong".into(), address("192.168.1.20"))))
                .collect();
            tries.into_iter().map(|one| one.join().unwrap()).collect::<Vec<_>>()
        });
        assert_eq!(tried.iter().filter(|tried| **tried == Tried::Wrong).count(), TRIES);
    }

    #[test]
    fn addresses_of_one_machine_are_one_and_not_remembered_for_ever() {
        let token = OperatorToken::given("right".into());
        for last in 1..=5 {
            let from = address(&format!("fd00::1:{last}"));
            assert_eq!(token.tried(&"wrong".into(), from), Tried::Wrong);
        }
        assert!(matches!(token.tried(&"wrong".into(), address("fd00::2")), Tried::TooMany(_)));
        assert_eq!(token.tried(&"wrong".into(), address("fd00:0:0:1::2")), Tried::Wrong);
        let mapped = address("::ffff:192.168.1.20");
        assert_eq!(network(mapped), address("192.168.1.20"));
        let now = Instant::now();
        for number in 0..=u32::try_from(MOST).unwrap() {
            let from = IpAddr::V4(std::net::Ipv4Addr::from_bits(0x0A00_0000 + number));
            token.tried_at(&"wrong".into(), from, now);
        }
        assert_eq!(token.wrong().len(), MOST);
        token.tried_at(&"wrong".into(), address("10.255.0.1"), now + WITHIN);
        assert_eq!(token.wrong().len(), 1, "the others count no more");
        assert_eq!(token.tried(&"right".into(), address("10.255.0.2")), Tried::Right);
    }
}
