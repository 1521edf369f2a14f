//! A test certificate authority shaped like e-seikyuu's (電子請求受付システム): office certificates
//! as PKCS#12, revocation lists, detached CMS signatures, and deliberately wrong certificates.
//!
//! Everything made here is marked TEST and worthless anywhere else. The library knows neither HTTP
//! nor accounts; the time is always passed in, and the only randomness is the operating system's,
//! for keys.
//!
//! The names of issuer and subject, the three years and the file name follow the public guides
//! (Stated); the key sizes, the extended key usages, the place of the office number in the subject
//! and the signature's format are not public, and this project decided them (Assumed).

pub mod authority;
pub mod ber;
pub mod inspect;
mod instant;
pub mod key;
pub mod kind;
pub mod package;
pub mod serial;
pub mod signature;
pub mod verify;
pub mod wrong;

pub use authority::{Authority, Issued, Request, Revoked, SavedAuthority};
pub use inspect::CertificateFacts;
pub use key::KeyKind;
pub use kind::Kind;
pub use package::Installed;
pub use serial::Serial;
pub use verify::{Cause, Fault, Judge, Verdict};
pub use wrong::Wrong;

/// Private keys are wiped from memory when dropped.
pub use zeroize::Zeroizing;

/// The DER types that the interfaces here and rustls share.
pub use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, PrivatePkcs8KeyDer};
