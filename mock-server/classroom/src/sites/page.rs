//! The frame of a page, and pages that did not come about.

use std::sync::Arc;

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use careplan_judge::WordedFinding;
use careplan_relay::clock;
use careplan_relay::outcome::{self, Refusal};
use careplan_spec::{Lang, Text, clause};
use careplan_wire::api::problem::{ApiError, not_kept};
use careplan_wire::api::status::status_of;
use careplan_wire::api::transport_refusal::BODY_MALFORMED;

use super::alert::Alert;

/// Cookie of the console.
pub(super) const CONSOLE: &str = "console";

/// Which of the sites a page belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Site {
    /// The home page.
    Home,
    /// 電子請求受付システム.
    Billing,
    /// 利用状況Webサイト.
    Usage,
    /// 連携クライアント, on a terminal; none on the list of terminals.
    Client(Option<String>),
    /// The trainer's console.
    Console,
    /// サポートサイト.
    Support,
}

impl Site {
    /// The site of a path.
    pub(super) fn of(path: &str) -> Self {
        let mut parts = path.trim_start_matches('/').split('/');
        match parts.next() {
            Some("billing") => Self::Billing,
            Some("usage") => Self::Usage,
            Some("client") => {
                // Only what can be a terminal becomes part of a cookie.
                let is_name = |name: &&str| {
                    (1..=32).contains(&name.len())
                        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                };
                Self::Client(parts.next().filter(is_name).map(str::to_owned))
            }
            Some("console") => Self::Console,
            Some("support") => Self::Support,
            _ => Self::Home,
        }
    }

    /// Name and path of its cookie.
    pub(super) fn cookie(&self) -> Option<(String, String)> {
        let (name, path) = match self {
            Self::Home | Self::Client(None) => return None,
            Self::Billing => ("billing".to_owned(), "/billing".to_owned()),
            Self::Usage => ("usage".to_owned(), "/usage".to_owned()),
            Self::Client(Some(terminal)) => {
                (format!("client-{terminal}"), format!("/client/{terminal}"))
            }
            // A trainer is one on every page.
            Self::Console => (CONSOLE.to_owned(), "/".to_owned()),
            Self::Support => ("support".to_owned(), "/support".to_owned()),
        };
        Some((name, path))
    }
}

/// What every template needs.
#[derive(Debug)]
pub(super) struct Page {
    /// Language.
    pub(super) lang: Lang,
    /// Site.
    pub(super) site: Site,
    /// Path of the request.
    pub(super) path: String,
    /// Query of the request, without `?`.
    pub(super) query: String,
    /// Goes into every form.
    pub(super) csrf: String,
    /// The mock's time.
    pub(super) now: String,
    /// The scenario.
    pub(super) mode: String,
    /// Who is logged in.
    pub(super) who: Option<String>,
    /// What is said at the top.
    pub(super) alert: Option<Alert>,
    /// Somebody is logged in on the terminal.
    pub(super) is_inside: bool,
    /// The visitor may use the console.
    pub(super) is_trainer: bool,
}

impl Page {
    /// A text in the language of the page.
    pub(super) fn t<'a>(&self, ja: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }

    /// A declared text in the language of the page.
    pub(super) fn text(&self, text: &Text) -> &'static str {
        text.get(self.lang)
    }

    /// What was said, in the language of the page.
    pub(super) fn said<'a>(&self, text: &'a Text<String>) -> &'a str {
        text.get(self.lang)
    }

    /// What a finding says is wrong.
    pub(super) fn message<'a>(&self, finding: &'a WordedFinding) -> &'a str {
        finding.message(self.lang)
    }

    /// What to do about a finding.
    pub(super) fn fix<'a>(&self, finding: &'a WordedFinding) -> &'a str {
        finding.fix(self.lang)
    }

    /// Where a finding is in its file.
    pub(super) fn place(&self, finding: &WordedFinding) -> String {
        finding.place(self.lang)
    }

    /// Where something stands, in words.
    pub(super) fn clause(&self, clause: &str) -> String {
        clause::in_words(clause, self.lang)
    }

    /// The language as HTML names it.
    pub(super) fn lang_code(&self) -> &'static str {
        self.t("ja", "en")
    }

    /// This page in a language.
    pub(super) fn in_language(&self, code: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in form_urlencoded::parse(self.query.as_bytes()) {
            if name != "lang" {
                query.append_pair(&name, &value);
            }
        }
        query.append_pair("lang", code);
        format!("{}?{}", self.path, query.finish())
    }

    /// Whether the day of the page lies after the new name of the certificate of offices that do
    /// not bill over the internet: October 2025 (relay.md §5, Inferred).
    pub(super) fn care_certificate_was_renamed(&self) -> bool {
        self.now.as_str() >= "2025/10"
    }

    /// Its name on the day of the page.
    pub(super) fn care_certificate(&self) -> &'static str {
        if self.care_certificate_was_renamed() {
            "介護DX証明書"
        } else {
            "請求委任事業所用ケアプラン証明書"
        }
    }

    /// Name of the site.
    pub(super) fn site_name(&self) -> &'static str {
        match &self.site {
            Site::Home => {
                self.t("ケアプランデータ連携 模擬環境", "Care-plan data exchange test bed")
            }
            Site::Billing => self.t("電子請求受付システム（模擬）", "Billing site (mock)"),
            Site::Usage => self
                .t("ケアプランデータ連携システム 利用状況Webサイト（模擬）", "Usage site (mock)"),
            Site::Client(_) => {
                self.t("連携クライアントアプリ（模擬）", "Client application (mock)")
            }
            Site::Console => self.t("研修コンソール", "Trainer's console"),
            Site::Support => {
                self.t("ヘルプデスクサポートサイト（模擬）", "Help-desk support site (mock)")
            }
        }
    }

    /// The site as a class of the style sheet.
    pub(super) fn class(&self) -> &'static str {
        match &self.site {
            Site::Home => "home",
            Site::Billing => "billing",
            Site::Usage => "usage",
            Site::Client(_) => "client",
            Site::Console => "console",
            Site::Support => "support",
        }
    }

    /// First page of the site.
    pub(super) fn root(&self) -> String {
        match &self.site {
            Site::Home => "/".to_owned(),
            Site::Client(Some(terminal)) => format!("/client/{terminal}"),
            _ => format!("/{}", self.class()),
        }
    }

    /// The same for a screen below the first page of the site.
    pub(super) fn at(&self, screen: &str) -> &'static str {
        self.current(&format!("{}{screen}", self.root()))
    }

    /// `page` for the current page of a menu: `aria-current`.
    pub(super) fn current(&self, path: &str) -> &'static str {
        let is_here = self.path == path
            || (path != self.root()
                && self.path.starts_with(path)
                && self.path.as_bytes().get(path.len()) == Some(&b'/'));
        if is_here { "page" } else { "false" }
    }
}

