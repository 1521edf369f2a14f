//! Certificates as offices receive them: PKCS#12 files (`.p12`) behind a password.

use std::fmt;

use careplan_spec::{Text, tokyo};
use jiff::Timestamp;
use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, Pkcs12Archive,
    PrivateKey, PrivateKeyChain, error::Error as P12Error,
};
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use x509_parser::parse_x509_certificate;
use zeroize::Zeroizing;

#[cfg(feature = "issue")]
use crate::issue::Issued;
use crate::{inspect::CertificateFacts, key::SigningKey, serial::Serial};

/// How a PKCS#12 file is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Encryption {
    /// AES-256 with PBKDF2 and HMAC-SHA-256: Windows 10 and later, and everything else current.
    #[default]
    Aes256,
    /// Triple DES and HMAC-SHA-1, for Windows Server 2016 and older and for the keychain of macOS,
    /// which call the other form a wrong password.
    TripleDes,
}

/// Rounds of key derivation, as openssl takes by default.
const ROUNDS: u32 = 2_048;

/// No PKCS#12 file of an office comes near; more is not read.
const MAX_BYTES: usize = 1 << 20;

/// The name of the file (Stated): the day of issue in Tokyo and the serial number in ten digits,
/// such as `202506240000000136.p12`.
pub fn file_name(issued_at: Timestamp, serial: Serial) -> String {
    format!("{}{serial:010}.p12", tokyo::date_of(issued_at).strftime("%Y%m%d"))
}

/// The file could not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// PKCS#12 passwords have no place for characters beyond U+FFFF, such as emoji.
    #[error("the password holds a character that PKCS#12 cannot express")]
    Password,
    /// A certificate or the key is not of the expected form.
    #[error("the certificate or its key is malformed")]
    Malformed,
}

/// Why a file could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OpenError {
    /// The bytes are no PKCS#12 file.
    NotPkcs12,
    /// The password does not open it.
    WrongPassword,
    /// It holds no private key.
    NoKey,
    /// It holds no certificate.
    NoCertificate,
    /// It holds certificates, but none for its key.
    KeyOfAnother,
    /// Its key is neither ECDSA on P-256 nor RSA.
    UnknownKey,
}

impl OpenError {
    /// What to tell the person who chose the file.
    pub const fn text(self) -> Text {
        match self {
            Self::NotPkcs12 => Text::new(
                "証明書ファイル（.p12）として読み取れません。ファイルが壊れていないか、別のファイルを選んでいないか確認してください。",
                "This is not a certificate file (.p12). It may be damaged, or the wrong file was chosen.",
            ),
            Self::WrongPassword => Text::new(
                "パスワードが違います。証明書発行用パスワードを入力してください。",
                "The password is wrong. Enter the password for certificate issue (証明書発行用パスワード).",
            ),
            Self::NoKey => {
                Text::new("ファイルに秘密鍵が入っていません。", "The file holds no private key.")
            }
            Self::NoCertificate => {
                Text::new("ファイルに証明書が入っていません。", "The file holds no certificate.")
            }
            Self::KeyOfAnother => Text::new(
                "ファイルの秘密鍵に対応する証明書がありません。",
                "The file holds no certificate for its private key.",
            ),
            Self::UnknownKey => Text::new(
                "対応していない種類の鍵です（RSA または ECDSA P-256 のみ使用できます）。",
                "The key is of an unsupported kind (only RSA and ECDSA P-256 are).",
            ),
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text().en)
    }
}

impl std::error::Error for OpenError {}

/// A certificate on a terminal, ready for TLS and for signing.
pub struct Installed {
    chain: Vec<CertificateDer<'static>>,
    pkcs8: Zeroizing<Vec<u8>>,
    key: SigningKey,
    facts: CertificateFacts,
}

impl fmt::Debug for Installed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Installed").field("facts", &self.facts).finish_non_exhaustive()
    }
}

impl Installed {
    /// Joins a key (PKCS#8 in DER) with its certificate. `certificates` may hold others, in any
    /// order; those above the key's own become its chain.
    ///
    /// # Errors
    /// There is no certificate, none is the key's, or the key is of an unknown kind.
    pub fn new(
        certificates: Vec<CertificateDer<'static>>,
        pkcs8: &[u8],
    ) -> Result<Self, OpenError> {
        let key = SigningKey::from_pkcs8(pkcs8).ok_or(OpenError::UnknownKey)?;
        if certificates.is_empty() {
            return Err(OpenError::NoCertificate);
        }
        let chain = chain_of(&key, certificates).ok_or(OpenError::KeyOfAnother)?;
        let facts = CertificateFacts::from_der(&chain[0]).map_err(|_| OpenError::NotPkcs12)?;
        Ok(Self { chain, pkcs8: Zeroizing::new(pkcs8.to_vec()), key, facts })
    }

    /// The certificate, then those above it as far as known.
    pub fn chain(&self) -> &[CertificateDer<'static>] {
        &self.chain
    }

    /// The certificate alone.
    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.chain[0]
    }

    /// What the certificate says.
    pub fn facts(&self) -> &CertificateFacts {
        &self.facts
    }

    /// The private key, PKCS#8 in DER.
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The private key as rustls takes it.
    pub fn private_key(&self) -> PrivatePkcs8KeyDer<'static> {
        PrivatePkcs8KeyDer::from(self.pkcs8.to_vec())
    }

    pub(crate) fn signing_key(&self) -> &SigningKey {
        &self.key
    }
}

