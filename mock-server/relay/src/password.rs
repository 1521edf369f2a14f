//! Passwords: the rule for those a user chooses, hashing, comparing.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::background::in_background;
use crate::outcome::{Failure, Refusal};
use crate::refusal::RefusalKind;
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

/// Whether a password begins or ends with a blank or a line end, which comes along where it is
/// pasted: no password that follows the rule does.
pub(crate) fn has_blank(password: &Secret) -> bool {
    password.reveal().trim() != password.reveal()
}

/// A refusal of such a password; whether it would be right without is not said.
pub(crate) fn with_blank(kind: &'static RefusalKind) -> Refusal {
    Refusal::new(kind).because(
        "パスワードの前か後ろに空白や改行が付いています。除いて入力し直してください。誤入力の回数には数えていません。",
        "The password begins or ends with a blank or a line end: enter it again without. It was not counted as a wrong one.",
    )
}

/// A hash nobody has the password of, verified where there is none.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzYWx0IGhlcmU$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Whether a text is a hash of the size that is made here, or not much larger: verifying one that
/// wants gigabytes or a million rounds would hold everybody up.
pub(crate) fn is_bounded_hash(text: &str) -> bool {
    let Ok(hash) = PasswordHash::new(text) else { return false };
    let within = |name: &str, most: u32| {
        hash.params.get_decimal(name).is_some_and(|number| (1..=most).contains(&number))
    };
    hash.algorithm.as_str() == "argon2id"
        && hash.salt.is_some()
        && hash.hash.is_some()
        && within("m", 65_536)
        && within("t", 10)
        && within("p", 4)
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

    /// Whether a password is the account's. It takes the same time for any account, and for none.
    pub(crate) async fn matches(
        &self,
        account: Option<&AccountRecord>,
        password: &Secret,
    ) -> Result<bool, Failure> {
        // Nothing longer was ever accepted, and hashing megabytes helps nobody.
        if password.reveal().len() > 64 {
            return Ok(false);
        }
        let hash = account.and_then(|account| account.password_hash.clone());
        let is_hashed = hash.is_some();
        let (hash, given) = (hash.unwrap_or_else(|| NOBODYS.into()), password.clone());
        let agrees = self
            .run(move || {
                let hash = PasswordHash::new(hash.reveal())
                    .map_err(|error| Failure::Password(error.to_string()))?;
                Ok::<_, Failure>(
                    Argon2::default().verify_password(given.reveal().as_bytes(), &hash).is_ok(),
                )
            })
            .await??;
        let known = account.and_then(|account| account.known_password.as_ref());
        Ok(if is_hashed { agrees } else { known.is_some_and(|known| same(known, password)) })
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

    #[tokio::test]
    async fn nobodys_hash_costs_as_much_as_anybodys() {
        let hash = Hashing::default().hash(&"Careplan1".into()).await.expect("it is hashed");
        let (one, nobodys) = (
            PasswordHash::new(&hash).expect("a PHC string"),
            PasswordHash::new(NOBODYS).expect("a PHC string"),
        );
        assert_eq!((one.algorithm, one.version), (nobodys.algorithm, nobodys.version));
        assert_eq!(one.params.to_string(), nobodys.params.to_string());
        let length = |hash: &PasswordHash| hash.hash.as_ref().map(|output| output.len());
        assert_eq!(length(&one), length(&nobodys));
    }

    #[test]
    fn a_hash_is_read_up_to_its_size() {
        let with = |head: &str| {
            format!("{head}$GWx/k2Buwlyvgjbb82ZkLg$B6jWgLbjyqkIrtL1AgZLogsQdTRnT+bhYt6UngiUmCc")
        };
        for good in ["m=19456,t=2,p=1", "m=65536,t=10,p=4"] {
            assert!(is_bounded_hash(&with(&format!("$argon2id$v=19${good}"))), "{good}");
        }
        assert!(is_bounded_hash(NOBODYS));
        for bad in ["m=65537,t=2,p=1", "m=19456,t=11,p=1", "m=19456,t=2,p=5", "m=19456,p=1"] {
            assert!(!is_bounded_hash(&with(&format!("$argon2id$v=19${bad}"))), "{bad}");
        }
        assert!(!is_bounded_hash(&with("$argon2i$v=19$m=19456,t=2,p=1")));
        for bad in ["", "x", "$argon2id$v=19$m=19456,t=2,p=1", "Careplan1"] {
            assert!(!is_bounded_hash(bad), "{bad}");
        }
    }

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
