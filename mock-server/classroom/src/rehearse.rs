//! Sending and receiving in a rehearsal of the vendor test.
//!
//! The rehearsal folder says which test offices a vendor has (`rehearsal.toml`) and what its
//! product is to receive (`kit/`). Here they get accounts, licences and certificates; a scripted
//! partner sends them the kit over the relay, as real messages, and fetches what they send; and
//! every message is written down in `relay/evidence.jsonl`, which `careplan-conformance rehearse
//! run` judges.
//!
//! What is written down comes from the relay's own lists, by message identifier: whatever ends the
//! program at whatever moment, the next start writes what is missing, and nothing twice.

mod evidence;
mod folder;
mod observer;
mod partner;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use careplan_rehearsal::relay_evidence::{Direction, RelayEvidence};
use careplan_spec::office_number::OfficeNumber;
pub use folder::{Folder, FolderError};

use careplan_relay::account::PortalCaller;
use careplan_relay::certificate::CertificateState;
use careplan_relay::control::AccountView;
use careplan_relay::outcome::{self, Failure};
use careplan_relay::private;

use crate::scenario;
use careplan_wire::serve::Server;

/// How often the lists are looked at.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// Who is on the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Partner {
    /// A script: sends the kit, fetches what comes.
    #[default]
    Scripted,
    /// Nobody: the offices of the plan exchange among themselves.
    Nobody,
}

