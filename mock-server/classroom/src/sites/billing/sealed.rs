//! A PDF that opens with a password: 証明書発行用パスワード通知書 opens with the password of the login
//! (relay.md §5, Stated). One page of text, AES-256, revision 6 of the standard security handler
//! (ISO 32000-2, 7.6.4).

use std::fmt::Write as _;

use aws_lc_rs::cipher::{
    AES_128, AES_256, EncryptionContext, PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use careplan_spec::hex;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// Bytes of a block of AES.
const BLOCK: usize = 16;

/// A password counts up to here.
const LONGEST_PASSWORD: usize = 127;

/// Everything may be done with the document by whoever opens it.
const PERMISSIONS: i32 = -4;

/// A page with these lines, which opens with `password`. None where the system has no randomness
/// or the cipher does not work.
pub(super) fn pdf(lines: &[String], password: &str) -> Option<Vec<u8>> {
    Sealed::new(password)?.write(lines)
}

/// The keys of a document.
struct Sealed {
    key: [u8; 32],
    user: Vec<u8>,
    user_key: Vec<u8>,
    owner: Vec<u8>,
    owner_key: Vec<u8>,
    permissions: Vec<u8>,
    id: [u8; 16],
}

impl Sealed {
    fn new(password: &str) -> Option<Self> {
        let password = &password.as_bytes()[..password.len().min(LONGEST_PASSWORD)];
        let key: [u8; 32] = random()?;
        let (user, user_key) = entry(password, &[], &key)?;
        // Nobody has the other password.
        let (owner, owner_key) = entry(&random::<32>()?, &user, &key)?;
        let mut block = [0; BLOCK];
        block[..4].copy_from_slice(&PERMISSIONS.to_le_bytes());
        block[4..8].fill(0xff);
        block[8..12].copy_from_slice(b"Tadb");
        block[12..].copy_from_slice(&random::<4>()?);
        let permissions = unpadded(&key, &[0; BLOCK], &block)?;
        Some(Self { key, user, user_key, owner, owner_key, permissions, id: random()? })
    }

    /// A string or a stream of the document, its start before it.
    fn seal(&self, plain: &[u8]) -> Option<Vec<u8>> {
        let iv: [u8; BLOCK] = random()?;
        let mut sealed = iv.to_vec();
        sealed.extend(padded(&self.key, &iv, plain)?);
        Some(sealed)
    }

    fn write(&self, lines: &[String]) -> Option<Vec<u8>> {
        let mut content = String::from("BT /F1 14 Tf 24 TL 60 770 Td\n");
        for line in lines {
            let utf16: Vec<u8> = line.encode_utf16().flat_map(u16::to_be_bytes).collect();
            writeln!(content, "<{}> Tj T*", hex(&utf16)).ok()?;
        }
        content.push_str("ET");
        let content = self.seal(content.as_bytes())?;
        let text = |plain: &str| Some(hex(&self.seal(plain.as_bytes())?));
        // The font is one that readers have for Japanese: nothing is embedded.
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
             /Resources << /Font << /F1 5 0 R >> >> >>"
                .to_owned(),
            String::new(),
            "<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiKakuGo-W5 \
             /Encoding /UniJIS-UTF16-H /DescendantFonts [6 0 R] >>"
                .to_owned(),
            format!(
                "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiKakuGo-W5 \
                 /CIDSystemInfo << /Registry <{}> /Ordering <{}> /Supplement 6 >> \
                 /FontDescriptor 7 0 R /DW 1000 /W [1 [278] 2 94 556] >>",
                text("Adobe")?,
                text("Japan1")?
            ),
            "<< /Type /FontDescriptor /FontName /HeiseiKakuGo-W5 /Flags 4 \
             /FontBBox [-92 -250 1010 922] /ItalicAngle 0 /Ascent 752 /Descent -221 \
             /CapHeight 737 /StemV 114 >>"
                .to_owned(),
            format!(
                "<< /Filter /Standard /V 5 /R 6 /Length 256 /P {PERMISSIONS} /EncryptMetadata true \
                 /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV3 /Length 32 >> >> \
                 /StmF /StdCF /StrF /StdCF /U <{}> /UE <{}> /O <{}> /OE <{}> /Perms <{}> >>",
                hex(&self.user),
                hex(&self.user_key),
                hex(&self.owner),
                hex(&self.owner_key),
                hex(&self.permissions)
            ),
        ];
        let mut out = b"%PDF-2.0\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut places = Vec::new();
        for (index, object) in objects.iter().enumerate() {
            places.push(out.len());
            out.extend(format!("{} 0 obj\n", index + 1).bytes());
            if object.is_empty() {
                out.extend(format!("<< /Length {} >>\nstream\n", content.len()).bytes());
                out.extend(&content);
                out.extend(b"\nendstream");
            } else {
                out.extend(object.bytes());
            }
            out.extend(b"\nendobj\n");
        }
        let start = out.len();
        let mut end = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
        for place in places {
            writeln!(end, "{place:010} 00000 n ").ok()?;
        }
        let id = hex(&self.id);
        write!(
            end,
            "trailer\n<< /Size {} /Root 1 0 R /Encrypt 8 0 R /ID [<{id}> <{id}>] >>\n\
             startxref\n{start}\n%%EOF\n",
            objects.len() + 1
        )
        .ok()?;
        out.extend(end.bytes());
        Some(out)
    }
}

