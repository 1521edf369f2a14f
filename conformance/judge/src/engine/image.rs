//! Reads an image: its first bytes, its size, and whether it is there to its end.

use std::io::{self, Read};

use careplan_reader::read_image;

use crate::facts::FileFacts;

/// How far from its end the mark of the end of an image may stand: cameras write some behind it.
const TAIL: usize = 4096;

/// Reads an image to its end and returns its size.
pub(super) fn read(content: &mut dyn Read, facts: &mut FileFacts) -> io::Result<u64> {
    let mut tail = Tail { content, last: Vec::new() };
    let size = read_image(&mut tail, &mut facts.image_head)?;
    facts.image_ends = tail.last.windows(2).any(|pair| pair == b"\xFF\xD9");
    Ok(size)
}

/// Keeps the last bytes that went by.
struct Tail<'a> {
    content: &'a mut dyn Read,
    last: Vec<u8>,
}

impl Read for Tail<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.content.read(buffer)?;
        self.last.extend_from_slice(&buffer[..read]);
        self.last.drain(..self.last.len().saturating_sub(TAIL));
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_of_the_end_is_looked_for_near_the_end() {
        let ends = |content: &[u8]| {
            let mut facts = FileFacts::default();
            assert_eq!(
                read(&mut &*content, &mut facts).expect("memory has no errors"),
                content.len() as u64
            );
            assert_eq!(facts.image_head, content[..content.len().min(16)]);
            facts.image_ends
        };
        let image = |before: usize, behind: usize| {
            [&vec![7; before][..], b"\xFF\xD9", &vec![0; behind]].concat()
        };
        for (before, behind) in [(0, 0), (100_000, 0), (16_383, 0), (100_000, TAIL - 2)] {
            assert!(ends(&image(before, behind)), "{before} {behind}");
        }
        assert!(!ends(&image(100_000, TAIL - 1)), "an image inside the image");
        assert!(!ends(b"") && !ends(b"\xFF\xD8\xFF\xE0"));
    }
}
