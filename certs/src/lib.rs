//! Office certificates shaped like e-seikyuu's (電子請求受付システム): PKCS#12 files opened, what is
//! sent signed (detached CMS, RFC 5652), signatures and certificates judged. With the feature
//! `issue` also the test authority that makes them: office and server certificates, revocation
//! lists, certificates that are wrong on purpose.
//!
//! | for | start at |
//! |---|---|
//! | a `.p12` file and its password | [`package::open`], which gives an [`Installed`] |
//! | signing what an office sends, checking what it received | [`signature::sign`], [`signature::verify`] |
//! | whether a certificate counts, and why not | [`Judge`], [`Cause`] |
//! | what a certificate says | [`CertificateFacts`] |
//! | certificates for a test | `issue::Authority`, `issue::Wrong` (feature `issue`) |
//!
//! The library knows neither HTTP nor accounts; the time is always passed in, and the only
//! randomness is the operating system's, for keys and signatures. Errors tell people what is wrong
//! in Japanese and English (`text()`).
//!
//! The names of issuer and subject, the three years and the file name follow the public guides
//! (Stated); the key sizes, the extended key usages, the place of the office number in the subject
//! and the signature's format are not public, and this project decided them (Assumed).
#![cfg_attr(
    feature = "issue",
    doc = r#"
# An example

```
use careplan_certs::{Authority, Cause, Installed, Judge, Kind, Request, Wrong, package, signature};
use careplan_spec::office_number::OfficeNumber;

let now = "2026-11-27T10:00:00+09:00".parse()?;
let office = OfficeNumber::with_check_digit("137000000").ok_or("no office number")?;
let other = OfficeNumber::with_check_digit("137000001").ok_or("no office number")?;

// What the authority does: issue a certificate and hand it out as a file.
let authority = Authority::generate(now)?;
let issued = authority.issue(&Request::new(office, Kind::CarePlanJigyousho, now))?;
let p12 = package::pack(&issued, "Install01", package::Encryption::default())?;

// What the office does: open the file and sign what it sends.
let installed = package::open(&p12, "Install01")?;
let signed = signature::sign(b"a manifest", &installed, now)?;

// What everybody else does: trust the authority, check the signature.
let judge = Judge::from_pem(&authority.ca_pem())?;
let by = signature::verify(b"a manifest", &signed, &judge, now)?;
assert_eq!(by.signer.office, Some(office));

// A certificate that is wrong on purpose, in a test of one's own.
let expired = authority.issue_wrong(Wrong::Expired, office, other, now)?;
let fault = judge.judge(&expired.presented(), now).expect_err("it expired");
assert_eq!(fault.cause, Cause::Expired);
assert_eq!(fault.cause.text().ja, "電子証明書の有効期限が切れています。");
# Ok::<(), Box<dyn std::error::Error>>(())
```
"#
)]

pub mod ber;
pub mod inspect;
mod instant;
#[cfg(feature = "issue")]
pub mod issue;
mod key;
pub mod kind;
pub mod package;
pub mod serial;
pub mod signature;
pub mod verify;

pub use inspect::CertificateFacts;
#[cfg(feature = "issue")]
pub use issue::{Authority, Issued, KeyKind, Request, SavedAuthority, Wrong};
pub use kind::Kind;
pub use package::Installed;
pub use serial::Serial;
pub use verify::{Cause, Fault, Judge, Revoked, Verdict};

/// Moments are `jiff::Timestamp`s.
pub use jiff;
/// Private keys are wiped from memory when dropped.
pub use zeroize::Zeroizing;

/// The DER types that the interfaces here and rustls share.
pub use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, PrivatePkcs8KeyDer};

/// The README's program is a test.
#[cfg(all(doctest, feature = "issue"))]
#[doc = include_str!("../README.md")]
struct ReadMe;
