//! Signatures over what offices send: detached CMS SignedData (RFC 5652), as `openssl cms`, .NET
//! and Java write and check them. What the real client makes is not public (Assumed).

use std::{fmt, sync::Arc};

use aws_lc_rs::digest;
use careplan_spec::Text;
use cms::{
    cert::IssuerAndSerialNumber,
    content_info::{CmsVersion, ContentInfo},
    signed_data::{
        DigestAlgorithmIdentifiers, EncapsulatedContentInfo, SignedAttributes, SignerIdentifier,
        SignerInfo, SignerInfos,
    },
};
use der::{
    Any, Decode, Encode, Sequence,
    asn1::{
        GeneralizedTime, Null, ObjectIdentifier, OctetString, OctetStringRef, SetOfVec, UtcTime,
    },
};
use jiff::Timestamp;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm};
use webpki::{EndEntityCert, aws_lc_rs as algorithms};
use x509_cert::{
    Certificate, attr::Attribute, ext::pkix::SubjectKeyIdentifier, spki::AlgorithmIdentifierOwned,
    time::Time,
};

use crate::{
    ber,
    inspect::CertificateFacts,
    instant::to_unix_duration,
    key::SigningKey,
    package::Installed,
    verify::{Fault, Judge},
};

const ID_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const ID_SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

/// The largest signature read, content it may carry not counted.
pub const MAX_BYTES: usize = 256 << 10;

/// UTCTime ends with 2049.
const FIRST_SECOND_OF_2050: i64 = 2_524_608_000;

/// `SignedData` with certificates left as they came: their bytes are what their issuers signed.
#[derive(Sequence)]
struct SignedData {
    version: CmsVersion,
    digest_algorithms: DigestAlgorithmIdentifiers,
    encap_content_info: EncapsulatedContentInfo,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    certificates: Option<SetOfVec<Any>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    crls: Option<SetOfVec<Any>>,
    signer_infos: SignerInfos,
}

/// A digest a signature may be made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Digest {
    /// SHA-256, which signatures made here use.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Digest {
    fn from_oid(oid: ObjectIdentifier) -> Option<Self> {
        match oid {
            SHA256 => Some(Self::Sha256),
            SHA384 => Some(Self::Sha384),
            SHA512 => Some(Self::Sha512),
            _ => None,
        }
    }

    fn of(self, content: &[u8]) -> digest::Digest {
        let algorithm = match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, content)
    }
}

/// A good signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// What the signer's certificate says.
    pub signer: Arc<CertificateFacts>,
    /// When the signer claims to have signed, if it does. Nothing vouches for it.
    pub signed_at: Option<Timestamp>,
    /// The digest of the content.
    pub digest: Digest,
}

/// Why a signature does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureError {
    /// More than [`MAX_BYTES`].
    TooLarge,
    /// The bytes are no CMS SignedData.
    Malformed,
    /// Not exactly one signer.
    NotOneSigner,
    /// The signer's certificate is not enclosed.
    NoCertificate,
    /// The algorithms are unknown or too weak (SHA-1, MD5), or do not fit the signer's key.
    Algorithm,
    /// The signed attributes (content type, digest) are missing or double.
    Attributes,
    /// The content is not what was signed.
    ContentDiffers,
    /// The signature was not made with the signer's key.
    SignatureDiffers,
    /// The signer's certificate does not count.
    Signer(Fault),
}

impl SignatureError {
    /// The stable identifier, for machines; that of the cause where the certificate is at fault.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::TooLarge => "signature-too-large",
            Self::Malformed => "signature-malformed",
            Self::NotOneSigner => "signature-not-one-signer",
            Self::NoCertificate => "signature-no-certificate",
            Self::Algorithm => "signature-algorithm",
            Self::Attributes => "signature-attributes",
            Self::ContentDiffers => "signature-content-differs",
            Self::SignatureDiffers => "signature-differs",
            Self::Signer(fault) => fault.cause.id(),
        }
    }

    /// What to tell people.
    pub const fn text(&self) -> Text {
        match self {
            Self::TooLarge => {
                Text::new("電子署名のデータが大きすぎます。", "The signature is too large.")
            }
            Self::Malformed => Text::new(
                "電子署名（CMS SignedData）として読み取れません。",
                "The signature is not CMS SignedData.",
            ),
            Self::NotOneSigner => Text::new(
                "電子署名の署名者は1つでなければなりません。",
                "The signature must have exactly one signer.",
            ),
            Self::NoCertificate => Text::new(
                "電子署名に署名者の証明書が含まれていません。",
                "The signature does not enclose its signer's certificate.",
            ),
            Self::Algorithm => Text::new(
                "電子署名の方式に対応していません（SHA-256以上とRSAまたはECDSAを使用してください）。",
                "The signature's algorithms are not supported (use SHA-256 or longer with RSA or ECDSA).",
            ),
            Self::Attributes => Text::new(
                "電子署名に必要な署名属性（内容種別・メッセージダイジェスト）がありません。",
                "The signature lacks the signed attributes it needs (content type, message digest).",
            ),
            Self::ContentDiffers => Text::new(
                "内容が署名された時のものと一致しません（改ざんまたは破損）。",
                "The content is not what was signed (altered or damaged).",
            ),
            Self::SignatureDiffers => Text::new(
                "電子署名が署名者の鍵で作られたものではありません。",
                "The signature was not made with the signer's key.",
            ),
            Self::Signer(fault) => fault.cause.text(),
        }
    }
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text().en)
    }
}