/// Why a rehearsal cannot begin or go on.
#[derive(Debug, thiserror::Error)]
pub enum RehearseError {
    /// The folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A file of the folder.
    #[error("{path}: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What happened.
        source: std::io::Error,
    },
    /// The central system.
    #[error(transparent)]
    Relay(#[from] outcome::Error),
    /// The central system.
    #[error(transparent)]
    Failed(#[from] Failure),
    /// An office of the plan has no account.
    #[error("office {0} has no account")]
    NoAccount(OfficeNumber),
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> RehearseError {
    let path = path.to_owned();
    move |source| RehearseError::Io { path, source }
}

/// A rehearsal under way.
pub struct Rehearsal {
    folder: Folder,
    offices: Vec<Vendor>,
    observer: observer::Observer,
    partner: Option<partner::Script>,
}

impl std::fmt::Debug for Rehearsal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rehearsal").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// A test office of the vendor, with what it needs.
struct Vendor {
    account: AccountView,
    p12: Option<PathBuf>,
}

impl Rehearsal {
    /// Enrols the offices, lays out their certificates and opens the evidence.
    ///
    /// # Errors
    /// [`RehearseError`].
    pub async fn begin(
        server: &Server,
        folder: Folder,
        partner: Partner,
    ) -> Result<Self, RehearseError> {
        let relay = server.relay();
        scenario::enrol(relay, &folder.offices).await?;
        folder.keep_out_of_version_control()?;
        let certificates = folder.certificates();
        private::create_dir_all(&certificates).map_err(io(&certificates))?;
        let ca = folder.ca();
        std::fs::write(&ca, &relay.authority().ca_pem).map_err(io(&ca))?;
        let accounts = relay.turn().await?.operator().accounts().await?;
        let mut offices = Vec::new();
        for number in folder.numbers() {
            let account = accounts.iter().find(|account| account.office == number.as_str());
            let account = account.ok_or(RehearseError::NoAccount(number))?.clone();
            let p12 = lay_out(server, &certificates, number, &account).await?;
            offices.push(Vendor { account, p12 });
        }
        let evidence = evidence::Evidence::open(&folder.evidence())?;
        let observer = observer::Observer::new(relay.clone(), folder.clone(), evidence);
        let partner = match partner {
            Partner::Scripted => Some(partner::Script::new(server, folder.clone())),
            Partner::Nobody => None,
        };
        Ok(Self { folder, offices, observer, partner })
    }

    /// Everything the vendor needs, Japanese and English.
    pub fn text(&self, server: &Server) -> String {
        let at = server.addresses();
        let mut text = format!(
            "\
ベンダ試験のリハーサル：送受信（試験用。本物の証明書・個人情報は入れないでください）
Rehearsal of the vendor test, sending and receiving: no real certificates, no personal data

  フォルダー / folder      {folder}
  中継 / relay             {relay}
  CA証明書 / CA            {ca}
  サイト / sites           {sites}
  ブラウザーの端末 / desk  {sites}/client

  皆さんの試験用事業所 / your test offices
",
            folder = self.folder.root().display(),
            relay = at.relay,
            ca = self.folder.ca().display(),
            sites = at.sites,
        );
        for Vendor { account, p12 } in &self.offices {
            let shown = |secret: &Option<careplan_relay::secret::Secret>| {
                secret.as_ref().map_or("（変更済 / changed）".to_owned(), |secret| {
                    secret.reveal().to_owned()
                })
            };
            let p12 = p12.as_ref().map_or_else(
                || format!("{}/  （証明書を申請してください / apply for one）", at.sites),
                |path| path.display().to_string(),
            );
            // Writing to a string does not fail.
            let _ = writeln!(
                text,
                "    {}  {}  [{}]\n      1段階目 / stage 1   {}  {}\n      2段階目 / stage 2   {}  {}\n      証明書 / certificate {p12}  （パスワード / password {}）",
                account.office,
                account.name,
                account.service_kinds.join(" "),
                account.c_id.as_deref().unwrap_or("-"),
                shown(&account.c_password),
                account.kj_id.as_deref().unwrap_or("-"),
                shown(&account.kj_password),
                shown(&account.certificate_password),
            );
        }
        let messages = self.folder.messages().len();
        text.push_str(match &self.partner {
            Some(_) => {
                "\n  製品、careplan-client、またはブラウザーの端末で：\n\
                 \x20   1. 証明書をインストールし、2段階でログインする\n\
                 \x20   2. 受信一覧のデータ（キット）をすべて取得し、製品に取り込む\n\
                 \x20   3. 書き出したファイル（exports/ に置いたものと同じもの）を送信する\n\
                 \x20 With your product, careplan-client or the desk: install the certificate, log in,\n\
                 \x20 fetch the kit from the inbox, send the files you put into exports/.\n"
            }
            None => {
                "\n  試験用事業所どうしで送受信してください（相手方の自動応答はありません）。\n\
                 \x20 Exchange between your test offices; nobody answers by script.\n"
            }
        });
        if self.partner.is_some() {
            let _ = writeln!(
                text,
                "\n  キットの送信 / the kit: {messages}件 / messages。送受信は {} に記録します。",
                self.folder.evidence().display()
            );
        }
        text.push_str("\nCtrl+C で終了します / Ctrl+C ends it\n");
        text
    }

    /// Sends the kit, then looks again and again, until `stop` is done; `tell` gets a line for
    /// everything worth knowing. What happened before the end is written down before it returns.
    ///
    /// # Errors
    /// The evidence cannot be written, or the central system fails.
    pub async fn go_on(
        &mut self,
        stop: impl Future<Output = ()>,
        mut tell: impl FnMut(&str),
    ) -> Result<(), RehearseError> {
        tokio::pin!(stop);
        let mut first = true;
        loop {
            let step = self.step(first, &mut tell);
            tokio::select! {
                biased;
                () = &mut stop => break,
                done = step => done?,
            }
            first = false;
            tokio::select! {
                biased;
                () = &mut stop => break,
                () = tokio::time::sleep(BETWEEN_LOOKS) => {}
            }
        }
        self.look(&mut tell).await
    }

    async fn step(
        &mut self,
        first: bool,
        tell: &mut impl FnMut(&str),
    ) -> Result<(), RehearseError> {
        if let Some(partner) = &mut self.partner {
            if first {
                partner.send_the_kit(tell).await?;
            }
            partner.fetch(tell).await?;
        }
        self.look(tell).await
    }

    async fn look(&mut self, tell: &mut impl FnMut(&str)) -> Result<(), RehearseError> {
        self.observer.look(|evidence| tell(&line(evidence))).await
    }

    /// What to do next.
    pub fn next(&self) -> String {
        let folder = self.folder.root().display();
        format!(
            "\n送受信を記録しました。次は判定です / Recorded; now have it judged:\n\n  careplan-conformance rehearse run {folder}\n"
        )
    }
}

fn line(evidence: &RelayEvidence) -> String {
    let RelayEvidence { direction, office, partner, files, .. } = evidence;
    let item = evidence.item.as_deref().unwrap_or("-");
    let count = files.len();
    match direction {
        Direction::Sent => {
            format!("記録 / recorded  送信 / sent     {item}  {office} → {partner}  {count} files")
        }
        Direction::Fetched => {
            format!("記録 / recorded  受信 / fetched  {item}  {partner} → {office}  {count} files")
        }
    }
}

/// The .p12 of an office in the folder; none where it has none that can be installed.
async fn lay_out(
    server: &Server,
    folder: &Path,
    office: OfficeNumber,
    account: &AccountView,
) -> Result<Option<PathBuf>, RehearseError> {
    let usable = account.certificates.iter().find(|certificate| {
        certificate.file_name.is_some() && certificate.state == CertificateState::Issued
    });
    let (Some(certificate), Some(kj_id)) = (usable, account.kj_id.clone()) else {
        return Ok(None);
    };
    let caller = PortalCaller { office, kj_id, login: None };
    let p12 = server.relay().turn().await?.certificates().p12(&caller, &certificate.id).await?;
    let path = folder.join(format!("{office}-{}", p12.file_name));
    private::write(&path, &p12.bytes).map_err(io(&path))?;
    Ok(Some(path))
}
