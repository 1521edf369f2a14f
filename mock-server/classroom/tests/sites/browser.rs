//! A browser without JavaScript: cookies with their paths, redirects, forms.

use careplan_classroom::sites;
use careplan_relay::clock::Clock;
use careplan_relay::control::AccountView;
use careplan_relay::switches::Switches;
use careplan_relay::{Relay, Settings};
use careplan_wire::serve::{Options, Server};
use reqwest::header::{HeaderMap, LOCATION, SET_COOKIE};
use reqwest::{Client, RequestBuilder, multipart};

/// A server with a scenario, and its pages.
pub(crate) struct World {
    pub(crate) server: Server,
}

/// The token of a server that others can reach.
pub(crate) const TOKEN: &str = "ACDEF347";

/// The answer to what is asked before anything is replaced.
pub(crate) const SURE: (&str, &str) = ("sure", "yes");

/// The planner of the demo region, which has a certificate.
pub(crate) const PLANNER: &str = "4779000118";
/// Its home-help service, which has one too.
pub(crate) const SERVICE: &str = "4779000183";

impl World {
    pub(crate) async fn new(scenario: &str) -> Self {
        Self::with(scenario, Switches::default()).await
    }

    pub(crate) async fn with(scenario: &str, switches: Switches) -> Self {
        Self::start(scenario, Settings { switches, ..Settings::default() }).await
    }

    /// With a clock of its own.
    pub(crate) async fn at(scenario: &str, clock: Clock) -> Self {
        Self::start(scenario, Settings { clock, ..Settings::default() }).await
    }

    /// One that others can reach: with a token for the trainer.
    pub(crate) async fn shared(scenario: &str) -> Self {
        let scenario = Some(scenario.to_owned());
        let admin_token = Some(TOKEN.into());
        let options = Options { scenario, admin_token, port_base: 0, ..Options::default() };
        Self { server: sites::start(options).await.expect("it starts") }
    }

    async fn start(scenario: &str, settings: Settings) -> Self {
        let scenario = Some(scenario.to_owned());
        let options = Options { settings, scenario, port_base: 0, ..Options::default() };
        Self { server: sites::start(options).await.expect("it starts") }
    }

    pub(crate) fn relay(&self) -> &Relay {
        self.server.relay()
    }

    pub(crate) fn browser(&self) -> Browser {
        let client = plain_client();
        Browser {
            client,
            base: self.server.addresses().sites.clone(),
            cookies: Vec::new(),
            csrf: String::new(),
        }
    }

    /// The path of 利用状況Webサイト, as clients are told.
    pub(crate) fn usage_site(&self) -> String {
        let at = self.server.addresses();
        at.usage_site().strip_prefix(&at.sites).expect("one of the sites").to_owned()
    }

    pub(crate) async fn account(&self, office: &str) -> AccountView {
        let accounts =
            self.relay().turn().await.expect("a turn").operator().accounts().await.unwrap();
        accounts.into_iter().find(|account| account.office == office).expect("an account")
    }
}

/// A client for plain HTTP that follows no redirects.
pub(crate) fn plain_client() -> Client {
    // Another test may have been first.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client")
}

/// A browser.
pub(crate) struct Browser {
    client: Client,
    base: String,
    cookies: Vec<(String, String, String)>,
    /// Of the page shown last.
    pub(crate) csrf: String,
}

/// A page that was shown, after redirects.
pub(crate) struct Shown {
    pub(crate) status: u16,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}\n{}", self.status, self.path, self.html())
    }
}

impl Shown {
    pub(crate) fn html(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// Whether the page says something; tells the page where it does not.
    #[track_caller]
    pub(crate) fn says(&self, text: &str) -> &Self {
        assert!(self.html().contains(text), "{text:?} is not on {self:?}");
        self
    }

    #[track_caller]
    pub(crate) fn says_not(&self, text: &str) -> &Self {
        assert!(!self.html().contains(text), "{text:?} is on {self:?}");
        self
    }

    #[track_caller]
    pub(crate) fn is_at(&self, path: &str) -> &Self {
        assert_eq!((self.status, self.path.as_str()), (200, path), "{self:?}");
        self
    }

    /// The text of the element with this id.
    #[track_caller]
    pub(crate) fn text_of(&self, id: &str) -> String {
        let html = self.html();
        let from = html.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no {id}: {html}"));
        let text = &html[from..];
        let start = text.find('>').unwrap() + 1;
        let end = text.find('<').unwrap();
        text[start..end].trim().to_owned()
    }

    /// The first link that begins like this.
    #[track_caller]
    pub(crate) fn link(&self, start: &str) -> String {
        let html = self.html();
        let mark = format!("href=\"{start}");
        let from = html.find(&mark).unwrap_or_else(|| panic!("no link {start}: {html}"));
        let rest = &html[from + 6..];
        rest[..rest.find('"').unwrap()].replace("&#38;", "&").replace("&amp;", "&")
    }
}

impl Browser {
    pub(crate) async fn get(&mut self, path: &str) -> Shown {
        let request = self.client.get(format!("{}{path}", self.base));
        self.follow(path.to_owned(), request).await
    }

