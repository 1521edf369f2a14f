//! What can go wrong, typed, and what the user can do about it.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::PathBuf;

use careplan_spec::{Lang, Text};
use jiff::Timestamp;

use crate::certificate::fault::CertificateError;
use crate::code::Code;
use crate::delivery::DeliveryError;
use crate::ids::MessageId;
use crate::local_check::LocalCheck;
use crate::outgoing::MessageError;
use crate::terminal::StoreError;
use crate::text::Explanation;
use crate::wire::Problem;

/// The cause of an error, in the words of a library.
pub(crate) type Cause = Box<dyn StdError + Send + Sync>;

/// What went wrong.
///
/// Programs branch on [`Error::kind`], which carries the facts, or on [`Error::code`]; people read
/// [`Error::explain`]. It prints as one line, in the language of the client or terminal it came from
/// (see [`crate::ClientBuilder::lang`]).
///
/// ```
/// use careplan_client_core::{Code, Error, ErrorKind};
///
/// fn advise(error: &Error) -> &'static str {
///     match error.kind() {
///         ErrorKind::NotLoggedIn(_) => "log in",
///         ErrorKind::DownloadInterrupted { .. } => "download again",
///         _ if *error.code() == Code::AlreadyFetched => "somebody else has it",
///         _ if error.is_retryable() => "try again",
///         _ => "read what it says",
///     }
/// }
/// ```
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    code: Code,
    lang: Lang,
    cause: Option<Cause>,
    draft: Option<String>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        let code = kind.code();
        let inner = Inner { kind, code, lang: Lang::default(), cause: None, draft: None };
        Self { inner: Box::new(inner) }
    }

    /// With what a library said.
    pub(crate) fn because(mut self, cause: impl Into<Option<Cause>>) -> Self {
        self.inner.cause = cause.into();
        self
    }

    /// With the draft that was kept.
    pub(crate) fn keeping(mut self, draft: String) -> Self {
        self.inner.draft = Some(draft);
        self
    }

    /// Prints in this language from now on.
    #[must_use]
    pub fn in_lang(mut self, lang: Lang) -> Self {
        self.inner.lang = lang;
        self
    }

    /// What it is, with the facts.
    pub fn kind(&self) -> &ErrorKind {
        &self.inner.kind
    }

    /// The same, to keep.
    pub fn into_kind(self) -> ErrorKind {
        self.inner.kind
    }

    /// The same error as another kind.
    pub(crate) fn map(self, change: impl FnOnce(ErrorKind) -> ErrorKind) -> Self {
        let Inner { kind, lang, cause, draft, .. } = *self.inner;
        let kind = change(kind);
        Self { inner: Box::new(Inner { code: kind.code(), kind, lang, cause, draft }) }
    }

    /// The stable word for it.
    pub fn code(&self) -> &Code {
        &self.inner.code
    }

    /// The draft in which the message of a [`crate::Client::send`] was kept, because it may have
    /// arrived: send that draft again, and there will be one message.
    pub fn draft(&self) -> Option<&str> {
        self.inner.draft.as_deref()
    }

    /// Whether the same call may be made again, unchanged, and may succeed: the line broke, the relay
    /// is busy, something else holds what is asked for. Nothing is sent or fetched twice by it.
    pub fn is_retryable(&self) -> bool {
        match self.kind() {
            ErrorKind::Unreachable { failure, .. } => matches!(
                failure,
                ConnectionFailure::NoConnection
                    | ConnectionFailure::Interrupted
                    | ConnectionFailure::ServerError
            ),
            ErrorKind::SendUnknown { .. }
            | ErrorKind::ClaimUnknown { .. }
            | ErrorKind::DownloadInterrupted { .. } => true,
            ErrorKind::Refused(refusal) => {
                matches!(refusal.status, 408 | 425 | 429 | 500..) || refusal.retry_at.is_some()
            }
            ErrorKind::Store(error) => {
                matches!(error, StoreError::Busy { .. } | StoreError::InUse { .. })
            }
            _ => false,
        }
    }

    /// Whether a time limit ended it.
    pub fn is_timeout(&self) -> bool {
        let mut source = self.source();
        while let Some(error) = source {
            let here =
                error.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_timeout)
                    || error
                        .downcast_ref::<io::Error>()
                        .is_some_and(|error| error.kind() == io::ErrorKind::TimedOut);
            if here {
                return true;
            }
            source = error.source();
        }
        false
    }

    /// The relay's number of the request, for the help desk.
    pub fn request_id(&self) -> Option<&str> {
        let id = match self.kind() {
            ErrorKind::Refused(refusal) => Some(refusal.request_id.as_str()),
            ErrorKind::BadAnswer { request_id, .. } => request_id.as_deref(),
            _ => None,
        };
        id.filter(|id| !id.is_empty())
    }

    /// The kind of ending.
    pub fn class(&self) -> Class {
        self.kind().class()
    }

    /// Whether the next message or row would end the same way: nobody is logged in, the certificate or
    /// the line is at fault.
    pub fn stops_everything(&self) -> bool {
        self.kind().stops_everything()
    }

    /// What happened and what to do, in both languages.
    pub fn explain(&self) -> Explanation {
        self.kind().explain()
    }

    /// Both sentences in one language, a line each.
    pub fn describe(&self, lang: Lang) -> String {
        let explanation = self.explain();
        let (what, to_do) = (explanation.what.get(lang), explanation.to_do.get(lang));
        if to_do.is_empty() { what.to_owned() } else { format!("{what}\n{to_do}") }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = self.explain().what;
        f.write_str(&what.get(self.inner.lang).replace(['\r', '\n'], " "))
    }
}

