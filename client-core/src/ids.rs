//! Identifiers as types: of users, of messages; and passwords that do not show.

use std::fmt;
use std::str::FromStr;

use careplan_certs::Zeroizing;
use careplan_spec::kj_user_id::{self, UserId};
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, UserIdFault};

/// Most characters of a 個人ユーザID that the relay looks at.
const MOST_CHARACTERS: usize = 64;

/// 個人ユーザID: the ID of a terminal's user, which begins with `c`. Basis: Stated that it begins so
/// (relay.md §2); that it is at most 64 ASCII characters is Assumed.
///
/// ```
/// use careplan_client_core::TerminalUserId;
///
/// let id: TerminalUserId = "careplan@0001".parse().unwrap();
/// assert_eq!(id.as_str(), "careplan@0001");
/// assert!("KJ474779000118".parse::<TerminalUserId>().is_err());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct TerminalUserId(String);

/// 事業所ユーザID: `KJ`, the prefecture and the office number, 14 characters. Basis: Inferred
/// (relay.md §4). IDs of agents (`HD…`) cannot be used (Stated).
///
/// ```
/// use careplan_client_core::OfficeUserId;
///
/// let id: OfficeUserId = "KJ474779000118".parse().unwrap();
/// assert_eq!(id.office().as_str(), "4779000118");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct OfficeUserId {
    text: String,
    office: careplan_spec::office_number::OfficeNumber,
}

impl TerminalUserId {
    /// The ID.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl OfficeUserId {
    /// The ID.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The office in it.
    pub const fn office(&self) -> careplan_spec::office_number::OfficeNumber {
        self.office
    }
}

impl FromStr for TerminalUserId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if kj_user_id::parse(text) == Some(UserId::Agent) {
            return Err(ErrorKind::UserId(UserIdFault::Agent).into());
        }
        let plain = text.len() <= MOST_CHARACTERS && text.bytes().all(|b| b.is_ascii_graphic());
        if plain && text.starts_with('c') {
            Ok(Self(text.to_owned()))
        } else {
            Err(ErrorKind::UserId(UserIdFault::Malformed).into())
        }
    }
}

impl FromStr for OfficeUserId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match kj_user_id::parse(text) {
            Some(UserId::Office { office, .. }) => Ok(Self { text: text.to_owned(), office }),
            Some(UserId::Agent) => Err(ErrorKind::UserId(UserIdFault::Agent).into()),
            None => Err(ErrorKind::UserId(UserIdFault::Malformed).into()),
        }
    }
}

impl fmt::Debug for TerminalUserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TerminalUserId({} characters)", self.0.len())
    }
}

impl fmt::Debug for OfficeUserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OfficeUserId({} characters)", self.text.len())
    }
}

/// A password. It does not print, and its memory is overwritten when it goes.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<&Self> for Secret {
    fn from(secret: &Self) -> Self {
        secret.clone()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The IDs and passwords of the two stages.
///
/// ```
/// use careplan_client_core::Credentials;
///
/// let credentials = Credentials::new("careplan@0001", "Terminal1", "KJ474779000118", "Careplan1");
/// assert!(!format!("{:?}", credentials.unwrap()).contains("Careplan1"));
/// ```
#[derive(Debug, Clone)]
pub struct Credentials {
    pub(crate) terminal_user: TerminalUserId,
    pub(crate) terminal_password: Secret,
    pub(crate) office_user: OfficeUserId,
    pub(crate) office_password: Secret,
}

impl Credentials {
    /// Both IDs, checked, and their passwords.
    ///
    /// # Errors
    /// When an ID has not its form: nothing was sent, and nothing counts as a wrong password.
    pub fn new(
        terminal_user: &str,
        terminal_password: impl Into<Secret>,
        office_user: &str,
        office_password: impl Into<Secret>,
    ) -> Result<Self, Error> {
        Ok(Self {
            terminal_user: terminal_user.parse()?,
            terminal_password: terminal_password.into(),
            office_user: office_user.parse()?,
            office_password: office_password.into(),
        })
    }
}

/// The identifier of a message, as the relay gave it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(String);

impl MessageId {
    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for MessageId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl From<String> for MessageId {
    fn from(id: String) -> Self {
        Self(id)
    }
}

impl From<&Self> for MessageId {
    fn from(id: &Self) -> Self {
        id.clone()
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq<str> for MessageId {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for MessageId {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

/// What the first stage of the login gave; the second needs it.
#[derive(Debug, Clone)]
pub struct FirstStage(pub(crate) Secret);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_their_forms() {
        let longest = format!("c{}", "0".repeat(63));
        for id in ["c", "c0001", "careplan@0001", longest.as_str()] {
            assert_eq!(id.parse::<TerminalUserId>().unwrap().as_str(), id);
        }
        let longer = format!("c{}", "0".repeat(64));
        for (id, code) in [
            ("", "user-id-malformed"),
            ("C0001", "user-id-malformed"),
            ("c 1", "user-id-malformed"),
            ("ｃ1", "user-id-malformed"),
            (longer.as_str(), "user-id-malformed"),
            ("HD00000001", "agent-id-refused"),
        ] {
            assert_eq!(id.parse::<TerminalUserId>().unwrap_err().code(), code, "{id}");
        }
        for (id, code) in [
            ("KJ47477900011", "user-id-malformed"),
            ("KJ4747790001180", "user-id-malformed"),
            ("kj474779000118", "user-id-malformed"),
            ("HD00000001", "agent-id-refused"),
        ] {
            let error = id.parse::<OfficeUserId>().unwrap_err();
            assert_eq!(error.code(), code, "{id}");
            assert!(error.explain().to_do.ja.contains("KJから始まる"), "{error}");
        }
    }

    #[test]
    fn secrets_do_not_print() {
        let credentials = Credentials::new("c0001", "Canary01", "KJ474779000118", "Canary02");
        let printed = format!("{:?}", credentials.unwrap());
        assert!(!printed.contains("Canary") && !printed.contains("4779000118"), "{printed}");
    }
}