    /// Sends a form with the token of the page shown last.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Shown {
        let csrf = self.csrf.clone();
        self.post_with(path, &csrf, fields).await
    }

    pub(crate) async fn post_with(
        &mut self,
        path: &str,
        csrf: &str,
        fields: &[(&str, &str)],
    ) -> Shown {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.append_pair("csrf", csrf).extend_pairs(fields);
        let request = self
            .client
            .post(format!("{}{path}", self.base))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", self.base.clone())
            .body(body.finish());
        self.follow(path.to_owned(), request).await
    }

    /// Sends a form with files.
    pub(crate) async fn upload(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(String, Vec<u8>)],
    ) -> Shown {
        let mut form = multipart::Form::new().text("csrf", self.csrf.clone());
        for (name, bytes) in files {
            let part = multipart::Part::bytes(bytes.clone()).file_name(name.clone());
            form = form.part("files", part);
        }
        for (name, value) in fields {
            form = form.text((*name).to_owned(), (*value).to_owned());
        }
        let request = self.client.post(format!("{}{path}", self.base)).multipart(form);
        self.follow(path.to_owned(), request).await
    }

    async fn follow(&mut self, path: String, request: RequestBuilder) -> Shown {
        let (mut path, mut request) = (path, request);
        for _ in 0..10 {
            let cookies = self.cookies_for(&path);
            let response = request.header("cookie", cookies).send().await.expect("an answer");
            self.keep(response.headers());
            let Some(to) = response.headers().get(LOCATION) else {
                let (status, headers) = (response.status().as_u16(), response.headers().clone());
                let bytes = response.bytes().await.expect("a body").to_vec();
                let shown = Shown { status, path, headers, bytes };
                let html = shown.html();
                if let Some((_, rest)) = html.split_once("name=\"csrf\" value=\"") {
                    self.csrf = rest[..64].to_owned();
                }
                return shown;
            };
            path = to.to_str().unwrap().to_owned();
            request = self.client.get(format!("{}{path}", self.base));
        }
        panic!("too many redirects, last to {path}")
    }

    fn cookies_for(&self, path: &str) -> String {
        let path = path.split('?').next().unwrap();
        let matches = |of: &str| {
            of == "/"
                || path == of
                || path.strip_prefix(of).is_some_and(|rest| rest.starts_with('/'))
        };
        let own = self.cookies.iter().filter(|(_, _, of)| matches(of));
        own.map(|(name, value, _)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn keep(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            let of = cookie.split("Path=").nth(1).unwrap().split(';').next().unwrap();
            self.cookies.retain(|(known, _, path)| known != name || path != of);
            self.cookies.push((name.to_owned(), value.to_owned(), of.to_owned()));
        }
    }

    /// The cookies kept.
    pub(crate) fn cookies(&self) -> &[(String, String, String)] {
        &self.cookies
    }

    /// The trainer, on a server that others can reach.
    pub(crate) async fn become_trainer(&mut self) {
        self.get("/console/login").await;
        self.post("/console/login", &[("token", TOKEN)]).await.is_at("/console");
    }

    /// Both stages of the login on a terminal; where it ends.
    pub(crate) async fn sit_down(&mut self, account: &AccountView, at: &str) -> Shown {
        let c_id = account.c_id.as_deref().unwrap();
        let c_password = account.c_password.as_ref().unwrap().reveal();
        self.get(&format!("{at}/login")).await;
        self.post(&format!("{at}/login"), &[("user_id", c_id), ("password", c_password)]).await;
        self.second_stage(account, at, &[]).await
    }

    /// The second stage alone, with further fields.
    pub(crate) async fn second_stage(
        &mut self,
        account: &AccountView,
        at: &str,
        more: &[(&str, &str)],
    ) -> Shown {
        let kj_id = account.kj_id.as_deref().unwrap();
        let password = account.kj_password.as_ref().unwrap().reveal();
        let fields = [&[("user_id", kj_id), ("password", password)], more].concat();
        self.post(&format!("{at}/office-login"), &fields).await
    }

    /// Logs in on a site that wants a KJ ID.
    pub(crate) async fn log_in(&mut self, site: &str, user_id: &str, password: &str) -> Shown {
        let login = format!("{site}/login");
        self.get(&login).await;
        self.post(&login, &[("user_id", user_id), ("password", password)]).await
    }
}
