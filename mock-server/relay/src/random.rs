//! Randomness: readable texts follow from the seed, tokens from the operating system.

use std::sync::atomic::{AtomicU64, Ordering};

use careplan_spec::hex;
use sha2::{Digest, Sha256};
use uuid::Builder;

use crate::outcome::Failure;
use crate::secret::Secret;

/// The purpose of a 仮パスワード.
pub(crate) const TEMPORARY_PASSWORD: &str = "temporary password";

/// Letters and digits nobody mistakes for another.
const READABLE: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Makes texts from a seed, a purpose and what they are for: the same three, the same text.
fn stream(seed: u64, purpose: &str, subject: &str, round: u64) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(seed.to_be_bytes());
    hash.update(round.to_be_bytes());
    hash.update(purpose.as_bytes());
    hash.update([0]);
    hash.update(subject.as_bytes());
    hash.finalize().into()
}

/// A password of letters and digits, ten characters, with both.
pub(crate) fn password(seed: u64, purpose: &str, subject: &str) -> Secret {
    for round in 0.. {
        let bytes = stream(seed, purpose, subject, round);
        let text: String = bytes[..10]
            .iter()
            .map(|byte| char::from(READABLE[usize::from(*byte) % READABLE.len()]))
            .collect();
        if super::password::follows_the_rule(&text) {
            return text.into();
        }
    }
    unreachable!("a round with a letter and a digit comes soon")
}

/// `digits` decimal digits.
pub(crate) fn digits(seed: u64, purpose: &str, subject: &str, digits: usize) -> String {
    let bytes = stream(seed, purpose, subject, 0);
    bytes.iter().take(digits).map(|byte| char::from(b'0' + byte % 10)).collect()
}

/// Sets apart what would otherwise be asked for twice with the same seed at the same time.
static ROUNDS: AtomicU64 = AtomicU64::new(0);

/// A text that no earlier call of this process returned.
pub(crate) fn fresh_subject(subject: &str, now_ms: i64) -> String {
    format!("{subject} {now_ms} {}", ROUNDS.fetch_add(1, Ordering::Relaxed))
}

/// A token nobody guesses: 256 bits, in hex.
///
/// # Errors
/// The operating system gives no randomness.
pub(crate) fn token() -> Result<Secret, Failure> {
    let mut bytes = [0; 32];
    fill(&mut bytes)?;
    Ok(hex(&bytes).into())
}

/// The download token of a claim under a key. Who does not know the salt does not guess it, and
/// who only reads the salt does not either.
pub(crate) fn claim_token(salt: &str, key: &str, fingerprint: &[u8; 32]) -> Secret {
    let mut hash = Sha256::new();
    hash.update(b"careplan claim");
    for part in [salt.as_bytes(), key.as_bytes(), fingerprint] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex(&hash.finalize()).into()
}

/// The tokens of a renewal under a key: access and refresh. They follow from the used refresh token,
/// so who has never had that does not guess them.
pub(crate) fn renewal_tokens(used: &Secret, key: &str, fingerprint: &[u8; 32]) -> (Secret, Secret) {
    let of = |what: &[u8]| {
        let mut hash = Sha256::new();
        for part in [what, used.reveal().as_bytes(), key.as_bytes(), fingerprint] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hex(&hash.finalize()).into()
    };
    (of(b"careplan renewal access"), of(b"careplan renewal refresh"))
}

/// An identifier; later ones sort behind earlier ones.
///
/// # Errors
/// The operating system gives no randomness.
pub(crate) fn identifier(now_ms: i64) -> Result<String, Failure> {
    let mut bytes = [0; 10];
    fill(&mut bytes)?;
    let ms = u64::try_from(now_ms).unwrap_or(0);
    Ok(Builder::from_unix_timestamp_millis(ms, &bytes).into_uuid().to_string())
}

fn fill(bytes: &mut [u8]) -> Result<(), Failure> {
    getrandom::fill(bytes).map_err(|error| Failure::Task(format!("no randomness: {error}")))
}

/// SHA-256 in lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// How a token is kept: a leaked state opens nothing.
pub(crate) fn token_id(token: &Secret) -> String {
    sha256_hex(token.reveal().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readable_texts_follow_from_the_seed() {
        let one = password(1, "temporary", "KJ474770900111");
        assert_eq!(one, password(1, "temporary", "KJ474770900111"));
        assert_ne!(one, password(2, "temporary", "KJ474770900111"));
        assert!(super::super::password::follows_the_rule(one.reveal()));
        assert_eq!(digits(1, "code", "x", 4).len(), 4);
    }

    #[test]
    fn what_is_asked_for_again_is_another_subject() {
        assert_ne!(fresh_subject("KJ474770900111", 1), fresh_subject("KJ474770900111", 1));
    }

    #[test]
    fn the_token_of_a_claim_follows_from_salt_key_and_certificate() {
        let of = |salt: &str, key: &str, print: u8| claim_token(salt, key, &[print; 32]);
        assert_eq!(of("ab", "c", 1), of("ab", "c", 1));
        for other in [of("a", "bc", 1), of("ab", "d", 1), of("ab", "c", 2), of("cb", "c", 1)] {
            assert_ne!(of("ab", "c", 1), other);
        }
    }

    #[test]
    fn the_tokens_of_a_renewal_follow_from_token_key_and_certificate() {
        let of = |used: &str, key: &str, print: u8| {
            renewal_tokens(&Secret::from(used.to_owned()), key, &[print; 32])
        };
        assert_eq!(of("ab", "c", 1), of("ab", "c", 1));
        let (access, refresh) = of("ab", "c", 1);
        assert_ne!(access, refresh);
        for other in [of("a", "bc", 1), of("ab", "d", 1), of("ab", "c", 2), of("cb", "c", 1)] {
            assert!(other.0 != access && other.1 != refresh);
        }
    }

    #[test]
    fn identifiers_sort_by_time_and_tokens_differ() {
        let early = identifier(1_000).expect("randomness");
        let late = identifier(2_000).expect("randomness");
        assert!(early < late);
        assert_ne!(token().expect("randomness"), token().expect("randomness"));
    }
}