impl std::error::Error for SignatureError {}

/// No signature could be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature could not be made")]
pub struct SignError;

impl From<der::Error> for SignError {
    fn from(_: der::Error) -> Self {
        Self
    }
}

/// Signs `content` with SHA-256, in DER, the content not enclosed; the certificate and those above
/// it are.
///
/// # Errors
/// The certificate cannot be written into a signature, or there is no randomness.
pub fn sign(content: &[u8], with: &Installed, now: Timestamp) -> Result<Vec<u8>, SignError> {
    let certificate = Certificate::from_der(with.certificate())?;
    let certificate = certificate.tbs_certificate();
    let signed_attrs: SignedAttributes = SetOfVec::try_from(vec![
        attribute(CONTENT_TYPE, &ID_DATA)?,
        attribute(SIGNING_TIME, &signing_time(now)?)?,
        attribute(MESSAGE_DIGEST, &OctetStringRef::new(Digest::Sha256.of(content).as_ref())?)?,
    ])?;
    let signature = with.signing_key().sign(&signed_attrs.to_der()?).ok_or(SignError)?;
    let sha256 = AlgorithmIdentifierOwned { oid: SHA256, parameters: None };
    let signature_algorithm = match with.signing_key() {
        SigningKey::P256(_) => AlgorithmIdentifierOwned { oid: ECDSA_SHA256, parameters: None },
        SigningKey::Rsa(_) => {
            AlgorithmIdentifierOwned { oid: RSA_ENCRYPTION, parameters: Some(Any::from(Null)) }
        }
    };
    let signer = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: certificate.issuer().clone(),
            serial_number: certificate.serial_number().clone(),
        }),
        digest_alg: sha256.clone(),
        signed_attrs: Some(signed_attrs),
        signature_algorithm,
        signature: OctetString::new(signature)?,
        unsigned_attrs: None,
    };
    let certificates =
        with.chain().iter().map(|one| Any::from_der(one)).collect::<Result<Vec<_>, _>>()?;
    let data = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![sha256])?,
        encap_content_info: EncapsulatedContentInfo { econtent_type: ID_DATA, econtent: None },
        certificates: Some(SetOfVec::try_from(certificates)?),
        crls: None,
        signer_infos: SignerInfos(SetOfVec::try_from(vec![signer])?),
    };
    let info = ContentInfo { content_type: ID_SIGNED_DATA, content: Any::encode_from(&data)? };
    Ok(info.to_der()?)
}

/// Checks a signature over `content` at a moment: the digest, the signature, and the signer's
/// certificate by `judge`. A signature that encloses content must enclose exactly this content.
///
/// It does not ask whose certificate it is: compare the office of [`Signature::signer`] with the one that
/// is to have signed (a relay and a client both must, relay.md §2).
///
/// # Errors
/// See [`SignatureError`].
pub fn verify(
    content: &[u8],
    signature: &[u8],
    judge: &Judge,
    at: Timestamp,
) -> Result<Signature, SignatureError> {
    let data = read(signature, content.len())?;
    let [signer] = data.signer_infos.0.as_slice() else {
        return Err(SignatureError::NotOneSigner);
    };
    let mut certificates: Vec<CertificateDer<'_>> = Vec::new();
    for certificate in data.certificates.iter().flat_map(SetOfVec::iter) {
        let der = certificate.to_der().map_err(|_| SignatureError::Malformed)?;
        certificates.push(der.into());
    }
    let own = certificates
        .iter()
        .position(|certificate| is_signers(certificate, &signer.sid))
        .ok_or(SignatureError::NoCertificate)?;
    certificates.swap(0, own);

    let digest = Digest::from_oid(signer.digest_alg.oid).ok_or(SignatureError::Algorithm)?;
    let attributes = signer.signed_attrs.as_ref().ok_or(SignatureError::Attributes)?;
    let content_type: ObjectIdentifier = only(attributes, CONTENT_TYPE)
        .and_then(|value| value.decode_as().ok())
        .ok_or(SignatureError::Attributes)?;
    let expected: OctetString = only(attributes, MESSAGE_DIGEST)
        .and_then(|value| value.decode_as().ok())
        .ok_or(SignatureError::Attributes)?;
    if content_type != data.encap_content_info.econtent_type {
        return Err(SignatureError::Attributes);
    }
    if let Some(enclosed) = &data.encap_content_info.econtent
        && enclosed.value() != content
    {
        return Err(SignatureError::ContentDiffers);
    }
    if digest.of(content).as_ref() != expected.as_bytes() {
        return Err(SignatureError::ContentDiffers);
    }

    // What is signed is the set of attributes, not the field that holds it (RFC 5652 5.4).
    let signed = attributes.to_der().map_err(|_| SignatureError::Malformed)?;
    let certificate =
        EndEntityCert::try_from(&certificates[0]).map_err(|_| SignatureError::NoCertificate)?;
    let mut fits = false;
    for algorithm in candidates(signer.signature_algorithm.oid, digest) {
        match certificate.verify_signature(algorithm, &signed, signer.signature.as_bytes()) {
            Ok(()) => {
                let facts = judge.judge(&certificates, at).map_err(SignatureError::Signer)?;
                return Ok(Signature { signer: facts, signed_at: signed_at(attributes), digest });
            }
            Err(webpki::Error::InvalidSignatureForPublicKey) => fits = true,
            Err(_) => {}
        }
    }
    Err(if fits { SignatureError::SignatureDiffers } else { SignatureError::Algorithm })
}

