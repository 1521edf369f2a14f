//! The test authority: a root, the authority it certifies, and what that one issues.

use std::{
    fmt,
    net::IpAddr,
    sync::atomic::{AtomicU64, Ordering},
};

use careplan_spec::{office_number::OfficeNumber, tokyo};
use jiff::{Timestamp, ToSpan, civil};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CustomExtension,
    DistinguishedName, DnType, DnValue, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod,
    KeyPair, KeyUsagePurpose, RevokedCertParams, SanType, SerialNumber,
    string::{Ia5String, PrintableString},
};
use rustls_pki_types::{
    CertificateDer, CertificateRevocationListDer, PrivatePkcs8KeyDer, pem::PemObject,
};
use time::OffsetDateTime;
use x509_parser::parse_x509_certificate;
use zeroize::Zeroizing;

use crate::{
    inspect::{self, CertificateFacts, TEST_MARK},
    kind::Kind,
    package::{Installed, OpenError},
    serial::Serial,
    verify::{Judge, Revoked},
};

/// The common name of the authority that issues office certificates: e-seikyuu's, marked.
pub const ISSUING_NAME: &str = "TEST e-seikyuuCA";

/// The common name of the root above it.
pub const ROOT_NAME: &str = "TEST e-seikyuu Root CA";

/// O of every subject.
pub const ORGANIZATION: &str = "TEST careplan-testbed";

/// The certificate policy in every certificate, below the arc that RFC 5612 sets aside for
/// examples: whoever trusts it trusts an example.
pub const POLICY: &str = "1.3.6.1.4.1.32473.41.1";

/// `SEQUENCE { SEQUENCE { OBJECT IDENTIFIER POLICY } }`, the value of certificatePolicies.
const POLICIES_DER: [u8; 16] = [
    0x30, 0x0e, 0x30, 0x0c, 0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x81, 0xfd, 0x59, 0x29, 0x01,
];

const CERTIFICATE_POLICIES: [u64; 4] = [2, 5, 29, 32];
const SUBJECT_SERIAL_NUMBER: [u64; 4] = [2, 5, 4, 5];

/// Browsers refuse server certificates that live longer than 825 days.
const SERVER_DAYS: i64 = 820;

/// The kinds of key the authority makes. e-seikyuu's are not public; both are Assumed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize,
)]
pub enum KeyKind {
    /// ECDSA on P-256: made in microseconds, the default.
    #[default]
    P256,
    /// RSA of 2,048 bits, for software that knows no elliptic curves.
    Rsa2048,
}

impl KeyKind {
    fn generate(self) -> Result<KeyPair, rcgen::Error> {
        match self {
            Self::P256 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256),
            Self::Rsa2048 => {
                KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048)
            }
        }
    }
}

/// Why the authority could not be made, loaded or used.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// The authority in a saved state does not say TEST in its subject.
    #[error("the authority is not marked TEST: {subject}")]
    NotMarkedTest {
        /// Its subject.
        subject: String,
    },
    /// A part of a saved state cannot be read.
    #[error("the saved authority cannot be read: {0}")]
    Unreadable(&'static str),
    /// A key does not belong to the certificate beside it.
    #[error("the saved key is not that of the {0}")]
    KeyDoesNotMatch(&'static str),
    /// The issuing authority was not certified by the root beside it.
    #[error("the saved issuing authority was not certified by the saved root")]
    NotOfThisRoot,
    /// A name a server certificate was asked for is no host name.
    #[error("not a host name: {0}")]
    NotAHostName(String),
    /// The end of the validity is not after its beginning.
    #[error("a certificate must end after it begins")]
    EndsBeforeItBegins,
    /// Keys or signatures could not be made.
    #[error("the certificate could not be made: {0}")]
    Making(#[from] rcgen::Error),
}

/// An authority as it is kept in a saved state, **keys included**.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SavedAuthority {
    /// The root's certificate, PEM.
    pub root_certificate: String,
    /// The root's key, PKCS#8 in PEM.
    pub root_key: String,
    /// The issuing authority's certificate, PEM.
    pub issuing_certificate: String,
    /// The issuing authority's key, PKCS#8 in PEM.
    pub issuing_key: String,
    /// The serial number the next office certificate gets.
    pub next_serial: u64,
}

impl fmt::Debug for SavedAuthority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SavedAuthority")
            .field("issuing_certificate", &self.issuing_certificate)
            .field("next_serial", &self.next_serial)
            .finish_non_exhaustive()
    }
}

