//! Serial numbers of certificates.

use std::{fmt, str::FromStr};

use careplan_spec::hex;

/// A certificate's serial number: a positive integer of at most 20 octets (RFC 5280 4.1.2.2).
///
/// Shown in decimal where it fits 64 bits, as those of e-seikyuu do, else as `0x` and hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial([u8; 20]);

impl Serial {
    /// Reads a big-endian integer; `None` over 20 octets.
    pub fn from_be_bytes(bytes: &[u8]) -> Option<Self> {
        let significant = &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..];
        let mut all = [0; 20];
        let start = all.len().checked_sub(significant.len())?;
        all[start..].copy_from_slice(significant);
        Some(Self(all))
    }

    /// The number, if it fits.
    pub fn to_u64(self) -> Option<u64> {
        let (high, low) = self.0.split_last_chunk::<8>().expect("20 octets hold 8");
        high.iter().all(|byte| *byte == 0).then(|| u64::from_be_bytes(*low))
    }

    /// Big-endian, without leading zero octets (one for the number zero).
    pub fn significant_bytes(&self) -> &[u8] {
        let zeros = self.0.iter().take_while(|byte| **byte == 0).count();
        &self.0[zeros.min(self.0.len() - 1)..]
    }
}

impl From<u64> for Serial {
    fn from(number: u64) -> Self {
        let mut all = [0; 20];
        all[12..].copy_from_slice(&number.to_be_bytes());
        Self(all)
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(number) = self.to_u64() {
            return f.pad_integral(true, "", &number.to_string());
        }
        write!(f, "0x{}", hex(self.significant_bytes()))
    }
}

impl fmt::Debug for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Serial({self})")
    }
}

/// The text is not a serial number as [`Serial`] writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a serial number: decimal digits, or 0x and at most 40 hexadecimal digits")]
pub struct NotASerial;

impl FromStr for Serial {
    type Err = NotASerial;

    fn from_str(text: &str) -> Result<Self, NotASerial> {
        let Some(hex) = text.strip_prefix("0x") else {
            if !text.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(NotASerial);
            }
            return text.parse::<u64>().map(Self::from).map_err(|_| NotASerial);
        };
        if hex.is_empty() || hex.len() > 40 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NotASerial);
        }
        let mut all = [0; 20];
        for (place, digit) in hex.bytes().rev().enumerate() {
            let digit = char::from(digit).to_digit(16).ok_or(NotASerial)?;
            let shift = if place % 2 == 0 { 0 } else { 4 };
            all[19 - place / 2] |= u8::try_from(digit << shift).map_err(|_| NotASerial)?;
        }
        Ok(Self(all))
    }
}

impl serde::Serialize for Serial {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Serial {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn small_numbers_are_decimal_and_may_be_padded() {
        assert_eq!(Serial::from(136).to_string(), "136");
        assert_eq!(format!("{:010}", Serial::from(136)), "0000000136");
        assert_eq!(Serial::from_be_bytes(&[0, 0, 136]), Some(Serial::from(136)));
        assert_eq!(Serial::from(0).significant_bytes(), [0]);
        assert_eq!(Serial::from_be_bytes(&[1; 21]), None);
        for wrong in ["", "-1", "+1", "0x", "0xg", "99999999999999999999"] {
            assert_eq!(wrong.parse::<Serial>(), Err(NotASerial), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn text_and_bytes_return(bytes in proptest::collection::vec(any::<u8>(), 0..=20)) {
            let serial = Serial::from_be_bytes(&bytes).unwrap();
            prop_assert_eq!(serial.to_string().parse(), Ok(serial));
            prop_assert_eq!(Serial::from_be_bytes(serial.significant_bytes()), Some(serial));
            let json = serde_json::to_string(&serial).unwrap();
            prop_assert_eq!(serde_json::from_str::<Serial>(&json).unwrap(), serial);
        }
    }
}