/// For logs: code, request and the library's cause; no file names, no values, no passwords. What
/// happened is said by `Display`, for a screen.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("code", &self.code().as_str())
            .field("request_id", &self.request_id())
            .field("cause", &self.inner.cause.as_ref().map(ToString::to_string))
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.inner.cause {
            Some(cause) => Some(&**cause),
            None => self.kind().source(),
        }
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind)
    }
}

/// The kind of ending, for exit codes and for programs that only need to branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Class {
    /// The relay, a check or a verification said no to what was asked: a message, a claim, a user ID
    /// that has not its form.
    Refused,
    /// The request makes no sense as it is: wrong argument, wrong setting, unknown draft, a blank
    /// pasted to a password.
    Usage,
    /// The relay cannot be reached, its answer cannot be used, or a disk failed.
    Unreachable,
    /// Nobody is logged in, or could be: no session, a wrong or expired password (401 of the relay), no
    /// certificate, or one that cannot be opened or is refused (403 `certificate-…`).
    NotLoggedIn,
    /// A fault of this program.
    Internal,
}

/// Why there is no session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoSession {
    /// Nobody logged in on this terminal.
    Never,
    /// The session ended and could not be refreshed.
    Ended,
    /// The session belongs to another relay.
    OtherRelay,
    /// Another office has logged in on this terminal since.
    OtherOffice,
    /// Somebody has logged in on this terminal with another certificate since.
    OtherCertificate,
}

/// The two stages of the login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// 個人ユーザ.
    Terminal,
    /// 事業所ユーザ.
    Office,
}

/// Why the relay could not be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectionFailure {
    /// No connection.
    NoConnection,
    /// The relay's certificate is not trusted.
    UntrustedRelay,
    /// It is one of another authority than this terminal knows.
    OtherAuthority,
    /// This terminal knows no authority.
    NoAuthority,
    /// It is made for other names than the relay's address.
    OtherName,
    /// The address says https, and what answers there speaks no TLS.
    NoTls,
    /// The address says http, and what answers there speaks something else.
    NoPlainHttp,
    /// No answer in time, or the connection broke.
    Interrupted,
    /// The relay answered with a server error that explains nothing.
    ServerError,
}

/// Why a user ID cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UserIdFault {
    /// It has not its form.
    Malformed,
    /// It is one of an agent (代理人).
    Agent,
}

/// A certificate the clock does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Whose {
    /// The relay's.
    Relay,
    /// That of this terminal.
    Terminal,
}

