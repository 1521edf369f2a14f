//! A server to be held against the plan: where it is, and the offices one may be there.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use careplan_certs::{Installed, package};
use careplan_fixtures::region::Party;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use serde::Deserialize;

use super::Need;
use crate::bed::{Bed, C_PASSWORD, ISSUE_PASSWORD, KJ_PASSWORD};
use crate::unit::{office_from_the_end, office_of};

/// What the office file says, as it stands there (TOML, or JSON with the same names).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    relay: String,
    sites: Option<String>,
    controls: Option<String>,
    admin_token: Option<String>,
    ca_file: PathBuf,
    #[serde(default)]
    strict_tls: bool,
    #[serde(default)]
    limits: Limits,
    #[serde(default)]
    office: Vec<OfficeEntry>,
    #[serde(default)]
    wrong_certificate: Vec<WrongEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfficeEntry {
    role: Role,
    number: String,
    kind: Option<String>,
    c_id: Option<String>,
    c_password: Option<String>,
    kj_id: Option<String>,
    kj_password: Option<String>,
    p12: Option<PathBuf>,
    p12_password: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrongEntry {
    wrong: String,
    p12: PathBuf,
    p12_password: String,
}

/// What an office is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// 居宅介護支援 (kind 43), licensed, with a login: sends plans.
    Planner,
    /// A service office, licensed, with a login: receives them.
    Service,
    /// Another licensed office; only its number is used.
    Third,
    /// An office that never had a licence.
    Unlicensed,
}

/// Limits the server has; the defaults are those of ours (relay.md §9 item 2, Assumed).
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Characters of the text of a message.
    pub text_chars: usize,
    /// Files of a message.
    pub files: usize,
    /// Bytes of a file.
    pub file_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { text_chars: 1_000, files: 100, file_bytes: 20 * 1024 * 1024 }
    }
}

/// How an office logs in.
pub struct Login {
    /// c-ID.
    pub c_id: String,
    /// Its password.
    pub c_password: String,
    /// KJ ID.
    pub kj_id: String,
    /// Its password.
    pub kj_password: String,
    /// Its certificate.
    pub installed: Arc<Installed>,
}

/// An office of the server.
pub struct Place {
    /// What it is there for.
    pub role: Role,
    /// Number and service kind.
    pub party: Party,
    /// Its login, where there is one.
    pub login: Option<Login>,
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {}", self.role, self.party)
    }
}

/// A server, and the offices one may be there.
pub struct Server {
    /// Base URL of the relay.
    pub relay: String,
    /// Base URL of the sites.
    pub sites: Option<String>,
    /// Base URL of the controls.
    pub controls: Option<String>,
    /// Token of the controls.
    pub admin_token: Option<String>,
    /// The authorities of its TLS certificate, PEM.
    pub ca_pem: String,
    /// Whether wrong certificates may be refused in the handshake.
    pub strict_tls: bool,
    /// Its limits.
    pub limits: Limits,
    /// Its offices.
    pub offices: Vec<Place>,
    /// Certificates that are wrong on purpose, for the planner.
    pub wrong_certificates: Vec<(String, Arc<Installed>)>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("relay", &self.relay).finish_non_exhaustive()
    }
}