/// What an office certificate shall say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// The office it is issued to.
    pub office: OfficeNumber,
    /// What it is for.
    pub kind: Kind,
    /// The first moment of validity.
    pub not_before: Timestamp,
    /// The last moment of validity.
    pub not_after: Timestamp,
    /// Its serial number; the authority's next where there is none.
    pub serial: Option<Serial>,
    /// The key to make.
    pub key: KeyKind,
}

impl Request {
    /// Three years (Stated), from the beginning of today to the end of the same day three years
    /// on, as the history screen shows them (2025/06/24 to 2028/06/24). Days are Tokyo's.
    pub fn new(office: OfficeNumber, kind: Kind, now: Timestamp) -> Self {
        let today = tokyo::date_of(now);
        let last = today.saturating_add(3.years());
        Self {
            office,
            kind,
            not_before: tokyo::moment(today, civil::Time::midnight()),
            not_after: tokyo::moment(last, civil::time(23, 59, 59, 0)),
            serial: None,
            key: KeyKind::default(),
        }
    }
}

/// A new certificate with its key.
#[derive(Clone, PartialEq, Eq)]
pub struct Issued {
    /// The certificate.
    pub certificate: CertificateDer<'static>,
    /// The authorities above it, the nearest first, the root last.
    pub authorities: [CertificateDer<'static>; 2],
    /// The private key, PKCS#8 in DER.
    pub key: Zeroizing<Vec<u8>>,
    /// The serial number.
    pub serial: Serial,
}

impl Issued {
    /// The certificate and the authorities above it, root included.
    pub fn chain(&self) -> Vec<CertificateDer<'static>> {
        let mut chain = vec![self.certificate.clone()];
        chain.extend_from_slice(&self.authorities);
        chain
    }

    /// What a TLS server or client presents: the certificate and the issuing authority, without
    /// the root.
    pub fn presented(&self) -> Vec<CertificateDer<'static>> {
        vec![self.certificate.clone(), self.authorities[0].clone()]
    }

    /// The private key as rustls takes it.
    pub fn private_key(&self) -> PrivatePkcs8KeyDer<'static> {
        PrivatePkcs8KeyDer::from(self.key.to_vec())
    }
}

impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issued").field("serial", &self.serial).finish_non_exhaustive()
    }
}

impl TryFrom<&Issued> for Installed {
    type Error = OpenError;

    fn try_from(issued: &Issued) -> Result<Self, OpenError> {
        Self::new(issued.chain(), &issued.key)
    }
}

impl Judge {
    /// Trusts an authority.
    pub fn new(authority: &Authority) -> Self {
        Self::trusting(vec![authority.issuing().clone(), authority.root().clone()])
            .expect("an authority's own certificates can be read")
    }
}

/// A certificate with the key to sign others.
struct Signer {
    certificate: CertificateDer<'static>,
    certificate_pem: String,
    issuer: Issuer<'static, KeyPair>,
}

/// The test root and the authority it certifies.
pub struct Authority {
    root: Signer,
    issuing: Signer,
    key: KeyKind,
    next_serial: AtomicU64,
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").field("next_serial", &self.next_serial).finish_non_exhaustive()
    }
}

impl Authority {
    /// Makes a new authority with P-256 keys, valid from ten years before `now` to thirty after, so
    /// that the clock of the test bed can be moved freely.
    ///
    /// # Errors
    /// The operating system gives no randomness.
    pub fn generate(now: Timestamp) -> Result<Self, AuthorityError> {
        Self::generate_with(now, KeyKind::P256)
    }

    /// The same with keys of a chosen kind.
    ///
    /// # Errors
    /// The operating system gives no randomness.
    pub fn generate_with(now: Timestamp, key: KeyKind) -> Result<Self, AuthorityError> {
        let today = tokyo::date_of(now);
        let begin = tokyo::moment(today.saturating_sub(10.years()), civil::Time::midnight());
        let end = tokyo::moment(today.saturating_add(30.years()), civil::Time::midnight());

        let root_key = key.generate()?;
        let root_params = authority_params(ROOT_NAME, 1, &root_key, begin, end);
        let root_certificate = root_params.self_signed(&root_key)?;
        let root = Signer {
            certificate: root_certificate.der().clone(),
            certificate_pem: unix_lines(&root_certificate.pem()),
            issuer: Issuer::new(root_params, root_key),
        };

        let issuing_key = key.generate()?;
        let params = authority_params(ISSUING_NAME, 0, &issuing_key, begin, end);
        let certificate = params.signed_by(&issuing_key, &root.issuer)?;
        // Browsers refuse a certificate when they hold another of the same issuer name and number,
        // so the numbers of two authorities must not begin at the same place.
        let start = key_number(&issuing_key) % 90_000 * 10_000 + 1;
        let issuing = Signer {
            certificate: certificate.der().clone(),
            certificate_pem: unix_lines(&certificate.pem()),
            issuer: Issuer::new(params, issuing_key),
        };
        Ok(Self { root, issuing, key, next_serial: AtomicU64::new(start) })
    }