/// A template as an answer.
pub(super) fn show(template: &impl Template) -> Response {
    match template.render() {
        Ok(body) => {
            let html = HeaderValue::from_static("text/html; charset=utf-8");
            ([(header::CONTENT_TYPE, html)], body).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// To another page, which is then asked for with GET.
pub(super) fn see(path: &str) -> Response {
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// A file to be saved. Names are those of senders: only a plain ASCII form stands in quotes, the
/// rest is encoded (RFC 6266).
pub(super) fn attachment(name: &str, bytes: impl Into<axum::body::Body>) -> Response {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "._-() ".contains(c) { c } else { '_' })
        .collect();
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect();
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    let mut response = Response::new(bytes.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// Why there is no page.
#[derive(Debug)]
pub(super) enum PageError {
    /// Look there instead.
    Elsewhere(String),
    /// There is nothing here.
    NotFound,
    /// The form is not one of ours, or too old.
    Forged,
    /// The form is larger than allowed, in bytes.
    TooLarge(u64),
    /// The form cannot be read.
    Malformed,
    /// The domain turned it down.
    Refused(Box<Refusal>),
    /// Something broke.
    Failed,
}

/// What handlers return.
pub(super) type PageResult = Result<Response, PageError>;

impl From<outcome::Error> for PageError {
    fn from(error: outcome::Error) -> Self {
        match error {
            outcome::Error::Refused(refusal) => Self::Refused(refusal),
            outcome::Error::Failed(failure) => {
                tracing::error!(%failure, "a page failed");
                match not_kept(&failure) {
                    Some(refusal) => Self::Refused(Box::new(refusal)),
                    None => Self::Failed,
                }
            }
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        if let Self::Elsewhere(path) = &self {
            return see(path);
        }
        // The page is written where the language is known.
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    page: Page,
}

impl PageError {
    /// Why a body could not be read.
    pub(super) fn of_body(error: &ApiError) -> Self {
        match error.refusal() {
            refusal if refusal.kind.code == BODY_MALFORMED.code => Self::Malformed,
            refusal => Self::Refused(Box::new(refusal.clone())),
        }
    }

    /// The page that says so.
    pub(super) fn shown(&self, mut page: Page) -> Response {
        let (status, alert) = match self {
            Self::Elsewhere(path) => return see(path),
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                Alert::bad("このページはありません。", "There is no such page.").and(
                    "URLを確かめるか、トップページに戻ってください。",
                    "Check the URL, or go back to the first page.",
                ),
            ),
            Self::Forged => (
                StatusCode::FORBIDDEN,
                Alert::bad(
                    "画面の有効期限が切れているため、操作を受け付けられませんでした。",
                    "The form is not valid any more, so nothing was done.",
                )
                .and(
                    "前の画面を開き直して、もう一度操作してください。",
                    "Open the page again and repeat.",
                ),
            ),
            Self::TooLarge(limit) => (
                StatusCode::PAYLOAD_TOO_LARGE,
                Alert::bad("送られたデータが大きすぎます。", "What was sent is too large.").and(
                    format!("1回に{limit}バイトまでです。"),
                    format!("At most {limit} bytes at once."),
                ),
            ),
            Self::Malformed => (
                StatusCode::BAD_REQUEST,
                Alert::bad("送られたデータを読み取れません。", "What was sent cannot be read."),
            ),
            Self::Refused(refusal) => (status_of(refusal.kind), Alert::refused(refusal)),
            Self::Failed => (
                StatusCode::INTERNAL_SERVER_ERROR,
                Alert::bad(
                    "サーバー内部でエラーが発生しました。",
                    "Something broke inside the server.",
                )
                .and(clock::shown(jiff::Timestamp::now()), ""),
            ),
        };
        page.alert = Some(alert);
        let mut response = show(&ErrorPage { page });
        *response.status_mut() = status;
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_have_cookies_of_their_own() {
        let terminal = Site::of("/client/4779000118-2/inbox");
        assert_eq!(
            terminal.cookie(),
            Some(("client-4779000118-2".to_owned(), "/client/4779000118-2".to_owned()))
        );
        assert_eq!(Site::of("/client/a%0d%0ax").cookie(), None);
        assert_eq!(Site::of("/billingx"), Site::Home);
    }

    #[test]
    fn names_of_files_stay_inside_their_header() {
        let response = attachment("a\"\r\nx: 実績.csv", "x");
        let value = response.headers()[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert!(
            value
                .starts_with("attachment; filename=\"a___x_ __.csv\"; filename*=UTF-8''a%22%0D%0A")
        );
    }
}