/// An office file that cannot be used.
#[derive(Debug)]
pub struct OfficeFileError {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

fn wrong(ja: impl Into<String>, en: impl Into<String>) -> OfficeFileError {
    OfficeFileError { ja: ja.into(), en: en.into() }
}

/// A value, or that of the environment variable it names (`env:NAME`).
fn secret(value: String) -> Result<String, OfficeFileError> {
    match value.strip_prefix("env:") {
        None => Ok(value),
        Some(name) => std::env::var(name).map_err(|_| {
            wrong(
                format!("環境変数 {name} がありません。"),
                format!("there is no environment variable {name}"),
            )
        }),
    }
}

fn open(
    folder: &Path,
    path: &Path,
    password: String,
    field: &str,
) -> Result<Installed, OfficeFileError> {
    let path = folder.join(path);
    let shown = path.display();
    let bytes = std::fs::read(&path).map_err(|error| {
        wrong(
            format!("{field}：{shown} を読めません（{error}）。"),
            format!("{field}: cannot read {shown}: {error}"),
        )
    })?;
    package::open(&bytes, &secret(password)?).map_err(|error| {
        wrong(
            format!("{field}：{shown} を開けません（{error}）。"),
            format!("{field}: cannot open {shown}: {error}"),
        )
    })
}

impl OfficeEntry {
    fn read(self, folder: &Path) -> Result<Place, OfficeFileError> {
        let at = format!("office {}", self.number);
        let default = match self.role {
            Role::Planner => "43",
            Role::Service | Role::Third | Role::Unlicensed => "11",
        };
        let kind = self.kind.as_deref().unwrap_or(default);
        let party = Party::parse(&format!("{}/{kind}", self.number)).ok_or_else(|| {
            wrong(
                format!("{at}：事業所番号（10桁）かサービス種類（2桁）に誤りがあります。"),
                format!("{at}: number (10 characters) or kind (2) is malformed"),
            )
        })?;
        let given = (self.c_id, self.c_password, self.kj_id, self.kj_password, self.p12);
        let login = match (given, self.p12_password) {
            (
                (Some(c_id), Some(c_password), Some(kj_id), Some(kj_password), Some(p12)),
                Some(password),
            ) => Some(Login {
                c_id,
                c_password: secret(c_password)?,
                kj_id,
                kj_password: secret(kj_password)?,
                installed: Arc::new(open(folder, &p12, password, &at)?),
            }),
            ((None, None, None, None, None), None) => None,
            _ => {
                return Err(wrong(
                    format!(
                        "{at}：c_id、c_password、kj_id、kj_password、p12、p12_password をすべて書いてください。"
                    ),
                    format!(
                        "{at}: give all of c_id, c_password, kj_id, kj_password, p12, p12_password"
                    ),
                ));
            }
        };
        Ok(Place { role: self.role, party, login })
    }
}

impl Server {
    /// Reads an office file: TOML, or JSON when its name ends in `.json`. Paths in it are relative
    /// to the file.
    ///
    /// # Errors
    /// It cannot be read, or is not complete.
    pub fn read(path: &Path) -> Result<Self, OfficeFileError> {
        let shown = path.display();
        let text = std::fs::read_to_string(path).map_err(|error| {
            wrong(
                format!("{shown} を読めません（{error}）。"),
                format!("cannot read {shown}: {error}"),
            )
        })?;
        let parsed = if path.extension().is_some_and(|extension| extension == "json") {
            serde_json::from_str(&text).map_err(|error| error.to_string())
        } else {
            toml::from_str(&text).map_err(|error| error.message().to_owned())
        };
        let file: File = parsed
            .map_err(|error| wrong(format!("{shown}：{error}"), format!("{shown}: {error}")))?;
        Self::of(file, path.parent().unwrap_or(Path::new("")))
    }

    fn of(file: File, folder: &Path) -> Result<Self, OfficeFileError> {
        let ca_file = folder.join(&file.ca_file);
        let ca_pem = std::fs::read_to_string(&ca_file).unwrap_or_default();
        let roots: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(ca_pem.as_bytes()).collect();
        if !roots.is_ok_and(|roots| !roots.is_empty()) {
            let shown = ca_file.display();
            return Err(wrong(
                format!("ca_file：{shown} にPEMの証明書がありません。"),
                format!("ca_file: no PEM certificate in {shown}"),
            ));
        }
        let offices: Result<Vec<_>, _> =
            file.office.into_iter().map(|entry| entry.read(folder)).collect();
        let mut wrong_certificates = Vec::new();
        for entry in file.wrong_certificate {
            let field = format!("wrong_certificate {}", entry.wrong);
            let installed = open(folder, &entry.p12, entry.p12_password, &field)?;
            wrong_certificates.push((entry.wrong, Arc::new(installed)));
        }
        let base = |url: String| url.trim_end_matches('/').to_owned();
        let server = Self {
            relay: base(file.relay),
            sites: file.sites.map(base),
            controls: file.controls.map(base),
            admin_token: file.admin_token.map(secret).transpose()?,
            ca_pem,
            strict_tls: file.strict_tls,
            limits: file.limits,
            offices: offices?,
            wrong_certificates,
        };
        for role in [Role::Planner, Role::Service] {
            if server.place(role).is_none_or(|place| place.login.is_none()) {
                let name = if role == Role::Planner { "planner" } else { "service" };
                return Err(wrong(
                    format!("role = \"{name}\" の事業所とそのログインが必要です。"),
                    format!("an office of role = \"{name}\" with its login is needed"),
                ));
            }
        }
        if server.place(Role::Planner).is_some_and(|planner| planner.party.kind() != "43") {
            return Err(wrong(
                "role = \"planner\" の事業所はサービス種類43（居宅介護支援）にしてください。",
                "the planner must have kind 43 (居宅介護支援)",
            ));
        }
        Ok(server)
    }

