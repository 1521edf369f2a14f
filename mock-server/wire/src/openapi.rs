//! The description of the interface (OpenAPI 3.1), and the page that shows it.

mod refusals;
mod values;

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Components, ContactBuilder, InfoBuilder, OpenApi, OpenApiBuilder, RefOr, Schema, Server, Tag,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::json;
use crate::api::problem::Problem;

/// The routes of the description.
pub fn routes() -> OpenApiRouter<Arc<OpenApi>> {
    let routes = OpenApiRouter::new().routes(routes!(show_description));
    #[cfg(feature = "docs")]
    let routes = routes.routes(routes!(page::open_page)).routes(routes!(page::show_file));
    routes
}

/// This description
#[utoipa::path(
    get, path = "/openapi.json", tag = "description",
    responses(
        (status = 200, content_type = "application/json", description = "OpenAPI 3.1."),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn show_description(State(document): State<Arc<OpenApi>>) -> Response {
    json(&*document)
}

/// The page: everything it needs is inside the program.
#[cfg(feature = "docs")]
mod page {
    use std::sync::{Arc, LazyLock};

    use axum::extract::Path;
    use axum::http::header;
    use axum::response::{IntoResponse, Redirect, Response};
    use utoipa_swagger_ui::Config;

    use crate::api::problem::{ApiResult, Problem};
    use crate::api::transport_refusal::{INTERNAL_ERROR, ROUTE_UNKNOWN};

    static CONFIG: LazyLock<Arc<Config<'static>>> =
        LazyLock::new(|| Arc::new(Config::from("/openapi.json")));

    /// The documentation page
    #[utoipa::path(
        get, path = "/docs", tag = "description",
        responses((status = 308, description = "To the page itself."))
    )]
    pub(super) async fn open_page() -> Redirect {
        Redirect::permanent("/docs/index.html")
    }

    /// A file of the documentation page
    #[utoipa::path(
        get, path = "/docs/{file}", tag = "description",
        params(("file" = String, Path, description = "`index.html` and what it needs")),
        responses(
            (status = 200, description = "The file."),
            (status = "4XX", body = Problem, content_type = "application/problem+json"),
        )
    )]
    pub(super) async fn show_file(Path(file): Path<String>) -> ApiResult<Response> {
        match utoipa_swagger_ui::serve(&file, Arc::clone(&CONFIG)) {
            Ok(Some(found)) => {
                let kind = [(header::CONTENT_TYPE, found.content_type)];
                Ok((kind, found.bytes.into_owned()).into_response())
            }
            Ok(None) => Err((&ROUTE_UNKNOWN).into()),
            Err(error) => {
                tracing::error!(%error, "the documentation page is broken");
                Err((&INTERNAL_ERROR).into())
            }
        }
    }
}

/// Where the three listeners are.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Addresses {
    /// `https://127.0.0.1:8082`.
    pub relay: String,
    /// `http://127.0.0.1:8080`.
    pub sites: String,
    /// `http://127.0.0.1:8081`.
    pub controls: String,
    /// `https://127.0.0.1:8083`: the sites under TLS, where they are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sites_tls: Option<String>,
}

impl Addresses {
    /// 利用状況Webサイト, which the client links to (introduction guide).
    pub fn usage_site(&self) -> String {
        format!("{}/usage", self.sites)
    }
}

/// The routes of the three listeners as one description; each path says where it is served.
pub fn document(relay: OpenApi, sites: OpenApi, controls: OpenApi, at: &Addresses) -> OpenApi {
    let info = InfoBuilder::new()
        .title("careplan-testbed")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .contact(Some(ContactBuilder::new().name(Some("careplan-testbed")).build()))
        .build();
    let mut whole = OpenApiBuilder::new()
        .info(info)
        .components(Some(Components::new()))
        .tags(Some(TAGS.iter().map(|(name, text)| {
            let mut tag = Tag::new(*name);
            tag.description = Some((*text).to_owned());
            tag
        })))
        .build();
    for (mut part, url) in [(relay, &at.relay), (sites, &at.sites), (controls, &at.controls)] {
        for item in part.paths.paths.values_mut() {
            item.servers = Some(vec![Server::new(url)]);
        }
        whole.merge(part);
    }
    let components = whole.components.get_or_insert_with(Components::new);
    open_orders(components);
    for (name, text) in TOKENS {
        let bearer =
            HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(*text)).build();
        components.add_security_scheme(*name, SecurityScheme::Http(bearer));
    }
    // What is described nowhere is told by a test.
    let _ = values::write(&mut whole);
    refusals::list(&mut whole);
    whole
}

/// A fault that is armed is what was ordered, and more: an order that forbade other members would
/// forbid its own.
fn open_orders(components: &mut Components) {
    if let Some(RefOr::T(Schema::Object(order))) = components.schemas.get_mut("FaultOrder") {
        order.additional_properties = None;
    }
}

const ABOUT: &str = "\
ケアプランデータ連携システムの模擬サーバーです。実際の通信仕様は公開されていないため、このAPIは本プロジェクトが独自に定めたものです。\
本物のシステム、証明書、個人情報は扱えません。\n\n\
A mock of ケアプランデータ連携システム. The real wire protocol is not public: this API is this project's own. \
Refusals are problem documents (RFC 9457) whose `code` is stable; their Japanese text is the official one where `official` is true.\n\n\
中継（relay）はTLSとクライアント証明書、サイト（sites）と操作（controls）はHTTPです。 / \
The relay is served over TLS with client certificates, the sites and the controls over plain HTTP on loopback.\n\n\
ログインから受信までを openssl と curl で行う例が docs/api-example.md に、好きな言語でクライアントを作るときに必要なことが \
docs/own-client.ja.md にあります。 / \
docs/api-example.md goes from login to download with openssl and curl; docs/own-client.md is for who writes a client \
in any language.";

const TAGS: &[(&str, &str)] = &[
    ("login", "ログイン / Logging in (relay)"),
    ("top", "トップ画面、お知らせ、事業所 / Top page, notices, directory (relay)"),
    ("send", "送信 / Sending (relay)"),
    ("receive", "受信 / Receiving (relay)"),
    (
        "sites",
        "電子請求受付システムと利用状況Webサイト / The billing site and the licence site (sites)",
    ),
    ("description", "このAPIの説明 / This description (sites)"),
    ("controls", "模擬サーバーの操作 / Operating the mock (controls)"),
];

const TOKENS: &[(&str, &str)] = &[
    ("terminal_token", "From `POST /v1/login/terminal`."),
    ("access_token", "From `POST /v1/login/office`; only with the certificate of that login."),
    ("portal_token", "From `POST /v1/portal/login`."),
    ("admin_token", "Printed at the start; only needed with `--listen-anywhere`."),
];
