//! Judging certificates: those presented in TLS and those of signers alike.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use careplan_spec::{Text, office_number::OfficeNumber};
use jiff::Timestamp;
use rustls_pki_types::{CertificateDer, TrustAnchor, pem::PemObject};
use webpki::{
    ALL_VERIFICATION_ALGS, EndEntityCert, Error as WebpkiError, KeyUsage, anchor_from_trusted_cert,
};
use x509_parser::{
    certificate::X509Certificate, parse_x509_certificate, prelude::FromDer,
    revocation_list::CertificateRevocationList,
};

use crate::{
    inspect::{CertificateFacts, sha256},
    instant::to_unix,
    serial::Serial,
};

/// What is wrong with a certificate. The order is that of the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// None was presented.
    NoCertificate,
    /// The bytes are no certificate, or one this judge cannot understand.
    Malformed,
    /// Another authority issued it.
    OtherRoot,
    /// It is not for TLS clients (no clientAuth), or it is an authority's.
    WrongUsage,
    /// Its validity has not begun.
    NotYetValid,
    /// Its validity has ended.
    Expired,
    /// It was revoked.
    Revoked,
    /// It is of a kind that does not count, such as an agent's.
    WrongKind,
    /// Its subject has no office number.
    WithoutOffice,
    /// It is another office's.
    OtherOffice,
}

impl Cause {
    /// Every cause, in the order of the checks.
    pub const ALL: [Self; 10] = [
        Self::NoCertificate,
        Self::Malformed,
        Self::OtherRoot,
        Self::WrongUsage,
        Self::NotYetValid,
        Self::Expired,
        Self::Revoked,
        Self::WrongKind,
        Self::WithoutOffice,
        Self::OtherOffice,
    ];

    /// The stable identifier, for machines.
    pub const fn id(self) -> &'static str {
        match self {
            Self::NoCertificate => "no-certificate",
            Self::Malformed => "malformed",
            Self::OtherRoot => "other-root",
            Self::WrongUsage => "wrong-usage",
            Self::NotYetValid => "not-yet-valid",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::WrongKind => "wrong-kind",
            Self::WithoutOffice => "without-office",
            Self::OtherOffice => "other-office",
        }
    }

    /// What to tell people.
    pub const fn text(self) -> Text {
        match self {
            Self::NoCertificate => {
                Text::new("電子証明書が提示されていません。", "No certificate was presented.")
            }
            Self::Malformed => {
                Text::new("電子証明書を読み取れません。", "The certificate cannot be read.")
            }
            Self::OtherRoot => Text::new(
                "この環境の認証局（TEST e-seikyuuCA）が発行した電子証明書ではありません。",
                "The certificate was not issued by this environment's authority (TEST e-seikyuuCA).",
            ),
            Self::WrongUsage => Text::new(
                "電子証明書の用途が違います（クライアント認証に使えません）。",
                "The certificate is for another usage (it does not allow client authentication).",
            ),
            Self::NotYetValid => Text::new(
                "電子証明書の有効期間が始まっていません。",
                "The certificate is not valid yet.",
            ),
            Self::Expired => {
                Text::new("電子証明書の有効期限が切れています。", "The certificate has expired.")
            }
            Self::Revoked => {
                Text::new("電子証明書が失効しています。", "The certificate has been revoked.")
            }
            Self::WrongKind => Text::new(
                "使用できない種類の電子証明書です。介護保険証明書または介護DX証明書を使用してください。",
                "Certificates of this kind do not count. Use a 介護保険証明書 or a 介護DX証明書.",
            ),
            Self::WithoutOffice => Text::new(
                "電子証明書に事業所番号が入っていません。",
                "The certificate holds no office number.",
            ),
            Self::OtherOffice => Text::new(
                "電子証明書の事業所番号が、ログインした事業所と異なります。",
                "The certificate belongs to another office than the one that logged in.",
            ),
        }
    }
}

/// Why a certificate does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub cause: Cause,
    /// What the certificate says, where it could be read.
    pub facts: Option<Arc<CertificateFacts>>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.cause.text().en)
    }
}

impl std::error::Error for Fault {}

/// A certificate that no longer counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revoked {
    /// Its serial number.
    pub serial: Serial,
    /// From when on it does not count.
    pub at: Timestamp,
}