    /// Our server with the demo region.
    pub async fn of_demo(bed: &Bed) -> Self {
        let text = |name: &str| bed.program.printed(name).to_owned();
        let mut offices = Vec::new();
        for (role, number) in [
            (Role::Planner, office_of("43")),
            (Role::Service, office_of("11")),
            (Role::Third, office_of("15")),
            (Role::Unlicensed, office_from_the_end(1)),
        ] {
            let office = careplan_fixtures::region::offices()
                .iter()
                .find(|office| office.number.as_str() == number)
                .expect("an office of the region");
            let (c_id, kj_id) = bed.ids(number).await;
            let (installed, _) = bed.issue(number, None).await;
            let login = Login {
                c_id,
                c_password: C_PASSWORD.to_owned(),
                kj_id,
                kj_password: KJ_PASSWORD.to_owned(),
                installed: Arc::new(installed),
            };
            let party = office.party(office.kinds[0]).expect("its own kind");
            offices.push(Place { role, party, login: Some(login) });
        }
        Self {
            relay: text("relay"),
            sites: Some(text("sites")),
            controls: Some(text("controls")),
            admin_token: None,
            ca_pem: text("ca_pem"),
            strict_tls: false,
            limits: Limits::default(),
            offices,
            wrong_certificates: Vec::new(),
        }
    }

    /// The office of a role.
    pub fn place(&self, role: Role) -> Option<&Place> {
        self.offices.iter().find(|place| place.role == role)
    }

    /// Whether the server offers this.
    pub fn offers(&self, need: Need) -> bool {
        match need {
            Need::WrongCertificate(id) => {
                self.controls.is_some()
                    || self.wrong_certificates.iter().any(|(name, _)| name == id)
            }
            Need::ThirdOffice => self.place(Role::Third).is_some(),
            Need::UnlicensedOffice => self.place(Role::Unlicensed).is_some(),
            Need::UnlicensedLogin => {
                self.place(Role::Unlicensed).is_some_and(|place| place.login.is_some())
            }
            Need::Controls | Need::Clock => self.controls.is_some(),
            Need::Portal => self.sites.is_some(),
        }
    }
}

/// The bytes of a p12 the controls answered with, opened.
///
/// # Errors
/// It is no base64, or does not open; says which.
pub fn issued(p12_base64: &str) -> Result<Installed, String> {
    let bytes = base64::prelude::BASE64_STANDARD
        .decode(p12_base64)
        .map_err(|error| format!("p12_base64: {error}"))?;
    package::open(&bytes, ISSUE_PASSWORD).map_err(|error| format!("p12: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("offices.toml");
        std::fs::write(&path, text).unwrap();
        Server::read(&path).unwrap_err().en
    }

    #[test]
    fn mistakes_in_an_office_file_are_named() {
        assert!(error("relay = 1").contains("offices.toml"));
        assert!(error("relay = \"https://x\"\nca_file = \"none.pem\"").contains("ca_file"));
        assert!(error("relay = \"https://x\"\nca_fil = \"a\"").contains("ca_fil"));
    }
}
