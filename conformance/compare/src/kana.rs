//! Kana of half width and of full width.

/// Half-width kana in the order of their codes, U+FF61 first, as full-width ones.
const FULL: &str = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜";

/// The full-width form of a half-width kana. A mark of voice is a character of its own in both.
pub(crate) fn full(half: char) -> Option<char> {
    FULL.chars().nth(u32::from(half).checked_sub(0xFF61)? as usize)
}

/// The half-width form of a kana without a mark of voice.
pub(crate) fn half(full: char) -> Option<char> {
    let at = FULL.chars().position(|known| known == full)?;
    char::from_u32(0xFF61 + at as u32)
}
