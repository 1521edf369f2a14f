//! BER to DER, as far as signatures need it.
//!
//! Stream-writing libraries (BouncyCastle by default, `openssl cms -stream`) end their elements
//! with a mark instead of giving a length, and split octet strings. The reader of CMS here wants
//! DER. Sizes and depths are bounded: the bytes come from anyone.

/// Elements within elements, at most.
pub const MAX_DEPTH: usize = 32;

/// Why bytes were not normalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum BerError {
    /// More bytes than the caller wants to read.
    #[error("too many bytes")]
    TooLarge,
    /// More than [`MAX_DEPTH`] elements within each other.
    #[error("elements are nested too deeply")]
    TooDeep,
    /// An element is longer than the bytes that hold it.
    #[error("the bytes end within an element")]
    Truncated,
    /// Bytes follow the element.
    #[error("bytes follow the element")]
    TrailingBytes,
    /// Not BER, or a corner of it that no signature uses (tag numbers over 30, lengths over four
    /// octets, split strings other than octet strings).
    #[error("not BER, or an unused corner of it")]
    Unsupported,
}

const CONSTRUCTED: u8 = 0x20;
const OCTET_STRING: u8 = 0x04;
const END_OF_CONTENTS: [u8; 2] = [0, 0];

/// Rewrites the one BER element in `bytes` with definite, shortest lengths and whole octet strings.
///
/// Order within sets is left to the reader, which sorts. DER comes back unchanged.
///
/// # Errors
/// See [`BerError`]; `limit` is the largest number of bytes to look at.
pub fn to_der(bytes: &[u8], limit: usize) -> Result<Vec<u8>, BerError> {
    if bytes.len() > limit {
        return Err(BerError::TooLarge);
    }
    let mut der = Vec::with_capacity(bytes.len());
    let rest = element(bytes, 0, &mut der)?;
    if rest.is_empty() { Ok(der) } else { Err(BerError::TrailingBytes) }
}

/// Writes the first element of `input` as DER and returns what follows it.
fn element<'a>(input: &'a [u8], depth: usize, out: &mut Vec<u8>) -> Result<&'a [u8], BerError> {
    let (tag, contents, rest) = open(input)?;
    if tag & CONSTRUCTED == 0 {
        let Contents::Definite(contents) = contents else { return Err(BerError::Unsupported) };
        write(tag, contents, out);
        return Ok(rest);
    }
    let mut inner = Vec::new();
    if tag == OCTET_STRING | CONSTRUCTED {
        let rest =
            within(contents, rest, depth, &mut |piece, depth| octets(piece, depth, &mut inner))?;
        write(OCTET_STRING, &inner, out);
        return Ok(rest);
    }
    let rest =
        within(contents, rest, depth, &mut |child, depth| element(child, depth, &mut inner))?;
    write(tag, &inner, out);
    Ok(rest)
}

/// Appends the contents of an octet string, whole or in pieces.
fn octets<'a>(input: &'a [u8], depth: usize, out: &mut Vec<u8>) -> Result<&'a [u8], BerError> {
    let (tag, contents, rest) = open(input)?;
    match (tag, contents) {
        (OCTET_STRING, Contents::Definite(contents)) => {
            out.extend_from_slice(contents);
            Ok(rest)
        }
        (tag, contents) if tag == OCTET_STRING | CONSTRUCTED => {
            within(contents, rest, depth, &mut |piece, depth| octets(piece, depth, out))
        }
        _ => Err(BerError::Unsupported),
    }
}

enum Contents<'a> {
    /// These bytes.
    Definite(&'a [u8]),
    /// What follows, up to a mark.
    UpToMark,
}

/// Hands each child of an element to `read`, which returns what follows it, and returns what
/// follows the element.
fn within<'a>(
    contents: Contents<'a>,
    rest: &'a [u8],
    depth: usize,
    read: &mut dyn FnMut(&'a [u8], usize) -> Result<&'a [u8], BerError>,
) -> Result<&'a [u8], BerError> {
    if depth + 1 >= MAX_DEPTH {
        return Err(BerError::TooDeep);
    }
    match contents {
        Contents::Definite(mut children) => {
            while !children.is_empty() {
                children = read(children, depth + 1)?;
            }
            Ok(rest)
        }
        Contents::UpToMark => {
            let mut children = rest;
            loop {
                if let Some(after) = children.strip_prefix(&END_OF_CONTENTS) {
                    return Ok(after);
                }
                children = read(children, depth + 1)?;
            }
        }
    }
}

/// Splits an element into its tag, its contents, and what follows (for contents up to a mark: what
/// follows the header).
fn open(input: &[u8]) -> Result<(u8, Contents<'_>, &[u8]), BerError> {
    let [tag, first, rest @ ..] = input else { return Err(BerError::Truncated) };
    if tag & 0x1f == 0x1f || *tag == 0 {
        return Err(BerError::Unsupported);
    }
    let (length, rest) = match first {
        0x80 => return Ok((*tag, Contents::UpToMark, rest)),
        0..0x80 => (usize::from(*first), rest),
        0x81..=0x84 => {
            let octets = usize::from(first & 0x7f);
            let (octets, rest) = rest.split_at_checked(octets).ok_or(BerError::Truncated)?;
            let length = octets.iter().fold(0_u32, |length, octet| length << 8 | u32::from(*octet));
            (usize::try_from(length).map_err(|_| BerError::TooLarge)?, rest)
        }
        _ => return Err(BerError::Unsupported),
    };
    let (contents, rest) = rest.split_at_checked(length).ok_or(BerError::Truncated)?;
    Ok((*tag, Contents::Definite(contents), rest))
}

