//! Values that passed every rule of their field, so that the next equal one need not be judged.
//!
//! Most columns repeat a handful of values for thousands of records: version, insurer, month,
//! office, service code. Whether a value holds depends on the field and the value alone, so a
//! value that held once holds for the rest of the file.

/// Remembered values of a field.
const LINES: usize = 32;
/// The longest value that is remembered, in bytes.
const LONGEST: usize = 63;

/// Length, then the value: one cache line.
#[derive(Clone, Copy)]
struct Line {
    len: u8,
    value: [u8; LONGEST],
}

/// What is remembered for the fields of one file.
pub(crate) struct Memo {
    lines: Vec<Line>,
}

impl Memo {
    pub(crate) fn new(columns: usize) -> Self {
        Self { lines: vec![Line { len: 0, value: [0; LONGEST] }; columns * LINES] }
    }

    fn line(field: usize, value: &[u8]) -> usize {
        field * LINES + (mix(value) >> 59) as usize
    }

    /// Whether the field at a 0-based position had this non-empty value before, and it held.
    #[inline]
    pub(crate) fn knows(&self, field: usize, value: &[u8]) -> bool {
        if value.len() > LONGEST {
            return false;
        }
        let line = &self.lines[Self::line(field, value)];
        usize::from(line.len) == value.len() && equal(&line.value[..value.len()], value)
    }

    /// Remembers a non-empty value that holds, forgetting the one in its place.
    pub(crate) fn remember(&mut self, field: usize, value: &[u8]) {
        if value.len() <= LONGEST {
            let line = &mut self.lines[Self::line(field, value)];
            line.value[..value.len()].copy_from_slice(value);
            line.len = value.len() as u8;
        }
    }
}

/// Whether two values of the same length are equal: most are shorter than a call to compare them.
#[inline]
fn equal(one: &[u8], other: &[u8]) -> bool {
    fn ends<const N: usize>(one: &[u8], other: &[u8]) -> bool {
        one.first_chunk::<N>() == other.first_chunk() && one.last_chunk::<N>() == other.last_chunk()
    }
    match one.len() {
        0..4 => one.iter().eq(other),
        4..8 => ends::<4>(one, other),
        8..=16 => ends::<8>(one, other),
        17..=32 => ends::<16>(one, other),
        _ => one == other,
    }
}

/// Spreads the beginning and the end of a value; its high bits choose the line.
#[inline]
fn mix(value: &[u8]) -> u64 {
    let word = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
    let (first, last) = match (value.first_chunk(), value.last_chunk()) {
        (Some(first), Some(last)) => (word(first), word(last)),
        _ => match (value.first_chunk::<4>(), value.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)))
            }
            _ => (u64::from(value[0]), u64::from(value[value.len() - 1])),
        },
    };
    let sum = first ^ last.rotate_left(29) ^ value.len() as u64;
    sum.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn only_what_was_remembered_is_known(
            values in proptest::collection::vec((0usize..3, "[a-c]{1,70}"), 0..60),
            asked in proptest::collection::vec((0usize..3, "[a-c]{1,70}"), 0..60),
        ) {
            let mut memo = Memo::new(3);
            for (field, value) in &values {
                memo.remember(*field, value.as_bytes());
                prop_assert_eq!(memo.knows(*field, value.as_bytes()), value.len() <= LONGEST);
            }
            for (field, value) in &asked {
                if memo.knows(*field, value.as_bytes()) {
                    prop_assert!(values.contains(&(*field, value.clone())));
                }
            }
        }
    }
}
