//! What can be wrong with the certificate of a terminal. Errors above name it, so it knows none.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;

use careplan_certs::package;
use careplan_spec::Text;

use crate::text::Explanation;

/// What is wrong with the certificate of a terminal.
#[derive(Debug)]
#[non_exhaustive]
pub enum CertificateError {
    /// None is installed.
    NotInstalled,
    /// The folder holds no PKCS#12 file.
    NoFile(PathBuf),
    /// The folder holds several PKCS#12 files; these are their names.
    SeveralFiles(Vec<String>),
    /// The PKCS#12 file cannot be imported.
    Package(package::OpenError),
    /// It cannot be used for connections or signatures.
    Unusable(String),
    /// The authority's certificate cannot be read.
    BadAuthority,
}

impl CertificateError {
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::NotInstalled => "no-certificate-installed",
            Self::NoFile(_) => "no-certificate-file",
            Self::SeveralFiles(_) => "several-certificate-files",
            Self::Package(_) => "certificate-import",
            Self::Unusable(_) => "certificate-unusable",
            Self::BadAuthority => "bad-authority",
        }
    }

    pub(crate) fn explain(&self) -> Explanation {
        match self {
            Self::NotInstalled => Explanation::fixed(
                Text::new(
                    "この端末に電子証明書が取り込まれていません。",
                    "No certificate is installed on this terminal.",
                ),
                Text::new(
                    "電子請求受付システムからダウンロードした p12 ファイルを取り込んでください。",
                    "Import the .p12 file from the billing site.",
                ),
            ),
            Self::NoFile(folder) => Explanation::new(
                format!("p12 ファイルがありません（{}）。", folder.display()),
                format!("There is no .p12 file in {}.", folder.display()),
                Text::new(
                    "電子請求受付システムから電子証明書をダウンロードしたフォルダーか、p12 ファイルそのものを指定してください。",
                    "Give the folder into which the certificate was downloaded, or the .p12 file itself.",
                ),
            ),
            Self::SeveralFiles(names) => Explanation::new(
                format!("p12 ファイルが{}個あります（{}）。", names.len(), names.join("、")),
                format!("There are {} .p12 files ({}).", names.len(), names.join(", ")),
                Text::new(
                    "この事業所の電子証明書のファイルを1つ指定してください。",
                    "Give the one file that is this office's certificate.",
                ),
            ),
            Self::Package(error) => Explanation::fixed(
                error.text(),
                Text::new(
                    "p12 ファイルと証明書発行用パスワードを確かめてください。パスワードを再発行したときは、証明書の発行申請からやり直してください。",
                    "Check the .p12 file and its password. After a re-issue of the password, apply for the certificate again.",
                ),
            ),
            Self::Unusable(detail) => Explanation::new(
                format!("電子証明書を使用できません（{detail}）。"),
                format!("The certificate cannot be used ({detail})."),
                Text::new("電子証明書を取り込み直してください。", "Import the certificate again."),
            ),
            Self::BadAuthority => Explanation::fixed(
                Text::new(
                    "認証局の証明書を読み取れません。",
                    "The authority's certificate cannot be read.",
                ),
                Text::new(
                    "PEM形式の認証局の証明書を指定してください。",
                    "Give the authority's certificate in PEM.",
                ),
            ),
        }
    }
}

impl fmt::Display for CertificateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.explain().what.ja)
    }
}

impl Error for CertificateError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Package(error) => Some(error),
            _ => None,
        }
    }
}
