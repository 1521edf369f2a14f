//! The certificate of a terminal: importing it from a PKCS#12 file, keeping it, looking at it
//! before it is used.
//!
//! The certificate, its key and the authorities above it are kept in one private file. The password
//! of the PKCS#12 file is not kept. As on the real terminal, the relay has the last word on a
//! certificate (it is judged after the login, FAQ (2)6); what the client can see beforehand it
//! tells as notes and goes on.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use careplan_certs::verify::Cause;
use careplan_certs::{
    CertificateDer, CertificateFacts, Installed, Judge, PrivatePkcs8KeyDer, Zeroizing, package,
};
use careplan_spec::Text;
use careplan_spec::office_number::OfficeNumber;
use jiff::Timestamp;
use rustls_pki_types::pem::PemObject;
use serde::Serialize;

pub(crate) mod fault;

pub use fault::CertificateError;

use crate::clock;
use crate::error::Error;
use crate::ids::Secret;
use crate::shape::shapes;
use crate::terminal::{self, StoreError, Terminal};

const FILE: &str = "certificate.pem";

/// Largest PKCS#12 file that is read, in bytes; those of the billing site have some thousand.
const MOST_BYTES: u64 = 1 << 20;

/// From how many days before its end a certificate can be renewed.
pub const RENEWAL_DAYS: i64 = 90;

/// Something worth knowing about a certificate before it is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CertificateNote {
    /// Stable identifier: that of the cause (`expired`, `other-office` …) or `renewable`.
    pub code: &'static str,
    /// What it is.
    pub text: Text<String>,
    /// What to do.
    pub to_do: Text<String>,
}

/// A PKCS#12 file (`.p12`, `.pfx`) that can be imported.
pub struct CertificateFile {
    path: PathBuf,
    bytes: Zeroizing<Vec<u8>>,
}

shapes! {
    CertificateFile: it => { path: it.path, bytes: it.bytes.len() };
}