fn read(signature: &[u8], content_length: usize) -> Result<SignedData, SignatureError> {
    let limit = MAX_BYTES.saturating_add(content_length);
    if signature.len() > limit {
        return Err(SignatureError::TooLarge);
    }
    let parse = |der: &[u8]| -> Result<SignedData, der::Error> {
        let info = ContentInfo::from_der(der)?;
        info.content_type.eq(&ID_SIGNED_DATA).then_some(()).ok_or(der::ErrorKind::Failed)?;
        info.content.decode_as()
    };
    parse(signature).or_else(|_| {
        let der = ber::to_der(signature, limit).map_err(|_| SignatureError::Malformed)?;
        parse(&der).map_err(|_| SignatureError::Malformed)
    })
}

fn is_signers(certificate: &CertificateDer<'_>, signer: &SignerIdentifier) -> bool {
    let Ok(certificate) = Certificate::from_der(certificate) else { return false };
    let certificate = certificate.tbs_certificate();
    match signer {
        SignerIdentifier::IssuerAndSerialNumber(wanted) => {
            *certificate.serial_number() == wanted.serial_number
                && *certificate.issuer() == wanted.issuer
        }
        SignerIdentifier::SubjectKeyIdentifier(wanted) => certificate
            .get_extension::<SubjectKeyIdentifier>()
            .is_ok_and(|found| found.is_some_and(|(_, found)| found == *wanted)),
    }
}

/// The value of an attribute that must stand once and have one value.
fn only(attributes: &SignedAttributes, oid: ObjectIdentifier) -> Option<&Any> {
    let mut found = attributes.iter().filter(|attribute| attribute.oid == oid);
    let (Some(attribute), None) = (found.next(), found.next()) else { return None };
    let [value] = attribute.values.as_slice() else { return None };
    Some(value)
}

fn signed_at(attributes: &SignedAttributes) -> Option<Timestamp> {
    let time: Time = only(attributes, SIGNING_TIME)?.decode_as().ok()?;
    Timestamp::from_second(i64::try_from(time.to_unix_duration().as_secs()).ok()?).ok()
}

/// The algorithms a signature may be checked with; which of them fits is a matter of the key.
fn candidates(
    signature: ObjectIdentifier,
    digest: Digest,
) -> Vec<&'static dyn SignatureVerificationAlgorithm> {
    match (signature, digest) {
        (ECDSA_SHA256, _) => vec![algorithms::ECDSA_P256_SHA256, algorithms::ECDSA_P384_SHA256],
        (ECDSA_SHA384, _) => vec![algorithms::ECDSA_P256_SHA384, algorithms::ECDSA_P384_SHA384],
        (ECDSA_SHA512, _) => vec![algorithms::ECDSA_P256_SHA512, algorithms::ECDSA_P384_SHA512],
        (RSA_SHA256, _) | (RSA_ENCRYPTION, Digest::Sha256) => {
            vec![algorithms::RSA_PKCS1_2048_8192_SHA256]
        }
        (RSA_SHA384, _) | (RSA_ENCRYPTION, Digest::Sha384) => {
            vec![algorithms::RSA_PKCS1_2048_8192_SHA384]
        }
        (RSA_SHA512, _) | (RSA_ENCRYPTION, Digest::Sha512) => {
            vec![algorithms::RSA_PKCS1_2048_8192_SHA512]
        }
        _ => Vec::new(),
    }
}

fn attribute<T: Encode + der::Tagged + der::EncodeValue>(
    oid: ObjectIdentifier,
    value: &T,
) -> der::Result<Attribute> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![Any::encode_from(value)?])? })
}

fn signing_time(now: Timestamp) -> der::Result<Time> {
    let since = to_unix_duration(now);
    Ok(if now.as_second() < FIRST_SECOND_OF_2050 {
        Time::UtcTime(UtcTime::from_unix_duration(since)?)
    } else {
        Time::GeneralTime(GeneralizedTime::from_unix_duration(since)?)
    })
}