/// Writes a new certificate, its key and the authorities above as a PKCS#12 file. The password may be
/// Japanese.
///
/// # Errors
/// The password cannot be expressed, or a part is malformed.
#[cfg(feature = "issue")]
pub fn pack(issued: &Issued, password: &str, encryption: Encryption) -> Result<Vec<u8>, PackError> {
    let facts =
        CertificateFacts::from_der(&issued.certificate).map_err(|_| PackError::Malformed)?;
    write(&issued.chain(), &issued.key, facts, password, encryption)
}

/// Writes an installed certificate as a PKCS#12 file: the same key and certificates, in the form
/// that is wanted.
///
/// # Errors
/// The password cannot be expressed, or a part is malformed.
pub fn pack_again(
    installed: &Installed,
    password: &str,
    encryption: Encryption,
) -> Result<Vec<u8>, PackError> {
    let facts = installed.facts.clone();
    write(&installed.chain, &installed.pkcs8, facts, password, encryption)
}

fn write(
    chain: &[CertificateDer<'_>],
    key: &[u8],
    facts: CertificateFacts,
    password: &str,
    encryption: Encryption,
) -> Result<Vec<u8>, PackError> {
    if !expressible(password) {
        return Err(PackError::Password);
    }
    let malformed = |_| PackError::Malformed;
    let certificates = chain
        .iter()
        .map(|one| Certificate::from_der(one))
        .collect::<Result<Vec<_>, _>>()
        .map_err(malformed)?;
    let key = PrivateKey::from_der(key).map_err(malformed)?;
    let alias = match (facts.common_name, facts.office) {
        (Some(name), Some(office)) => format!("TEST {name} {office}"),
        (name, _) => format!("TEST {}", name.unwrap_or_default()),
    };
    let mut store = KeyStore::new();
    let entry = PrivateKeyChain::new(facts.sha256[..20].to_vec(), key, certificates);
    store.add_entry(&alias, KeyStoreEntry::PrivateKeyChain(entry));
    let (cipher, mac) = match encryption {
        Encryption::Aes256 => {
            (EncryptionAlgorithm::PbeWithHmacSha256AndAes256, MacAlgorithm::HmacSha256)
        }
        Encryption::TripleDes => {
            (EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc, MacAlgorithm::HmacSha1)
        }
    };
    store
        .writer(password)
        .encryption_algorithm(cipher)
        .encryption_iterations(ROUNDS)
        .mac_algorithm(mac)
        .mac_iterations(ROUNDS)
        .write()
        .map_err(malformed)
}

/// Opens a PKCS#12 file. Of several keys the first counts.
///
/// ```
/// use careplan_certs::package::{self, OpenError};
///
/// let error = package::open(b"a letter", "Install01").unwrap_err();
/// assert_eq!(error, OpenError::NotPkcs12);
/// assert!(error.text().ja.starts_with("証明書ファイル（.p12）として読み取れません"));
/// ```
///
/// # Errors
/// See [`OpenError`].
pub fn open(bytes: &[u8], password: &str) -> Result<Installed, OpenError> {
    if bytes.len() > MAX_BYTES {
        return Err(OpenError::NotPkcs12);
    }
    // A file that is none must not be blamed on the password.
    let archive = match Pkcs12Archive::from_pkcs12(bytes, password) {
        Ok(archive) => archive,
        Err(_) if !expressible(password) => {
            return Err(match Pkcs12Archive::from_pkcs12(bytes, "") {
                Ok(_) | Err(P12Error::MacError(_)) => OpenError::WrongPassword,
                Err(_) => OpenError::NotPkcs12,
            });
        }
        Err(P12Error::MacError(_) | P12Error::UnpadError | P12Error::Pkcs5Error(_)) => {
            return Err(OpenError::WrongPassword);
        }
        Err(_) => return Err(OpenError::NotPkcs12),
    };
    let key = archive.keys.first().ok_or(OpenError::NoKey)?;
    let certificates =
        archive.certs.iter().map(|bag| CertificateDer::from(bag.cert.as_der().to_vec())).collect();
    Installed::new(certificates, key.key.as_der())
}

fn expressible(password: &str) -> bool {
    password.chars().all(|character| u32::from(character) <= 0xffff)
}

/// The certificate of `key`, followed by the issuer of each as long as there is one.
fn chain_of(
    key: &SigningKey,
    mut certificates: Vec<CertificateDer<'static>>,
) -> Option<Vec<CertificateDer<'static>>> {
    let own = certificates.iter().position(|certificate| {
        parse_x509_certificate(certificate).is_ok_and(|(_, parsed)| {
            parsed.public_key().subject_public_key.data.as_ref() == key.public_key()
        })
    })?;
    let mut chain = vec![certificates.swap_remove(own)];
    while let Some(above) = issuer_of(chain.last()?, &certificates) {
        chain.push(certificates.swap_remove(above));
    }
    Some(chain)
}

fn issuer_of(below: &CertificateDer<'_>, among: &[CertificateDer<'_>]) -> Option<usize> {
    let (_, below) = parse_x509_certificate(below).ok()?;
    if below.issuer().as_raw() == below.subject().as_raw() {
        return None;
    }
    among.iter().position(|candidate| {
        parse_x509_certificate(candidate)
            .is_ok_and(|(_, parsed)| parsed.subject().as_raw() == below.issuer().as_raw())
    })
}