/// What a judge finds: the facts of a good certificate, or the fault of a bad one.
pub type Verdict = Result<Arc<CertificateFacts>, Fault>;

/// Why there is no judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JudgeError {
    /// The PEM holds no certificate, or something that is none.
    #[error("no certificate of an authority in the PEM")]
    NoAuthority,
    /// The revocation list cannot be read.
    #[error("the revocation list cannot be read")]
    MalformedCrl,
    /// None of the trusted authorities signed the revocation list.
    #[error("the revocation list is not signed by a trusted authority")]
    CrlOfAnother,
}

/// Certificates whose issuer and usage were found good before. Neither changes with time, so only
/// validity and revocation remain to be looked at.
const MAX_REMEMBERED: usize = 4_096;

struct Trust {
    certificates: Vec<CertificateDer<'static>>,
    anchors: Vec<TrustAnchor<'static>>,
    remembered: RwLock<HashMap<[u8; 32], Arc<CertificateFacts>>>,
}

/// Judges certificates against one authority: parsed once, used by all.
///
/// The validity of the authority's own certificates is not looked at: who is trusted is trusted at
/// any time of the test bed's clock.
#[derive(Clone)]
pub struct Judge {
    trust: Arc<Trust>,
    revoked: HashMap<Serial, Timestamp>,
}

impl fmt::Debug for Judge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Judge").field("revoked", &self.revoked).finish_non_exhaustive()
    }
}