/// /U and /UE, or /O and /OE: what a password is checked with, and the key under it (algorithms 8
/// and 9).
fn entry(password: &[u8], user: &[u8], key: &[u8; 32]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (check, salt): ([u8; 8], [u8; 8]) = (random()?, random()?);
    let mut entry = hash(password, &check, user)?.to_vec();
    entry.extend(check);
    entry.extend(salt);
    let under = unpadded(&hash(password, &salt, user)?, &[0; BLOCK], key)?;
    Some((entry, under))
}

/// The hash of a password, made slow (algorithm 2.B).
fn hash(password: &[u8], salt: &[u8], user: &[u8]) -> Option<[u8; 32]> {
    let first = Sha256::new().chain_update(password).chain_update(salt).chain_update(user);
    let mut key = first.finalize().to_vec();
    let mut last = 0;
    let mut round = 0_u32;
    while round < 64 || u32::from(last) > round - 32 {
        let one = [password, &key, user].concat();
        let (cipher_key, iv) = (&key[..BLOCK], key[BLOCK..2 * BLOCK].try_into().ok()?);
        let mixed = unpadded(cipher_key, iv, &one.repeat(64))?;
        let rest = mixed[..BLOCK].iter().map(|byte| u32::from(*byte)).sum::<u32>() % 3;
        last = *mixed.last()?;
        key = match rest {
            0 => Sha256::digest(&mixed).to_vec(),
            1 => Sha384::digest(&mixed).to_vec(),
            _ => Sha512::digest(&mixed).to_vec(),
        };
        round += 1;
    }
    key[..32].try_into().ok()
}

/// AES in CBC mode, filled up to whole blocks.
fn padded(key: &[u8], iv: &[u8; BLOCK], plain: &[u8]) -> Option<Vec<u8>> {
    let cipher = if key.len() == BLOCK { &AES_128 } else { &AES_256 };
    let key = UnboundCipherKey::new(cipher, key).ok()?;
    let key = PaddedBlockEncryptingKey::cbc_pkcs7(key).ok()?;
    let mut text = plain.to_vec();
    key.less_safe_encrypt(&mut text, EncryptionContext::Iv128(FixedLength::from(iv))).ok()?;
    Some(text)
}

/// The same for whole blocks alone: what fills up is a block of its own, at the end.
fn unpadded(key: &[u8], iv: &[u8; BLOCK], plain: &[u8]) -> Option<Vec<u8>> {
    let mut text = padded(key, iv, plain)?;
    text.truncate(plain.len());
    Some(text)
}

fn random<const LENGTH: usize>() -> Option<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::cipher::{DecryptionContext, PaddedBlockDecryptingKey};

    use super::*;

    fn opened(key: &[u8], sealed: &[u8]) -> Vec<u8> {
        let (iv, text) = sealed.split_at(BLOCK);
        let iv: [u8; BLOCK] = iv.try_into().unwrap();
        let key = UnboundCipherKey::new(&AES_256, key).unwrap();
        let key = PaddedBlockDecryptingKey::cbc_pkcs7(key).unwrap();
        let mut text = text.to_vec();
        let context = DecryptionContext::Iv128(FixedLength::from(iv));
        key.decrypt(&mut text, context).unwrap().to_vec()
    }

    #[test]
    fn the_password_opens_the_document_and_no_other_does() {
        let sealed = Sealed::new("Careplan1").unwrap();
        let check = |password: &str| hash(password.as_bytes(), &sealed.user[32..40], &[]).unwrap();
        assert_eq!(check("Careplan1"), sealed.user[..32]);
        assert_ne!(check("Careplan2"), sealed.user[..32]);
        assert_eq!(opened(&sealed.key, &sealed.seal(b"Install01").unwrap()), b"Install01");
        // The key lies under the password alone.
        let under = hash(b"Careplan1", &sealed.user[40..48], &[]).unwrap();
        assert_eq!(unpadded(&under, &[0; BLOCK], &sealed.key).unwrap(), sealed.user_key);
    }

    #[test]
    fn what_it_says_is_not_in_the_file() {
        let lines = ["証明書発行用パスワード".to_owned(), "Install01".to_owned()];
        let file = pdf(&lines, "Careplan1").unwrap();
        assert!(file.starts_with(b"%PDF-2.0\n") && file.ends_with(b"%%EOF\n"));
        let plain = hex(&lines[1].encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>());
        for text in [plain.as_bytes(), b"Install01"] {
            assert!(!file.windows(text.len()).any(|part| part == text));
        }
        assert_ne!(file, pdf(&lines, "Careplan1").unwrap(), "keys of its own for each");
    }
}