/// What an [`Error`] is, with the facts.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The relay refused, with reasons.
    Refused(Box<Problem>),
    /// The relay refused the certificate while the connection was made.
    #[non_exhaustive]
    RefusedInHandshake {
        /// The alert, as TLS calls it.
        alert: String,
    },
    /// Nobody is logged in.
    NotLoggedIn(NoSession),
    /// A password begins or ends with a blank, as pasted ones do. It was not sent, so that it does
    /// not count as a wrong one.
    BlankInPassword(Stage),
    /// A user ID has not its form. It was not sent.
    UserId(UserIdFault),
    /// The certificate of this terminal.
    Certificate(CertificateError),
    /// The relay cannot be reached.
    #[non_exhaustive]
    Unreachable {
        /// The relay's address.
        relay: String,
        /// Why.
        failure: ConnectionFailure,
        /// The library's words, for support.
        detail: String,
    },
    /// The clock of this computer does not fit a certificate: it is wrong, or the certificate has
    /// ended.
    #[non_exhaustive]
    WrongClock {
        /// Whose certificate it is.
        whose: Whose,
        /// What the clock says.
        now: Timestamp,
        /// From when the certificate counts, where that is known.
        valid_from: Option<Timestamp>,
        /// Until when.
        valid_until: Option<Timestamp>,
    },
    /// The caller gave it up (see `cancel` of the operation). Where a message may have been sent,
    /// [`Error::draft`] says which draft it is in.
    Cancelled,
    /// The relay's answer makes no sense.
    #[non_exhaustive]
    BadAnswer {
        /// The request.
        request: String,
        /// What is wrong with the answer.
        problem: String,
        /// The relay's `x-request-id`.
        request_id: Option<String>,
    },
    /// Whether a message was sent is not known: no answer came. The attempt is kept, so that
    /// sending the same draft or row again can never make a second message.
    #[non_exhaustive]
    SendUnknown {
        /// The library's words, for support.
        detail: String,
    },
    /// What must be on disk before a message is claimed could not be written, so it was not
    /// claimed.
    #[non_exhaustive]
    NotClaimed {
        /// Whether an earlier call asked for it and its answer was lost: then the relay may hold
        /// the message for this terminal, for a while.
        asked_before: bool,
        /// The file.
        error: StoreError,
    },
    /// Whether a message was claimed is not known: no answer came. The key of the claim is kept, so
    /// that downloading the message again gives the answer that was lost.
    #[non_exhaustive]
    ClaimUnknown {
        /// The message.
        message_id: MessageId,
        /// The library's words, for support.
        detail: String,
    },
    /// A message was claimed, and this terminal's disk did not take what came. It can go on when
    /// there is room.
    #[non_exhaustive]
    NotKept {
        /// The message.
        message_id: MessageId,
        /// When the relay closes the download; `None` when the whole archive is on disk already.
        until: Option<Timestamp>,
        /// The file.
        error: StoreError,
    },
    /// The download is not finished; what there is of it is kept and it can go on.
    #[non_exhaustive]
    DownloadInterrupted {
        /// The message.
        message_id: MessageId,
        /// Bytes on disk.
        done: u64,
        /// Bytes of the whole.
        total: u64,
        /// When the relay closes the download.
        until: Timestamp,
        /// The library's words, for support.
        detail: String,
    },
    /// What was received is not what was sent. Nothing was saved or confirmed.
    #[non_exhaustive]
    Delivery {
        /// Why.
        error: DeliveryError,
        /// Where the ZIP is kept for the help desk.
        kept: PathBuf,
    },
    /// The local check found errors; nothing was sent.
    LocalCheck(Box<LocalCheck>),
    /// The message cannot be made.
    Message(MessageError),
    /// The terminal folder or another file.
    Store(StoreError),
    /// A setting makes no sense.
    Setting(Text<String>),
    /// A fault of this program.
    Internal(String),
}

impl ErrorKind {
    /// The kind of ending.
    pub(crate) fn class(&self) -> Class {
        match self {
            Self::Refused(refusal) => match refusal.status {
                401 => Class::NotLoggedIn,
                500.. => Class::Unreachable,
                403 if refusal.code.contains("certificate") => Class::NotLoggedIn,
                _ => Class::Refused,
            },
            Self::NotLoggedIn(_) | Self::Certificate(_) | Self::RefusedInHandshake { .. } => {
                Class::NotLoggedIn
            }
            Self::WrongClock { whose: Whose::Terminal, .. } => Class::NotLoggedIn,
            Self::Unreachable { .. }
            | Self::WrongClock { .. }
            | Self::Cancelled
            | Self::BadAnswer { .. }
            | Self::SendUnknown { .. }
            | Self::NotClaimed { .. }
            | Self::ClaimUnknown { .. }
            | Self::NotKept { .. }
            | Self::DownloadInterrupted { .. } => Class::Unreachable,
            Self::Delivery { .. } | Self::LocalCheck(_) | Self::UserId(_) => Class::Refused,
            Self::Message(error) => match error {
                MessageError::Unreadable { .. } => Class::Unreachable,
                _ => Class::Refused,
            },
            Self::Store(StoreError::NotFound { .. })
            | Self::Setting(_)
            | Self::BlankInPassword(_) => Class::Usage,
            Self::Store(_) => Class::Unreachable,
            Self::Internal(_) => Class::Internal,
        }
    }