impl Judge {
    /// Trusts every certificate in a PEM text: the authorities' certificates that a relay, or its
    /// operator, hands out.
    ///
    /// # Errors
    /// There is none, or one cannot be read.
    pub fn from_pem(pem: &str) -> Result<Self, JudgeError> {
        let certificates = CertificateDer::pem_slice_iter(pem.as_bytes())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| JudgeError::NoAuthority)?;
        Self::trusting(certificates)
    }

    pub(crate) fn trusting(certificates: Vec<CertificateDer<'static>>) -> Result<Self, JudgeError> {
        let anchors: Vec<_> = certificates
            .iter()
            .map(|certificate| {
                anchor_from_trusted_cert(certificate).map(|anchor| anchor.to_owned())
            })
            .collect::<Result<_, _>>()
            .map_err(|_| JudgeError::NoAuthority)?;
        if anchors.is_empty() {
            return Err(JudgeError::NoAuthority);
        }
        let remembered = RwLock::default();
        let trust = Arc::new(Trust { certificates, anchors, remembered });
        Ok(Self { trust, revoked: HashMap::new() })
    }

    /// The same judge with exactly these revocations. What it remembers of issuers is shared, so a
    /// new judge at every revocation is cheap.
    #[must_use]
    pub fn with_revoked(&self, revoked: &[Revoked]) -> Self {
        let revoked = revoked.iter().map(|one| (one.serial, one.at)).collect();
        Self { trust: Arc::clone(&self.trust), revoked }
    }

    /// The same judge with exactly the revocations of a list (DER), whose signature is checked.
    /// Whether the list is overdue is not.
    ///
    /// # Errors
    /// The list cannot be read, or another authority signed it.
    pub fn with_crl(&self, crl: &[u8]) -> Result<Self, JudgeError> {
        let (rest, list) =
            CertificateRevocationList::from_der(crl).map_err(|_| JudgeError::MalformedCrl)?;
        if !rest.is_empty() {
            return Err(JudgeError::MalformedCrl);
        }
        let ours = self.trust.certificates.iter().any(|certificate| {
            parse_x509_certificate(certificate).is_ok_and(|(_, parsed)| signed(&parsed, &list))
        });
        if !ours {
            return Err(JudgeError::CrlOfAnother);
        }
        let revoked = list
            .iter_revoked_certificates()
            .map(|entry| {
                let serial = Serial::from_be_bytes(entry.raw_serial())?;
                let at = Timestamp::from_second(entry.revocation_date.timestamp()).ok()?;
                Some((serial, at))
            })
            .collect::<Option<_>>()
            .ok_or(JudgeError::MalformedCrl)?;
        Ok(Self { trust: Arc::clone(&self.trust), revoked })
    }

    /// Judges the certificate at the head of a presented chain at a moment. The rest of the chain
    /// may hold authorities between it and a trusted one.
    ///
    /// A revoked certificate is bad from the moment of its revocation on, so what was signed
    /// before stays good at the time of signing.
    ///
    /// # Errors
    /// The fault, which is the first in the order of [`Cause`].
    pub fn judge(&self, chain: &[CertificateDer<'_>], at: Timestamp) -> Verdict {
        let Some((certificate, others)) = chain.split_first() else {
            return Err(Fault { cause: Cause::NoCertificate, facts: None });
        };
        let facts = self.trust.issued_by_us(certificate, others)?;
        let cause = if at.as_second() < facts.not_before.as_second() {
            Cause::NotYetValid
        } else if at.as_second() > facts.not_after.as_second() {
            Cause::Expired
        } else if self.revoked.get(&facts.serial).is_some_and(|revoked| *revoked <= at) {
            Cause::Revoked
        } else if !facts.kind.is_some_and(|kind| kind.is_accepted()) {
            Cause::WrongKind
        } else if facts.office.is_none() {
            Cause::WithoutOffice
        } else {
            return Ok(facts);
        };
        Err(Fault { cause, facts: Some(facts) })
    }

    /// The same, and the certificate must be this office's.
    ///
    /// # Errors
    /// The fault.
    pub fn judge_for(
        &self,
        office: OfficeNumber,
        chain: &[CertificateDer<'_>],
        at: Timestamp,
    ) -> Verdict {
        let facts = self.judge(chain, at)?;
        if facts.office == Some(office) {
            return Ok(facts);
        }
        Err(Fault { cause: Cause::OtherOffice, facts: Some(facts) })
    }
}

impl Trust {
    /// The part of the judgement that time cannot change: issuer, signature and usage.
    fn issued_by_us(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
    ) -> Verdict {
        let hash = sha256(certificate);
        let known = self.remembered.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(facts) = known.get(&hash) {
            return Ok(Arc::clone(facts));
        }
        drop(known);
        let malformed = Fault { cause: Cause::Malformed, facts: None };
        let facts = Arc::new(CertificateFacts::from_der(certificate).map_err(|_| malformed)?);
        if let Err(cause) = self.check(certificate, others, &facts) {
            return Err(Fault { cause, facts: Some(facts) });
        }
        let mut known = self.remembered.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_REMEMBERED {
            known.clear();
        }
        known.insert(hash, Arc::clone(&facts));
        Ok(facts)
    }

    fn check(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        facts: &CertificateFacts,
    ) -> Result<(), Cause> {
        let end = EndEntityCert::try_from(certificate).map_err(|_| Cause::Malformed)?;
        // At a moment within the certificate's own validity, so that what remains wrong is not a
        // matter of time.
        let result = end.verify_for_usage(
            ALL_VERIFICATION_ALGS,
            &self.anchors,
            others,
            to_unix(facts.not_before),
            KeyUsage::client_auth(),
            None,
            None,
        );
        match result {
            Ok(_) => Ok(()),
            Err(
                WebpkiError::RequiredEkuNotFoundContext(_)
                | WebpkiError::EmptyEkuExtension
                | WebpkiError::CaUsedAsEndEntity,
            ) => {
                // webpki looks at the usage first; who issued it says more.
                if self.is_issued_here(certificate) {
                    Err(Cause::WrongUsage)
                } else {
                    Err(Cause::OtherRoot)
                }
            }
            Err(
                WebpkiError::UnsupportedCertVersion
                | WebpkiError::UnsupportedCriticalExtension
                | WebpkiError::InvalidCertValidity
                | WebpkiError::ExtensionValueInvalid
                | WebpkiError::BadDer
                | WebpkiError::BadDerTime,
            ) => Err(Cause::Malformed),
            Err(_) => Err(Cause::OtherRoot),
        }
    }

    fn is_issued_here(&self, certificate: &CertificateDer<'_>) -> bool {
        let Ok((_, below)) = parse_x509_certificate(certificate) else { return false };
        self.certificates.iter().any(|above| {
            parse_x509_certificate(above).is_ok_and(|(_, above)| {
                above.subject().as_raw() == below.issuer().as_raw()
                    && below.verify_signature(Some(above.public_key())).is_ok()
            })
        })
    }
}

fn signed(authority: &X509Certificate<'_>, list: &CertificateRevocationList<'_>) -> bool {
    authority.subject().as_raw() == list.issuer().as_raw()
        && list.verify_signature(authority.public_key()).is_ok()
}