    /// Everything needed to continue later, keys included.
    pub fn to_saved(&self) -> SavedAuthority {
        SavedAuthority {
            root_certificate: self.root.certificate_pem.clone(),
            root_key: unix_lines(&self.root.issuer.key().serialize_pem()),
            issuing_certificate: self.issuing.certificate_pem.clone(),
            issuing_key: unix_lines(&self.issuing.issuer.key().serialize_pem()),
            next_serial: self.next_serial.load(Ordering::Relaxed),
        }
    }

    /// Loads a saved authority.
    ///
    /// # Errors
    /// A part cannot be read, parts do not belong together, or a certificate is not marked TEST:
    /// a real authority's key must never be used here.
    pub fn from_saved(saved: &SavedAuthority) -> Result<Self, AuthorityError> {
        let root = Signer::load(&saved.root_certificate, &saved.root_key, "root")?;
        let issuing =
            Signer::load(&saved.issuing_certificate, &saved.issuing_key, "issuing authority")?;
        let unreadable = |_| AuthorityError::Unreadable("certificate");
        let (_, above) = parse_x509_certificate(&root.certificate).map_err(unreadable)?;
        let (_, below) = parse_x509_certificate(&issuing.certificate).map_err(unreadable)?;
        let same_name = above.subject().as_raw() == below.issuer().as_raw();
        if !same_name || below.verify_signature(Some(above.public_key())).is_err() {
            return Err(AuthorityError::NotOfThisRoot);
        }
        let key = if issuing.issuer.key().algorithm() == &rcgen::PKCS_RSA_SHA256 {
            KeyKind::Rsa2048
        } else {
            KeyKind::P256
        };
        Ok(Self { root, issuing, key, next_serial: AtomicU64::new(saved.next_serial) })
    }

    /// The kind of the authority's own keys.
    pub fn key_kind(&self) -> KeyKind {
        self.key
    }

