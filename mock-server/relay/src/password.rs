//! Passwords: the rule for those a user chooses, hashing, comparing.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::background::in_background;
use crate::outcome::Failure;
use crate::secret::Secret;
use crate::store::record::AccountRecord;

/// Whether a password has 8 to 16 ASCII letters and digits, with at least one of each (relay.md
/// §4, Stated).
pub fn follows_the_rule(text: &str) -> bool {
    (8..=16).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Hashes passwords, two at once at most: each takes 19 MiB and a core for a while.
#[derive(Debug)]
pub(crate) struct Hashing {
    places: Semaphore,
}

impl Default for Hashing {
    fn default() -> Self {
        Self { places: Semaphore::new(2) }
    }
}

impl Hashing {
    /// Hashes with argon2id and a random salt, as a PHC string.
    pub(crate) async fn hash(&self, password: &Secret) -> Result<String, Failure> {
        let password = password.clone();
        self.run(move || {
            Argon2::default()
                .hash_password(password.reveal().as_bytes())
                .map(|hash| hash.to_string())
                .map_err(|error| Failure::Password(error.to_string()))
        })
        .await?
    }

    /// Whether a password is the account's.
    pub(crate) async fn matches(
        &self,
        account: &AccountRecord,
        password: &Secret,
    ) -> Result<bool, Failure> {
        let Some(hash) = &account.password_hash else {
            return Ok(account.known_password.as_ref().is_some_and(|known| same(known, password)));
        };
        // Nothing longer was ever accepted, and hashing megabytes helps nobody.
        if password.reveal().len() > 64 {
            return Ok(false);
        }
        let (hash, password) = (hash.clone(), password.clone());
        self.run(move || {
            let hash = PasswordHash::new(hash.reveal())
                .map_err(|error| Failure::Password(error.to_string()))?;
            Ok(Argon2::default().verify_password(password.reveal().as_bytes(), &hash).is_ok())
        })
        .await?
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let _place =
            self.places.acquire().await.map_err(|error| Failure::Task(error.to_string()))?;
        in_background(work).await
    }
}

/// Compares without telling by the time taken how much agrees.
pub fn same(one: &Secret, other: &Secret) -> bool {
    let (one, other) = (one.reveal().as_bytes(), other.reveal().as_bytes());
    one.len() == other.len()
        && one.iter().zip(other).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_wants_both_letters_and_digits() {
        for good in ["Careplan1", "abcd1234", "1234567a", "Abcdefgh12345678"] {
            assert!(follows_the_rule(good), "{good}");
        }
        for bad in
            ["abc1234", "abcdefgh", "12345678", "Abcdefgh123456789", "abcd-1234", "ａbcd1234"]
        {
            assert!(!follows_the_rule(bad), "{bad}");
        }
    }
}