impl CertificateFile {
    /// Reads the file at a path, or the only one in the folder at it.
    ///
    /// # Errors
    /// When it cannot be read, is larger than any certificate, or the folder holds none or several.
    pub fn find(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let given = path.into();
        let path = if given.is_dir() { only_file_of(given)? } else { given };
        let read = || -> std::io::Result<Zeroizing<Vec<u8>>> {
            let mut bytes = Zeroizing::new(Vec::new());
            File::open(&path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let bytes = read().map_err(StoreError::io(&path))?;
        if bytes.len() as u64 > MOST_BYTES {
            return Err(CertificateError::Package(package::OpenError::NotPkcs12).into());
        }
        Ok(Self { path, bytes })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it holds, for [`Terminal::import_certificate`].
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

fn only_file_of(folder: PathBuf) -> Result<PathBuf, Error> {
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder).map_err(StoreError::io(&folder))? {
        let path = entry.map_err(StoreError::io(&folder))?.path();
        let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
        if ["p12", "pfx"].iter().any(|known| ending.eq_ignore_ascii_case(known)) && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    match found.len() {
        0 => Err(CertificateError::NoFile(folder).into()),
        1 => Ok(found.remove(0)),
        _ => {
            let name = |path: &PathBuf| path.file_name().map(|name| name.display().to_string());
            Err(CertificateError::SeveralFiles(found.iter().filter_map(name).collect()).into())
        }
    }
}

impl Terminal {
    /// Imports a PKCS#12 file; the certificate that was installed before is replaced.
    ///
    /// # Errors
    /// When the file cannot be opened with the password, holds no certificate for its key, or
    /// cannot be kept.
    pub fn import_certificate(
        &self,
        p12: &[u8],
        password: impl Into<Secret>,
    ) -> Result<Installed, Error> {
        let password = password.into();
        let installed =
            self.told(package::open(p12, password.reveal()).map_err(CertificateError::Package))?;
        self.install_certificate(&installed)?;
        Ok(installed)
    }

    /// Keeps a certificate that is already open.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn install_certificate(&self, installed: &Installed) -> Result<(), Error> {
        let mut pem = Zeroizing::new(String::new());
        for (at, certificate) in installed.chain().iter().enumerate() {
            write_pem(&mut pem, "CERTIFICATE", certificate);
            if at == 0 {
                write_pem(&mut pem, "PRIVATE KEY", installed.pkcs8());
            }
        }
        self.told(terminal::write_private(&self.path(FILE), pem.as_bytes()))
    }

    /// The installed certificate.
    ///
    /// # Errors
    /// When its file cannot be read.
    pub fn certificate(&self) -> Result<Option<Installed>, Error> {
        self.told(self.installed())
    }

    pub(crate) fn installed(&self) -> Result<Option<Installed>, StoreError> {
        let path = self.path(FILE);
        let Some(pem) = terminal::read(&path)?.map(Zeroizing::new) else { return Ok(None) };
        let damaged = |detail: &dyn std::fmt::Display| StoreError::Damaged {
            path: path.clone(),
            detail: detail.to_string(),
        };
        let chain = CertificateDer::pem_slice_iter(&pem)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| damaged(&error))?;
        let key = PrivatePkcs8KeyDer::from_pem_slice(&pem).map_err(|error| damaged(&error))?;
        Installed::new(chain, key.secret_pkcs8_der()).map(Some).map_err(|error| damaged(&error))
    }

    /// Removes the certificate and its key; says whether there was one.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub fn remove_certificate(&self) -> Result<bool, Error> {
        let path = self.path(FILE);
        let there = path.exists();
        self.told(terminal::remove_file(&path))?;
        Ok(there)
    }
}

/// The PEM of the authorities above a certificate; empty where it came alone.
pub(crate) fn authorities_pem(installed: &Installed) -> String {
    let mut pem = String::new();
    for certificate in &installed.chain()[1..] {
        write_pem(&mut pem, "CERTIFICATE", certificate);
    }
    pem
}

fn write_pem(out: &mut String, label: &str, der: &[u8]) {
    let _ = writeln!(out, "-----BEGIN {label}-----");
    // 48 bytes make a line of 64 characters.
    for line in der.chunks(48) {
        let _ = writeln!(out, "{}", STANDARD.encode(line));
    }
    let _ = writeln!(out, "-----END {label}-----");
}

/// Looks at a certificate before it is used: by `office` where the office is known, against `judge`
/// where an authority is trusted.
pub fn certificate_notes(
    installed: &Installed,
    office: Option<OfficeNumber>,
    judge: Option<&Judge>,
    now: Timestamp,
) -> Vec<CertificateNote> {
    let facts = installed.facts();
    let cause = match judge.map(|judge| judge.judge(installed.chain(), now)) {
        Some(Err(fault)) => Some(fault.cause),
        Some(Ok(_)) | None => own_words(facts, now),
    };
    let cause = cause
        .or_else(|| (office.is_some() && facts.office != office).then_some(Cause::OtherOffice));
    let mut notes = Vec::new();
    if let Some(cause) = cause {
        notes.push(CertificateNote {
            code: cause.id(),
            text: cause.text().into(),
            to_do: advice(cause).into(),
        });
    }
    let left = facts.not_after.as_second() - now.as_second();
    if cause.is_none() && left <= RENEWAL_DAYS * 86_400 {
        notes.push(CertificateNote {
            code: "renewable",
            text: Text::made(
                format!("電子証明書の有効期限は{}です。", clock::shown(facts.not_after)),
                format!("The certificate ends on {}.", clock::shown(facts.not_after)),
            ),
            to_do: Text::new(
                "電子請求受付システムで更新を申請してください。",
                "Apply for its renewal on the billing site.",
            )
            .into(),
        });
    }
    notes
}

/// What a certificate tells about itself, where no authority is known to judge it by.
fn own_words(facts: &CertificateFacts, now: Timestamp) -> Option<Cause> {
    if now < facts.not_before {
        Some(Cause::NotYetValid)
    } else if now > facts.not_after {
        Some(Cause::Expired)
    } else if !facts.kind.is_some_and(|kind| kind.is_accepted()) {
        Some(Cause::WrongKind)
    } else if facts.office.is_none() {
        Some(Cause::WithoutOffice)
    } else {
        None
    }
}

const fn advice(cause: Cause) -> Text {
    match cause {
        Cause::NotYetValid => Text::new(
            "有効期間が始まるまで、今までの証明書を使ってください。パソコンの日付も確かめてください。",
            "Use the former certificate until it begins; check the date of the computer.",
        ),
        Cause::Expired => Text::new(
            "電子請求受付システムで新しい証明書を発行し、取り込んでください。パソコンの日付も確かめてください。",
            "Have a new certificate issued on the billing site and import it; check the date of the computer.",
        ),
        Cause::OtherOffice | Cause::WithoutOffice => Text::new(
            "ライセンス申請と同じ KJ ID で発行した証明書を取り込んでください。",
            "Import the certificate issued under the KJ ID of the licence application.",
        ),
        _ => Text::new(
            "介護保険証明書または介護DX証明書を取り込んでください。",
            "Import a 介護保険証明書 or a 介護DX証明書.",
        ),
    }
}
