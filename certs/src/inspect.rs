//! What a certificate says.

use std::fmt;

use aws_lc_rs::digest;
use careplan_spec::office_number::OfficeNumber;
use jiff::Timestamp;
use x509_parser::{
    certificate::X509Certificate,
    oid_registry::OID_X509_SERIALNUMBER,
    parse_x509_certificate,
    x509::{AttributeTypeAndValue, X509Name},
};

use crate::{kind::Kind, serial::Serial};

/// What every subject of this authority begins its names with.
pub const TEST_MARK: &str = "TEST";

/// A purpose in the extended key usage of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Usage {
    /// TLS, as a client.
    ClientAuth,
    /// Signed mail; `openssl cms` checks signatures for it unless told otherwise.
    EmailProtection,
    /// TLS, as a server.
    ServerAuth,
    /// Any purpose.
    Any,
    /// Another, as a dotted object identifier or the name of one.
    Other(String),
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ClientAuth => "clientAuth",
            Self::EmailProtection => "emailProtection",
            Self::ServerAuth => "serverAuth",
            Self::Any => "anyExtendedKeyUsage",
            Self::Other(name) => name,
        })
    }
}

/// What a certificate says of itself; nothing here has been checked against anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFacts {
    /// The `serialNumber` of the subject, where it is an office number.
    pub office: Option<OfficeNumber>,
    /// What the common name of the subject stands for.
    pub kind: Option<Kind>,
    /// The certificate's own serial number.
    pub serial: Serial,
    /// The common name (発行先) of the subject.
    pub common_name: Option<String>,
    /// The whole subject, for people.
    pub subject: String,
    /// The common name (発行者) of the issuer.
    pub issuer_common_name: Option<String>,
    /// The whole issuer, for people.
    pub issuer: String,
    /// The first moment of validity.
    pub not_before: Timestamp,
    /// The last moment of validity, itself included.
    pub not_after: Timestamp,
    /// The purposes of the extended key usage; empty where there is none.
    pub usages: Vec<Usage>,
    /// Whether it may issue certificates.
    pub is_authority: bool,
    /// Whether a name of the subject (O, OU or CN) is `TEST` or begins with it and a space.
    pub is_test: bool,
    /// SHA-256 over the whole certificate.
    pub sha256: [u8; 32],
}

/// The bytes are no X.509 certificate in DER.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an X.509 certificate in DER")]
pub struct NotACertificate;

impl CertificateFacts {
    /// Reads a certificate.
    ///
    /// ```
    /// # #[cfg(feature = "issue")] {
    /// use careplan_certs::{Authority, CertificateFacts};
    ///
    /// let now = "2026-11-27T10:00:00+09:00".parse().expect("a time");
    /// let authority = Authority::generate(now).expect("keys");
    /// let facts = CertificateFacts::from_der(authority.issuing()).expect("a certificate");
    /// assert_eq!(facts.common_name.as_deref(), Some("TEST e-seikyuuCA"));
    /// assert!(facts.is_authority && facts.is_test && facts.is_valid_at(now));
    /// # }
    /// assert!(careplan_certs::CertificateFacts::from_der(b"none").is_err());
    /// ```
    ///
    /// # Errors
    /// The bytes are not exactly one certificate.
    pub fn from_der(der: &[u8]) -> Result<Self, NotACertificate> {
        let (rest, certificate) = parse_x509_certificate(der).map_err(|_| NotACertificate)?;
        if !rest.is_empty() {
            return Err(NotACertificate);
        }
        Self::from_parsed(der, &certificate).ok_or(NotACertificate)
    }

    fn from_parsed(der: &[u8], certificate: &X509Certificate<'_>) -> Option<Self> {
        let subject = certificate.subject();
        let common_name = common_name(subject);
        let names = subject
            .iter_organization()
            .chain(subject.iter_organizational_unit())
            .chain(subject.iter_common_name());
        let is_test = names.filter_map(text).any(|name| {
            name.strip_prefix(TEST_MARK)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        });
        Some(Self {
            office: subject
                .iter_by_oid(&OID_X509_SERIALNUMBER)
                .next()
                .and_then(|value| OfficeNumber::parse(text(value)?.as_bytes())),
            kind: common_name.as_deref().and_then(Kind::from_common_name),
            serial: Serial::from_be_bytes(certificate.raw_serial())?,
            common_name,
            subject: subject.to_string(),
            issuer_common_name: self::common_name(certificate.issuer()),
            issuer: certificate.issuer().to_string(),
            not_before: moment(certificate.validity().not_before.timestamp())?,
            not_after: moment(certificate.validity().not_after.timestamp())?,
            usages: usages(certificate)?,
            is_authority: certificate.is_ca(),
            is_test,
            sha256: sha256(der),
        })
    }

    /// Whether `at` lies within the validity.
    pub fn is_valid_at(&self, at: Timestamp) -> bool {
        self.not_before.as_second() <= at.as_second()
            && at.as_second() <= self.not_after.as_second()
    }

    /// The fingerprint as people compare it: upper-case hexadecimal, colons between.
    pub fn fingerprint(&self) -> String {
        let octets: Vec<String> = self.sha256.iter().map(|octet| format!("{octet:02X}")).collect();
        octets.join(":")
    }
}

/// 拇印 (SHA-1) of a certificate as the security warning of Windows writes it: five groups of eight
/// upper-case digits. For people to compare, not to rely on.
///
/// ```
/// use careplan_certs::inspect::thumbprint;
///
/// assert_eq!(thumbprint(b"abc"), "A9993E36 4706816A BA3E2571 7850C26C 9CD0D89D");
/// ```
pub fn thumbprint(der: &[u8]) -> String {
    let octets = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, der);
    let groups: Vec<String> = octets
        .as_ref()
        .chunks(4)
        .map(|group| group.iter().map(|octet| format!("{octet:02X}")).collect())
        .collect();
    groups.join(" ")
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    digest::digest(&digest::SHA256, bytes).as_ref().try_into().expect("SHA-256 has 32 octets")
}

fn text<'a>(value: &'a AttributeTypeAndValue<'_>) -> Option<&'a str> {
    value.as_str().ok()
}

fn common_name(name: &X509Name<'_>) -> Option<String> {
    name.iter_common_name().next().and_then(text).map(str::to_owned)
}

fn moment(seconds: i64) -> Option<Timestamp> {
    Timestamp::from_second(seconds).ok()
}

fn usages(certificate: &X509Certificate<'_>) -> Option<Vec<Usage>> {
    let Some(extension) = certificate.extended_key_usage().ok()? else { return Some(Vec::new()) };
    let usage = extension.value;
    let known = [
        (usage.any, Usage::Any),
        (usage.client_auth, Usage::ClientAuth),
        (usage.server_auth, Usage::ServerAuth),
        (usage.email_protection, Usage::EmailProtection),
        (usage.code_signing, Usage::Other("codeSigning".to_owned())),
        (usage.time_stamping, Usage::Other("timeStamping".to_owned())),
        (usage.ocsp_signing, Usage::Other("OCSPSigning".to_owned())),
    ];
    let mut all: Vec<Usage> =
        known.into_iter().filter(|(present, _)| *present).map(|(_, usage)| usage).collect();
    all.extend(usage.other.iter().map(|oid| Usage::Other(oid.to_id_string())));
    Some(all)
}