    /// The certificate of the root.
    pub fn root(&self) -> &CertificateDer<'static> {
        &self.root.certificate
    }

    /// The certificate of the issuing authority.
    pub fn issuing(&self) -> &CertificateDer<'static> {
        &self.issuing.certificate
    }

    /// Both certificates in PEM, the issuing authority's first: what a client is told to trust.
    pub fn ca_pem(&self) -> String {
        format!("{}{}", self.issuing.certificate_pem, self.root.certificate_pem)
    }

    /// The serial number that the next office certificate gets.
    pub fn next_serial(&self) -> Serial {
        Serial::from(self.next_serial.load(Ordering::Relaxed))
    }

    /// Issues an office certificate: clientAuth and emailProtection, digitalSignature and
    /// nonRepudiation.
    ///
    /// # Errors
    /// The end is not after the beginning, or no key could be made.
    pub fn issue(&self, request: &Request) -> Result<Issued, AuthorityError> {
        self.issue_office(&OfficeCertificate {
            office: Some(request.office),
            kind: request.kind,
            not_before: request.not_before,
            not_after: request.not_after,
            serial: request.serial,
            key: request.key,
            usages: &[
                ExtendedKeyUsagePurpose::ClientAuth,
                ExtendedKeyUsagePurpose::EmailProtection,
            ],
        })
    }

    /// Issues a certificate for a TLS server of the test bed: the given names and addresses beside
    /// `localhost`, 127.0.0.1 and ::1; valid from yesterday for 820 days.
    ///
    /// # Errors
    /// A name is no host name, or no key could be made.
    pub fn issue_server(
        &self,
        names: &[&str],
        addresses: &[IpAddr],
        now: Timestamp,
    ) -> Result<Issued, AuthorityError> {
        let key = self.key.generate()?;
        let not_before = now.saturating_sub(24.hours()).unwrap_or(now);
        let not_after = not_before.saturating_add((24 * SERVER_DAYS).hours()).unwrap_or(now);
        let mut params = end_params(&key, not_before, not_after)?;
        // A common name has at most 64 characters; only the alternative names count.
        let own_name = names.iter().find(|name| name.len() <= 64).copied().unwrap_or("localhost");
        params.distinguished_name = subject(None, own_name);
        let mut alternatives = Vec::new();
        for name in std::iter::once("localhost").chain(names.iter().copied()) {
            let parsed = rustls_pki_types::DnsName::try_from(name)
                .ok()
                .and_then(|_| Ia5String::try_from(name).ok())
                .ok_or_else(|| AuthorityError::NotAHostName(name.to_owned()))?;
            alternatives.push(SanType::DnsName(parsed));
        }
        let own = [IpAddr::from([127, 0, 0, 1]), IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])];
        alternatives.extend(own.iter().chain(addresses).copied().map(SanType::IpAddress));
        for alternative in alternatives {
            if !params.subject_alt_names.contains(&alternative) {
                params.subject_alt_names.push(alternative);
            }
        }
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        // Numbers of servers come from the key: a fresh authority of the same name must not repeat
        // one that a browser remembers, and the offices' numbers stay without gaps.
        let serial = Serial::from(key_number(&key));
        self.finish(params, &key, serial)
    }

    /// The revocation list of the issuing authority.
    ///
    /// # Errors
    /// `next_update` is not after `now`.
    pub fn crl(
        &self,
        revoked: &[Revoked],
        now: Timestamp,
        next_update: Timestamp,
    ) -> Result<CertificateRevocationListDer<'static>, AuthorityError> {
        self.issuing.crl(revoked, now, next_update)
    }

    /// The (empty) revocation list of the root, for those who check the whole chain.
    ///
    /// # Errors
    /// `next_update` is not after `now`.
    pub fn root_crl(
        &self,
        now: Timestamp,
        next_update: Timestamp,
    ) -> Result<CertificateRevocationListDer<'static>, AuthorityError> {
        self.root.crl(&[], now, next_update)
    }

    pub(crate) fn issue_office(
        &self,
        wanted: &OfficeCertificate<'_>,
    ) -> Result<Issued, AuthorityError> {
        let key = wanted.key.generate()?;
        let mut params = end_params(&key, wanted.not_before, wanted.not_after)?;
        params.distinguished_name = subject(wanted.office, wanted.kind.common_name());
        params.key_usages.push(KeyUsagePurpose::ContentCommitment);
        params.extended_key_usages = wanted.usages.to_vec();
        let serial = self.take_serial(wanted.serial);
        self.finish(params, &key, serial)
    }

    fn take_serial(&self, wanted: Option<Serial>) -> Serial {
        let Some(serial) = wanted else {
            return Serial::from(self.next_serial.fetch_add(1, Ordering::Relaxed));
        };
        if let Some(number) = serial.to_u64() {
            self.next_serial.fetch_max(number.saturating_add(1), Ordering::Relaxed);
        }
        serial
    }

    fn finish(
        &self,
        mut params: CertificateParams,
        key: &KeyPair,
        serial: Serial,
    ) -> Result<Issued, AuthorityError> {
        params.serial_number = Some(serial_number(serial));
        let certificate = params.signed_by(key, &self.issuing.issuer)?;
        Ok(Issued {
            certificate: certificate.der().clone(),
            authorities: [self.issuing.certificate.clone(), self.root.certificate.clone()],
            key: Zeroizing::new(key.serialize_der()),
            serial,
        })
    }
}

/// An office certificate with every liberty, the right and the wrong ones.
pub(crate) struct OfficeCertificate<'a> {
    pub(crate) office: Option<OfficeNumber>,
    pub(crate) kind: Kind,
    pub(crate) not_before: Timestamp,
    pub(crate) not_after: Timestamp,
    pub(crate) serial: Option<Serial>,
    pub(crate) key: KeyKind,
    pub(crate) usages: &'a [ExtendedKeyUsagePurpose],
}

