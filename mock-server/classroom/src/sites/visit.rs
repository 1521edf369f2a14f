//! Around every page: language, session, and the headers that keep a browser in bounds.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use careplan_relay::certificate::Presented;
use careplan_relay::clock;
use careplan_spec::Lang;
use careplan_wire::listener::connection::Peer;

use super::Sites;
use super::alert::Alert;
use super::page::{CONSOLE, Page, PageError, Site};
use super::session::{Memory, Session};

/// Nothing from elsewhere, no inline script or style, nobody frames us.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'",
);

/// Cookie of the language.
const LANGUAGE: &str = "lang";

/// Who looks at a page, and how.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    /// Language of the page.
    pub(super) lang: Lang,
    /// What the browser's session remembers.
    pub(super) session: Arc<Session>,
    site: Site,
    path: String,
    query: String,
    now: String,
    mode: String,
    peer: Option<Peer>,
    is_trainer: bool,
}

impl Visit {
    /// The frame of the page; takes what was to be said on it.
    pub(super) fn page(&self) -> Page {
        let mut memory = self.session.memory();
        let who = memory
            .portal
            .as_ref()
            .map(|portal| format!("{}（{}）", portal.office.name, portal.kj_id));
        Page {
            lang: self.lang,
            site: self.site.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            csrf: self.session.csrf(),
            now: self.now.clone(),
            mode: self.mode.clone(),
            who,
            alert: memory.alert.take(),
            is_inside: false,
            is_trainer: self.is_trainer,
        }
    }

    /// Says something on the next page.
    pub(super) fn say(&self, alert: Alert) {
        self.session.memory().alert = Some(alert);
    }

    /// Looks at what the session remembers, or changes it.
    pub(super) fn with<T>(&self, what: impl FnOnce(&mut Memory) -> T) -> T {
        what(&mut self.session.memory())
    }

    /// Whether the page comes over TLS.
    pub(super) fn is_secure(&self) -> bool {
        self.peer.as_ref().is_some_and(|peer| peer.tls)
    }

    /// The certificate the browser presented.
    pub(super) fn certificate(&self) -> Option<&Presented> {
        self.peer.as_ref()?.certificate.as_deref()
    }

    /// Whether the page is one of the trainer's console.
    pub(super) fn is_on_console(&self) -> bool {
        self.site == Site::Console
    }

    /// Whether the visitor may use the console: anybody on this machine, and whoever has the admin
    /// token where the server can be reached from elsewhere.
    pub(super) const fn is_trainer(&self) -> bool {
        self.is_trainer
    }

    /// Path of the request.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Where the visitor is.
    pub(super) fn address(&self) -> IpAddr {
        let nowhere = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        self.peer.as_ref().map_or(nowhere, |peer| peer.address)
    }

    /// A text in the language of the page.
    pub(super) fn t<'a>(&self, ja: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, PageError> {
        parts.extensions.get::<Self>().cloned().ok_or(PageError::Failed)
    }
}

/// The middleware.
pub(super) async fn guard(
    State(sites): State<Sites>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let mut jar = CookieJar::from_headers(request.headers());
    let asked = asked_language(&query);
    let lang = asked.or_else(|| language_of(&jar)).unwrap_or_default();
    let site = Site::of(&path);
    let peer = request.extensions().get::<Peer>().cloned();
    let is_secure = peer.as_ref().is_some_and(|peer| peer.tls);
    // Browsers do not tell ports apart: sessions under TLS have names of their own, so that their
    // cookies never travel in the open.
    let named = |name: String| if is_secure { format!("tls-{name}") } else { name };
    let cookie = site.cookie().map(|(name, path)| (named(name), path));
    let console = named(CONSOLE.to_owned());
    let is_trainer = sites.parts.admin_token.is_none()
        || jar.get(&console).is_some_and(|key| sites.sessions.is_trainer(&console, key.value()));
    let given =
        cookie.as_ref().and_then(|(name, _)| jar.get(name)).map(|one| one.value().to_owned());
    let opened = match &cookie {
        Some((name, _)) => sites.sessions.open(name, given.as_deref()),
        // A page without forms.
        None => Ok((Arc::new(Session::new(String::new())), String::new())),
    };
    let (session, key) = match opened {
        Ok(opened) => opened,
        Err(error) => return out_of_randomness(error),
    };
    let clock = sites.relay().clock();
    let visit = Visit {
        lang,
        session: Arc::clone(&session),
        site,
        path,
        query,
        now: clock::shown(clock.now()),
        mode: sites.relay().origin().name,
        peer,
        is_trainer,
    };
    request.extensions_mut().insert(visit.clone());
    let mut response = next.run(request).await;
    if let Some(error) = response.extensions_mut().remove::<Arc<PageError>>() {
        response = error.shown(visit.page());
    }
    if let Some((name, path)) = cookie {
        match sites.sessions.close(&name, key, &session) {
            Ok(key) if given.as_deref() != Some(&key) => {
                let mut cookie = baked(name, key, path);
                cookie.set_secure(is_secure);
                jar = jar.add(cookie);
            }
            Ok(_) => {}
            Err(error) => return out_of_randomness(error),
        }
    }
    if asked.is_some() {
        let code = if lang == Lang::En { "en" } else { "ja" };
        let mut cookie = baked(LANGUAGE.to_owned(), code.to_owned(), "/".to_owned());
        cookie.set_max_age(time::Duration::days(365));
        jar = jar.add(cookie);
    }
    protect(response.headers_mut());
    (jar, response).into_response()
}

/// A cookie that no script reads and that no other site sends.
fn baked(name: String, value: String, path: String) -> Cookie<'static> {
    Cookie::build((name, value)).path(path).http_only(true).same_site(SameSite::Strict).build()
}

fn out_of_randomness(error: getrandom::Error) -> Response {
    tracing::error!(%error, "no session could be made");
    axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// Headers every page carries.
pub(super) fn protect(headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    // A form must tell its origin, so not `no-referrer`.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
}

fn language_of(jar: &CookieJar) -> Option<Lang> {
    read_language(jar.get(LANGUAGE)?.value())
}

fn asked_language(query: &str) -> Option<Lang> {
    form_urlencoded::parse(query.as_bytes())
        .find_map(|(name, value)| (name == LANGUAGE).then(|| read_language(&value)).flatten())
}

fn read_language(text: &str) -> Option<Lang> {
    match text {
        "ja" => Some(Lang::Ja),
        "en" => Some(Lang::En),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_and_languages_are_read() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; lang=en"));
        headers.append(header::COOKIE, HeaderValue::from_static("billing=xyz"));
        let jar = CookieJar::from_headers(&headers);
        assert_eq!(jar.get("billing").map(Cookie::value), Some("xyz"));
        assert!(jar.get("bill").is_none());
        assert_eq!(language_of(&jar), Some(Lang::En));
        assert_eq!(asked_language("x=1&lang=ja"), Some(Lang::Ja));
        assert_eq!(asked_language("lang=fr"), None);
    }
}