    fn code(&self) -> Code {
        match self {
            Self::Refused(refusal) if !refusal.code.is_empty() => refusal.code.as_str().into(),
            Self::Refused(_) => Code::Refused,
            Self::RefusedInHandshake { .. } => Code::RefusedInHandshake,
            Self::NotLoggedIn(_) => Code::NotLoggedIn,
            Self::BlankInPassword(_) => Code::PasswordBlank,
            Self::UserId(UserIdFault::Malformed) => Code::UserIdMalformed,
            Self::UserId(UserIdFault::Agent) => Code::AgentIdRefused,
            Self::Certificate(error) => error.code().into(),
            Self::Unreachable { failure, .. } => match failure {
                ConnectionFailure::NoConnection => Code::NoConnection,
                ConnectionFailure::UntrustedRelay
                | ConnectionFailure::OtherAuthority
                | ConnectionFailure::NoAuthority
                | ConnectionFailure::OtherName => Code::UntrustedRelay,
                ConnectionFailure::NoTls | ConnectionFailure::NoPlainHttp => Code::WrongProtocol,
                ConnectionFailure::Interrupted => Code::Interrupted,
                ConnectionFailure::ServerError => Code::ServerError,
            },
            Self::WrongClock { .. } => Code::WrongClock,
            Self::Cancelled => Code::Cancelled,
            Self::BadAnswer { .. } => Code::BadAnswer,
            Self::SendUnknown { .. } => Code::SendUnknown,
            Self::NotClaimed { .. } => Code::NotClaimed,
            Self::ClaimUnknown { .. } => Code::ClaimUnknown,
            Self::NotKept { .. } => Code::NotKept,
            Self::DownloadInterrupted { .. } => Code::DownloadInterrupted,
            Self::Delivery { error, .. } => error.code().into(),
            Self::LocalCheck(_) => Code::LocalCheck,
            Self::Message(error) => error.code().into(),
            Self::Store(error) => error.code().into(),
            Self::Setting(_) => Code::Setting,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Store(error) => error.source(),
            Self::Message(error) => error.source(),
            Self::Certificate(error) => error.source(),
            Self::NotClaimed { error, .. } | Self::NotKept { error, .. } => Some(error),
            Self::Delivery { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Whether the rest of a bulk send would end the same way, so that it stops here.
    fn stops_everything(&self) -> bool {
        match self {
            Self::NotLoggedIn(_)
            | Self::Certificate(_)
            | Self::RefusedInHandshake { .. }
            | Self::Unreachable { .. }
            | Self::WrongClock { .. }
            | Self::SendUnknown { .. }
            | Self::Cancelled
            | Self::Internal(_) => true,
            Self::Refused(refusal) => {
                matches!(self.class(), Class::NotLoggedIn)
                    || refusal.status == 429
                    || refusal.status >= 500
            }
            _ => false,
        }
    }

    /// What happened and what to do.
    fn explain(&self) -> Explanation {
        match self {
            Self::Refused(refusal) => explain_refusal(refusal),
            Self::RefusedInHandshake { alert } => Explanation {
                what: Text::made(
                    format!(
                        "電子証明書が接続の時点で拒否されました（{}）。",
                        alert_in_words(alert).ja
                    ),
                    format!(
                        "The certificate was refused while connecting ({}).",
                        alert_in_words(alert).en
                    ),
                ),
                to_do: match alert.as_str() {
                    "CertificateRequired" => Text::new(
                        "この事業所の電子証明書（p12）を取り込んでください。",
                        "Import the office's certificate (p12).",
                    ),
                    "DecryptError" | "UnknownCA" => Text::new(
                        "以前に起動した模擬環境の電子証明書かもしれません。今の模擬環境でダウンロードした電子証明書（p12）を取り込み直してください。",
                        "It may be from an earlier start of the test bed: download the certificate (p12) from the one that runs now, and import it.",
                    ),
                    _ => Text::new(
                        "証明書の有効期間と事業所番号を確かめ、正しい電子証明書を取り込み直してください。",
                        "Look at the certificate's validity and office and import the right certificate.",
                    ),
                }
                .into(),
            },
            Self::NotLoggedIn(reason) => explain_no_session(*reason),
            Self::BlankInPassword(stage) => {
                let whose = match stage {
                    Stage::Terminal => Text::new("個人ユーザ", "terminal user"),
                    Stage::Office => Text::new("事業所ユーザ", "office user"),
                };
                Explanation::new(
                    format!("{}のパスワードの前か後ろに空白や改行が付いています。", whose.ja),
                    format!("The {}'s password begins or ends with a blank.", whose.en),
                    Text::new(
                        "貼り付けたときに付いた空白を除いて、もう一度ログインしてください。送信していないため、誤入力の回数には数えられません。",
                        "Take off the blank that came along when it was pasted, and log in again. It was not sent and does not count as a wrong password.",
                    ),
                )
            }
            // The relay says the same, after one more look.
            Self::UserId(UserIdFault::Malformed) => Explanation::fixed(
                Text::new(
                    "ユーザIDの形式に誤りがあります。",
                    "The user ID does not have the right form.",
                ),
                Text::new(
                    "KJから始まる14桁のID、またはcから始まるIDを入力してください。",
                    "Enter the 14-character ID that starts with KJ, or the ID that starts with c.",
                ),
            ),
            Self::UserId(UserIdFault::Agent) => Explanation::fixed(
                Text::new(
                    "HDから始まる代理人のIDは利用できません。",
                    "IDs of agents (HD…) cannot be used.",
                ),
                Text::new(
                    "事業所のKJから始まるIDを使ってください。",
                    "Use the office's own ID, which starts with KJ.",
                ),
            ),
            Self::Certificate(error) => error.explain(),
            Self::Unreachable { relay, failure, detail } => {
                explain_unreachable(relay, *failure, detail)
            }
            Self::WrongClock { whose, now, valid_from, valid_until } => {
                explain_wrong_clock(*whose, *now, *valid_from, *valid_until)
            }
            Self::Cancelled => Explanation::fixed(
                Text::new("操作を取り消しました。", "It was given up."),
                Text::new(
                    "送信や取得の途中だったときは、下書きまたは一覧で結果を確かめてください。もう一度行っても、二重には送信・取得されません。",
                    "If something was being sent or fetched, see in the drafts or lists what became of it. Done again, nothing is sent or fetched twice.",
                ),
            ),
            Self::BadAnswer { request, problem, request_id } => {
                let id = request_id.as_deref().unwrap_or("-");
                Explanation::new(
                    format!("サーバーの応答を読み取れません（{request}：{problem}、受付番号 {id}）。"),
                    format!("The relay's answer cannot be read ({request}: {problem}, request id {id})."),
                    Text::new(
                        "接続先がこの模擬環境のサーバーかどうかを確かめてください。正しければ、受付番号を添えてヘルプデスクに連絡してください。",
                        "Make sure that the address is the relay of this test bed. If it is, contact the help desk with the request id.",
                    ),
                )
            }
            Self::SendUnknown { detail } => Explanation::new(
                format!("送信の途中で通信が切れ、送信できたかどうか分かりません（{detail}）。"),
                format!("The connection broke while sending; whether the message arrived is not known ({detail})."),
                Text::new(
                    "同じ下書き（または一括送信の同じ行）をもう一度送信してください。同じ受付キーを使うので、二重に送信されることはありません。内容は変更しないでください。",
                    "Send the same draft (or the same row) again, unchanged. It carries the same key, so it cannot be sent twice.",
                ),
            ),
            Self::NotClaimed { asked_before, error } => explain_not_claimed(*asked_before, error),
            Self::ClaimUnknown { message_id, detail } => Explanation::new(
                format!("データ取得の要求に対する応答が届きませんでした（{message_id}、{detail}）。"),
                format!("The answer to the claim of {message_id} was lost ({detail})."),
                Text::new(
                    "接続が戻ったらすぐに、この端末でもう一度データ取得をしてください。同じ受付キーを使うので、サーバーがこの端末のために取ってある間（標準では10分）は取得できます。",
                    "Download it again on this terminal as soon as the connection is back. It carries the same key: as long as the relay holds the message for this terminal (10 minutes as delivered), it is fetched.",
                ),
            ),
            Self::NotKept { until, error, .. } => explain_not_kept(*until, error),
            Self::DownloadInterrupted { done, total, until, detail, .. } => {
                let until = crate::clock::shown(*until);
                Explanation {
                    what: Text::made(
                        format!("データ取得が途中で止まりました（{done}／{total}バイト、{detail}）。"),
                        format!("The download stopped at {done} of {total} bytes ({detail})."),
                    ),
                    to_do: Text::made(
                        format!("{until}までに、もう一度データ取得をしてください。続きから取得します。"),
                        format!("Download again before {until}: it goes on where it stopped."),
                    ),
                }
            }
            Self::Delivery { error, kept } => {
                let reason = error.reason();
                Explanation::new(
                    format!(
                        "受信したデータを確認できないため、保存しませんでした：{}（受け取ったZIP：{}）",
                        reason.ja,
                        kept.display()
                    ),
                    format!(
                        "What was received cannot be verified and was not saved: {} (the ZIP: {})",
                        reason.en,
                        kept.display()
                    ),
                    Text::new(
                        "このデータは取り込まないでください。送信元事業所に確認し、再送を依頼してください。",
                        "Do not use the data. Ask the sending office whether it sent it, and to send it again.",
                    ),
                )
            }
            Self::LocalCheck(check) => check.explain(),
            Self::Message(error) => error.explain(),
            Self::Store(error) => error.explain(),
            Self::Setting(text) => Explanation {
                what: text.clone(),
                to_do: Text::new(
                    "設定を直して、もう一度実行してください。",
                    "Correct the setting and try again.",
                )
                .into(),
            },
            Self::Internal(detail) => Explanation::new(
                format!("プログラムの内部エラーです（{detail}）。"),
                format!("An internal error ({detail})."),
                Text::new(
                    "この表示を添えて開発元に連絡してください。",
                    "Report it to the developers with this text.",
                ),
            ),
        }
    }
}

fn explain_refusal(refusal: &Problem) -> Explanation {
    let both = |title: &str, detail: &str, space: &str| match (title, detail) {
        ("", "") => None,
        (title, detail) if detail.is_empty() || title == detail => Some(title.to_owned()),
        ("", detail) => Some(detail.to_owned()),
        (title, detail) => Some(format!("{title}{space}{detail}")),
    };
    let ja = both(&refusal.title, &refusal.detail, "")
        .unwrap_or_else(|| format!("サーバーが受け付けませんでした（HTTP {}）。", refusal.status));
    let en = both(&refusal.title_en, &refusal.detail_en, " ")
        .unwrap_or_else(|| format!("The relay refused (HTTP {}).", refusal.status));
    let mut to_do_ja = refusal.hint.clone();
    let mut to_do_en = refusal.hint_en.clone();
    if to_do_ja.is_empty() && to_do_en.is_empty() {
        let text = fallback_advice(refusal.status);
        to_do_ja.push_str(text.ja);
        to_do_en.push_str(text.en);
    }
    if let Some(at) = refusal.retry_at {
        to_do_ja
            .push_str(&format!("（{}以降に、もう一度試してください）", crate::clock::shown(at)));
        to_do_en.push_str(&format!(" (Try again after {}.)", crate::clock::shown(at)));
    }
    Explanation { what: Text::made(ja, en), to_do: Text::made(to_do_ja, to_do_en) }
}

const fn fallback_advice(status: u16) -> Text {
    match status {
        401 => Text::new("もう一度ログインしてください。", "Log in again."),
        403 => Text::new(
            "ユーザID、電子証明書、ライセンスの状態を確かめてください。",
            "Check the user ID, the certificate and the licence.",
        ),
        404 => Text::new(
            "一覧を表示し直して、対象が残っているか確かめてください。",
            "Show the list again and see whether it is still there.",
        ),
        429 | 503 => {
            Text::new("しばらく待ってから、もう一度試してください。", "Wait a while and try again.")
        }
        _ => Text::new(
            "内容を確かめて、もう一度試してください。",
            "Check the request and try again.",
        ),
    }
}

fn explain_no_session(reason: NoSession) -> Explanation {
    let what = match reason {
        NoSession::Never => Text::new("ログインしていません。", "Nobody is logged in."),
        NoSession::Ended => {
            Text::new("ログインの有効期間が終わりました。", "The session has ended.")
        }
        NoSession::OtherRelay => Text::new(
            "この端末のログインは別の接続先のものです。",
            "The session of this terminal belongs to another relay.",
        ),
        NoSession::OtherOffice => Text::new(
            "この端末では、そのあと別の事業所がログインしました。",
            "Another office has logged in on this terminal since.",
        ),
        NoSession::OtherCertificate => Text::new(
            "この端末では、そのあと別の電子証明書でログインされました。",
            "Somebody has logged in on this terminal with another certificate since.",
        ),
    };
    Explanation::fixed(
        what,
        Text::new(
            "個人ユーザID（c…）と事業所ユーザID（KJ…）でログインしてください。",
            "Log in with the terminal user ID (c…) and the office user ID (KJ…).",
        ),
    )
}

fn explain_unreachable(relay: &str, failure: ConnectionFailure, detail: &str) -> Explanation {
    let (ja, en, to_do) = match failure {
        ConnectionFailure::NoConnection => (
            "に接続できません",
            "cannot be reached",
            Text::new(
                "サーバーが起動しているか、接続先とネットワークを確かめてください。",
                "See whether the relay runs; check its address and the network.",
            ),
        ),
        ConnectionFailure::UntrustedRelay => (
            "の証明書を信頼できません",
            "shows a certificate that is not trusted",
            Text::new(
                "接続先の認証局の証明書を指定するか、この接続先用の電子証明書（p12）を取り込み直してください。",
                "Give the authority's certificate, or import the certificate (p12) made for this relay.",
            ),
        ),
        ConnectionFailure::OtherAuthority => (
            "の認証局は、この端末が知っている認証局と異なります",
            "has another authority than the one this terminal knows",
            Text::new(
                "模擬環境を最初から作り直すと、認証局も新しくなります。認証局の証明書をサイトの /ca.crt から取り直して指定し、電子証明書（p12）も今のものを取り込み直してください。",
                "A test bed that began anew has a new authority: fetch its certificate anew (the sites offer it at /ca.crt), and import the certificate (p12) it issues now.",
            ),
        ),
        ConnectionFailure::NoAuthority => (
            "を確かめるための認証局の証明書が、この端末にありません",
            "cannot be verified: this terminal knows no authority",
            Text::new(
                "電子証明書（p12）を取り込むか（認証局の証明書も入っています）、認証局の証明書を指定してください。",
                "Import the certificate (p12), which brings its authority along, or give the authority's certificate.",
            ),
        ),
        ConnectionFailure::OtherName => (
            "の証明書は、別の名前のものです",
            "shows a certificate made for other names",
            Text::new(
                "接続先のホスト名とポート番号を確かめ、証明書にある名前で指定してください。サーバーの証明書の名前は、サーバーの起動時に加えられます。",
                "Check host and port of the address and use a name of the certificate. The server can be started with further names.",
            ),
        ),
        ConnectionFailure::NoTls => (
            "では暗号化された接続（TLS）ができません",
            "speaks no TLS",
            Text::new(
                "ポート番号を確かめてください（標準では、サイトが8080、連携サーバーが8082です）。連携サーバーの接続先は https://127.0.0.1:8082 のように指定します。",
                "Check the port: as delivered the sites are on 8080 and the relay is on 8082. The address is such as https://127.0.0.1:8082.",
            ),
        ),
        ConnectionFailure::NoPlainHttp => (
            "では暗号化されない接続（http）ができません",
            "speaks no plain HTTP",
            Text::new(
                "http:// ではなく https:// で始まる接続先を使い、ポート番号も確かめてください。",
                "Use https:// instead of http://, and check the port.",
            ),
        ),
        ConnectionFailure::Interrupted => (
            "との通信が途中で切れました",
            "broke off the connection",
            Text::new(
                "ネットワークを確かめ、もう一度試してください。",
                "Check the network and try again.",
            ),
        ),
        ConnectionFailure::ServerError => (
            "でエラーが起きました",
            "failed",
            Text::new(
                "しばらく待ってから、もう一度試してください。続くときはヘルプデスクに連絡してください。",
                "Wait a while and try again; contact the help desk if it goes on.",
            ),
        ),
    };
    Explanation::new(
        format!("{relay} {ja}（{detail}）。"),
        format!("{relay} {en} ({detail})."),
        to_do,
    )
}

fn explain_wrong_clock(
    whose: Whose,
    now: Timestamp,
    valid_from: Option<Timestamp>,
    valid_until: Option<Timestamp>,
) -> Explanation {
    let now = crate::clock::shown(now);
    let mut period = Text::<String>::from("");
    if let Some(from) = valid_from.map(crate::clock::shown) {
        period.ja.push_str(&format!("、{from}から有効"));
        period.en.push_str(&format!(", valid from {from}"));
    }
    if let Some(until) = valid_until.map(crate::clock::shown) {
        period.ja.push_str(&format!("、{until}まで有効"));
        period.en.push_str(&format!(", valid until {until}"));
    }
    match whose {
        Whose::Relay => Explanation {
            what: Text::made(
                format!("このパソコンの時計（{now}）では、接続先の証明書{}は有効期間外です。", bracketed(&period.ja, ("（", "）"))),
                format!("By the clock of this computer ({now}) the relay's certificate{} is outside its validity.", bracketed(&period.en, (" (", ")"))),
            ),
            to_do: Text::new(
                "パソコンの日付と時刻を確かめてください。模擬環境の日時を動かしたときは、この端末の日時も合わせてください。時計が正しければ、接続先の証明書の期限が切れています。",
                "Check date and time of this computer. If the test bed's clock was moved, this terminal must follow. If the clock is right, the relay's certificate has ended.",
            )
            .into(),
        },
        Whose::Terminal => Explanation {
            what: Text::made(
                format!("接続先は電子証明書{}が有効期間外だとしていますが、このパソコンの時計は{now}です。", bracketed(&period.ja, ("（", "）"))),
                format!("The relay says that the certificate{} is outside its validity, and the clock of this computer says {now}.", bracketed(&period.en, (" (", ")"))),
            ),
            to_do: Text::new(
                "パソコンの日付と時刻を確かめてください。模擬環境の日時を動かしたときは、この端末の日時も合わせてください。時計が正しければ、電子証明書の有効期間を確かめてください。",
                "Check date and time of this computer. If the test bed's clock was moved, this terminal must follow. If the clock is right, look at the validity of the certificate.",
            )
            .into(),
        },
    }
}

/// What is known of a period, in brackets; nothing where nothing is.
fn bracketed(period: &str, (open, close): (&str, &str)) -> String {
    let period = period.trim_start_matches(['、', ',', ' ']);
    if period.is_empty() { String::new() } else { format!("{open}{period}{close}") }
}

fn explain_not_claimed(asked_before: bool, error: &StoreError) -> Explanation {
    let reason = error.explain().what;
    let to_do = if asked_before {
        Text::new(
            "ディスクの空きを作り、すぐにもう一度データ取得をしてください。前の要求が届いていれば、サーバーはこの端末のために取ってあります（標準では10分）。",
            "Make room and download again at once: if the earlier claim arrived, the relay holds the message for this terminal (10 minutes as delivered).",
        )
    } else {
        Text::new(
            "ディスクの空きを作って（または保存先のフォルダーと書き込み権限を確かめて）、もう一度データ取得をしてください。",
            "Make room (or check the folder and its permissions) and try again.",
        )
    };
    Explanation::new(
        format!("何も取得していません。取得の前に必要な書き込みができません：{}", reason.ja),
        format!("Nothing was fetched: what must be on disk first cannot be written. {}", reason.en),
        to_do,
    )
}

fn explain_not_kept(until: Option<Timestamp>, error: &StoreError) -> Explanation {
    let reason = error.explain().what;
    let what = Text::made(
        format!("取得したデータをこの端末に保存できません：{}", reason.ja),
        format!("What was fetched cannot be kept on this terminal. {}", reason.en),
    );
    let to_do = match until.map(crate::clock::shown) {
        Some(until) => Text::made(
            format!(
                "ディスクの空きを作り、{until}までに、この端末でもう一度データ取得をしてください。それまでは続きから取得できます。"
            ),
            format!(
                "Make room and download again on this terminal before {until}: until then it goes on where it stopped."
            ),
        ),
        None => Text::new(
            "データは全て端末フォルダーに届いています。ディスクの空きを作るか保存先を確かめて、もう一度データ取得をしてください。保存だけを行います。",
            "All of it is in the terminal folder. Make room or check where it is to be saved, and download again: only the saving is done then.",
        )
        .into(),
    };
    Explanation { what, to_do }
}

fn alert_in_words(alert: &str) -> Text {
    match alert {
        "CertificateRevoked" => Text::new("失効しています", "revoked"),
        "CertificateExpired" => Text::new("有効期間外です", "outside its validity"),
        "UnknownCA" => Text::new("発行元が異なります", "another authority"),
        "UnsupportedCertificate" | "BadCertificate" => {
            Text::new("種類が異なります", "not of the right kind")
        }
        "CertificateRequired" => Text::new("電子証明書がありません", "no certificate"),
        "DecryptError" => Text::new(
            "今の認証局が発行したものではありません",
            "not issued by the relay's present authority",
        ),
        _ => Text::new("接続先の判断によります", "by the relay's decision"),
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::new(ErrorKind::Store(error))
    }
}

impl From<MessageError> for Error {
    fn from(error: MessageError) -> Self {
        Self::new(ErrorKind::Message(error))
    }
}

impl From<CertificateError> for Error {
    fn from(error: CertificateError) -> Self {
        Self::new(ErrorKind::Certificate(error))
    }
}