impl Signer {
    fn load(
        certificate_pem: &str,
        key_pem: &str,
        what: &'static str,
    ) -> Result<Self, AuthorityError> {
        let certificate = CertificateDer::from_pem_slice(certificate_pem.as_bytes())
            .map_err(|_| AuthorityError::Unreadable(what))?;
        let facts = CertificateFacts::from_der(&certificate)
            .map_err(|_| AuthorityError::Unreadable(what))?;
        let marked = facts.is_test
            && facts.common_name.is_some_and(|name| {
                name.strip_prefix(TEST_MARK).is_some_and(|rest| rest.starts_with(' '))
            });
        if !marked {
            return Err(AuthorityError::NotMarkedTest { subject: facts.subject });
        }
        if !facts.is_authority {
            return Err(AuthorityError::Unreadable(what));
        }
        let key = KeyPair::from_pem(key_pem).map_err(|_| AuthorityError::Unreadable(what))?;
        let (_, parsed) =
            parse_x509_certificate(&certificate).map_err(|_| AuthorityError::Unreadable(what))?;
        if parsed.public_key().subject_public_key.data.as_ref() != key.public_key_raw() {
            return Err(AuthorityError::KeyDoesNotMatch(what));
        }
        let issuer = Issuer::from_ca_cert_der(&certificate, key)?;
        Ok(Self { certificate, certificate_pem: unix_lines(certificate_pem), issuer })
    }

    fn crl(
        &self,
        revoked: &[Revoked],
        now: Timestamp,
        next_update: Timestamp,
    ) -> Result<CertificateRevocationListDer<'static>, AuthorityError> {
        let revoked_certs = revoked.iter().map(|one| RevokedCertParams {
            serial_number: serial_number(one.serial),
            revocation_time: to_offset(one.at),
            reason_code: None,
            invalidity_date: None,
        });
        let params = CertificateRevocationListParams {
            this_update: to_offset(now),
            next_update: to_offset(next_update),
            crl_number: u64::try_from(now.as_millisecond()).unwrap_or(0).into(),
            issuing_distribution_point: None,
            revoked_certs: revoked_certs.collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Ok(params.signed_by(&self.issuer)?.into())
    }
}

fn authority_params(
    name: &str,
    below: u8,
    key: &KeyPair,
    begin: Timestamp,
    end: Timestamp,
) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.not_before = to_offset(begin);
    params.not_after = to_offset(end);
    params.serial_number = Some(serial_number(Serial::from(key_number(key))));
    params.distinguished_name = subject(None, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(below));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.use_authority_key_identifier_extension = true;
    params.custom_extensions.push(policies());
    params
}

fn end_params(
    key: &KeyPair,
    not_before: Timestamp,
    not_after: Timestamp,
) -> Result<CertificateParams, AuthorityError> {
    if not_after.as_second() <= not_before.as_second() {
        return Err(AuthorityError::EndsBeforeItBegins);
    }
    let mut params = CertificateParams::default();
    params.not_before = to_offset(not_before);
    params.not_after = to_offset(not_after);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    if key.algorithm() == &rcgen::PKCS_RSA_SHA256 {
        params.key_usages.push(KeyUsagePurpose::KeyEncipherment);
    }
    params.use_authority_key_identifier_extension = true;
    params.custom_extensions.push(policies());
    Ok(params)
}

fn policies() -> CustomExtension {
    CustomExtension::from_oid_content(&CERTIFICATE_POLICIES, POLICIES_DER.to_vec())
}

fn subject(office: Option<OfficeNumber>, common_name: &str) -> DistinguishedName {
    let printable = |text: &str| {
        DnValue::PrintableString(
            PrintableString::try_from(text).expect("letters, digits, spaces and hyphens"),
        )
    };
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, printable("JP"));
    name.push(DnType::OrganizationName, ORGANIZATION);
    name.push(DnType::OrganizationalUnitName, TEST_MARK);
    if let Some(office) = office {
        let number = DnType::CustomDnType(SUBJECT_SERIAL_NUMBER.to_vec());
        name.push(number, printable(office.as_str()));
    }
    name.push(DnType::CommonName, common_name);
    name
}

/// A positive number below 2^62 that only this key has.
fn key_number(key: &KeyPair) -> u64 {
    let hash = inspect::sha256(key.public_key_raw());
    let (first, _) = hash.split_first_chunk::<8>().expect("SHA-256 has 32 octets");
    (u64::from_be_bytes(*first) >> 2) | 1 << 61
}

fn serial_number(serial: Serial) -> SerialNumber {
    SerialNumber::from_slice(serial.significant_bytes())
}

/// Certificates know whole seconds, and years 1 to 9999.
fn to_offset(at: Timestamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(at.as_second())
        .expect("both types end with the year 9999, and begin where certificates never do")
}

/// rcgen ends lines as the platform does; saved states are the same everywhere.
fn unix_lines(pem: &str) -> String {
    pem.replace("\r\n", "\n")
}
