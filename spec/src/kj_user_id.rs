//! KJ user IDs of 電子請求受付システム: `KJ`, prefecture (2), office number (10).
//!
//! Basis: Inferred (public guides; relay.md §4). `HD` IDs belong to agents (代理人) and are refused.

use crate::office_number::OfficeNumber;

/// What a user ID is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserId {
    /// An office's own ID.
    Office {
        /// Prefecture of the billing destination, two digits.
        prefecture: [u8; 2],
        /// The office.
        office: OfficeNumber,
    },
    /// An agent's ID.
    Agent,
}

/// Length of an office's ID, in characters.
pub const LENGTH: usize = 14;

/// Reads a user ID; `None` where it is neither an office's nor an agent's.
pub fn parse(text: &str) -> Option<UserId> {
    let bytes = text.as_bytes();
    if bytes.starts_with(b"HD") {
        return Some(UserId::Agent);
    }
    let rest = bytes.strip_prefix(b"KJ")?;
    let (prefecture, office) = rest.split_first_chunk::<2>()?;
    if !prefecture.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(UserId::Office { prefecture: *prefecture, office: OfficeNumber::parse(office)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_office_id_holds_its_number() {
        let Some(UserId::Office { prefecture, office }) = parse("KJ474770190017") else {
            panic!("an office's ID")
        };
        assert_eq!((&prefecture, office.as_str()), (b"47", "4770190017"));
        assert_eq!(parse("HD00000001"), Some(UserId::Agent));
        assert_eq!(parse("KJ47477019001"), None);
        assert_eq!(parse("kj474770190017"), None);
    }
}
