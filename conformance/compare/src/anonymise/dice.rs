//! Chance that is the same for the same value under the same key.

use careplan_judge::baseline::Key;

/// A stream of numbers (SplitMix64).
pub(super) struct Dice(u64);

impl Dice {
    /// For what is invented in the place of a value, at the nth attempt.
    pub(super) fn of(key: &Key, purpose: &str, value: &str, attempt: u32) -> Self {
        let seed = key.seed(purpose, value.as_bytes());
        let (words, _) = seed.as_chunks::<8>();
        let word = words.first().map_or(0, |word| u64::from_le_bytes(*word));
        Self(word ^ u64::from(attempt).wrapping_mul(0xD6E8_FEB8_6659_FD93))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is not 0.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        (((self.next() >> 32) * u64::from(end.max(1))) >> 32) as u32
    }

    /// One of several.
    pub(super) fn pick<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        all.get(self.below(all.len() as u32) as usize).copied()
    }

    /// A digit from `first` on.
    pub(super) fn digit(&mut self, first: u8) -> char {
        char::from(b'0' + first + self.below(u32::from(10 - first)) as u8)
    }
}
