//! A number that stands for bytes and is the same on every run and every machine.

/// The fingerprint of everything added so far: FNV-1a, 64 bits. It tells things apart that nobody
/// made alike on purpose; it is no protection against somebody who does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// Of nothing yet.
    pub const fn new() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }

    /// Adds bytes. Where one part ends and the next begins is for the caller to mark.
    pub fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    }

    /// The number.
    pub const fn value(self) -> u64 {
        self.0
    }

    /// The number for one piece of bytes.
    pub fn of(bytes: &[u8]) -> u64 {
        let mut fingerprint = Self::new();
        fingerprint.add(bytes);
        fingerprint.0
    }
}

impl Default for Fingerprint {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the test vectors of the authors of FNV.
    #[test]
    fn the_published_values_come_out() {
        assert_eq!(Fingerprint::of(b""), 0xCBF2_9CE4_8422_2325);
        assert_eq!(Fingerprint::of(b"a"), 0xAF63_DC4C_8601_EC8C);
        assert_eq!(Fingerprint::of(b"foobar"), 0x8594_4171_F739_67E8);
    }

    #[test]
    fn parts_add_up_to_the_whole() {
        let mut parts = Fingerprint::default();
        parts.add(b"foo");
        parts.add(b"bar");
        assert_eq!(parts.value(), Fingerprint::of(b"foobar"));
    }
}