fn write(tag: u8, contents: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    match u8::try_from(contents.len()) {
        Ok(short @ 0..0x80) => out.push(short),
        _ => {
            let octets = contents.len().to_be_bytes();
            let zeros = octets.iter().take_while(|octet| **octet == 0).count();
            let octets = &octets[zeros..];
            out.push(0x80 | u8::try_from(octets.len()).expect("a length has at most 8 octets"));
            out.extend_from_slice(octets);
        }
    }
    out.extend_from_slice(contents);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn marks_become_lengths_and_pieces_whole() {
        // SEQUENCE (indefinite) { OCTET STRING (indefinite) { "ab", "c" }, INTEGER 5 }
        let ber = [
            0x30, 0x80, 0x24, 0x80, 0x04, 0x02, b'a', b'b', 0x04, 0x81, 0x01, b'c', 0, 0, 0x02,
            0x01, 5, 0, 0,
        ];
        let der = [0x30, 0x08, 0x04, 0x03, b'a', b'b', b'c', 0x02, 0x01, 5];
        assert_eq!(to_der(&ber, 100).unwrap(), der);
        assert_eq!(to_der(&der, 100).unwrap(), der);
        assert_eq!(to_der(&der, 5), Err(BerError::TooLarge));
        assert_eq!(to_der(&ber[..18], 100), Err(BerError::Truncated));
        assert_eq!(to_der(&[0x02, 1, 5, 0], 100), Err(BerError::TrailingBytes));
        assert_eq!(to_der(&[0x02, 0x80, 0, 0], 100), Err(BerError::Unsupported));
        assert_eq!(to_der(&[0x1f, 1, 5], 100), Err(BerError::Unsupported));
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |levels: usize| [[0x30, 0x80].repeat(levels), [0, 0].repeat(levels)].concat();
        assert!(to_der(&nested(31), usize::MAX).is_ok());
        assert_eq!(to_der(&nested(32), usize::MAX), Err(BerError::TooDeep));
        assert_eq!(to_der(&nested(100_000), usize::MAX), Err(BerError::TooDeep));
        let strings = [[0x24, 0x80].repeat(100_000), [0, 0].repeat(100_000)].concat();
        assert_eq!(to_der(&strings, usize::MAX), Err(BerError::TooDeep));
    }

    #[test]
    fn long_lengths_are_written_shortest() {
        for size in [0, 127, 128, 255, 256, 70_000] {
            let mut ber = vec![0x04, 0x84];
            ber.extend(u32::try_from(size).unwrap().to_be_bytes());
            ber.resize(6 + size, 7);
            let der = to_der(&ber, usize::MAX).unwrap();
            assert_eq!(
                der.len() - size,
                [2, 3, 4, 5][usize::from(size > 127)
                    + usize::from(size > 255)
                    + usize::from(size > 65_535)]
            );
            assert_eq!(to_der(&der, usize::MAX).unwrap(), der);
        }
    }

    /// An element as DER, and the same with lengths left open and strings split.
    fn both() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
        let leaf = (proptest::collection::vec(any::<u8>(), 0..200), 0_usize..4).prop_map(
            |(bytes, pieces)| {
                let mut der = Vec::new();
                write(OCTET_STRING, &bytes, &mut der);
                if pieces == 0 {
                    return (der.clone(), der);
                }
                let mut ber = vec![OCTET_STRING | CONSTRUCTED, 0x80];
                for piece in bytes.chunks(bytes.len().div_ceil(pieces).max(1)) {
                    write(OCTET_STRING, piece, &mut ber);
                }
                ber.extend(END_OF_CONTENTS);
                (der, ber)
            },
        );
        leaf.prop_recursive(6, 32, 4, |inner| {
            (proptest::collection::vec(inner, 0..4), any::<bool>()).prop_map(|(children, open)| {
                let (der, ber): (Vec<_>, Vec<_>) = children.into_iter().unzip();
                let mut whole = Vec::new();
                write(0x30, &der.concat(), &mut whole);
                let mut other = Vec::new();
                if open {
                    other.extend([0x30, 0x80]);
                    other.extend(ber.concat());
                    other.extend(END_OF_CONTENTS);
                } else {
                    write(0x30, &ber.concat(), &mut other);
                }
                (whole, other)
            })
        })
    }

    proptest! {
        #[test]
        fn either_writing_gives_the_same((der, ber) in both()) {
            prop_assert_eq!(to_der(&ber, usize::MAX).unwrap(), der);
        }

        #[test]
        fn any_bytes_are_survived_and_results_are_stable(
            bytes in proptest::collection::vec(
                prop_oneof![any::<u8>(), Just(0x30), Just(0x24), Just(0x80), Just(0x04), Just(0)],
                0..300,
            ),
        ) {
            if let Ok(der) = to_der(&bytes, 300) {
                prop_assert!(der.len() <= 2 * bytes.len());
                prop_assert_eq!(to_der(&der, usize::MAX).unwrap(), der);
            }
        }
    }
}
