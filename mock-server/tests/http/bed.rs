//! A server in this process, and clients with and without certificates.

use std::collections::BTreeMap;
use std::sync::Arc;

use careplan_certs::{Installed, package, signature};
use careplan_classroom::sites;
use careplan_spec::calendar::Month;
use careplan_wire::serve::{Options, Server};
use reqwest::{Client, Method, RequestBuilder, Response, multipart};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The planner of the demo region.
pub(crate) const PLANNER: &str = "4779000118";
/// Its home-help service.
pub(crate) const SERVICE: &str = "4779000183";
/// Passwords of the demo accounts.
pub(crate) const KJ_PASSWORD: &str = "Careplan1";
pub(crate) const C_PASSWORD: &str = "Terminal1";

pub(crate) struct Bed {
    pub(crate) server: Server,
    pub(crate) plain: Client,
    description: Value,
}

/// An answer that was read whole, and held against the description.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) json: Value,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} ({} bytes)", self.status, self.json, self.bytes.len())
    }
}

impl Answer {
    /// The code of a problem document.
    pub(crate) fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_else(|| panic!("no problem document: {self:?}"))
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.json[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.json))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// An office that is logged in.
pub(crate) struct Office {
    pub(crate) client: Client,
    pub(crate) token: String,
    pub(crate) installed: Installed,
    pub(crate) number: String,
}

impl Bed {
    pub(crate) async fn start() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let server = sites::start(Options { port_base: 0, ..options }).await.expect("it starts");
        let plain = Client::builder()
            .tls_backend_preconfigured(tls(&server, None, &[&rustls::version::TLS13]))
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        let url = format!("{}/openapi.json", server.addresses().sites);
        let text = plain.get(url).send().await.unwrap().text().await.unwrap();
        let description = serde_json::from_str(&text).expect("the description is JSON");
        Self { server, plain, description }
    }

    pub(crate) fn description(&self) -> &Value {
        &self.description
    }

    pub(crate) fn relay(&self, path: &str) -> String {
        format!("{}{path}", self.server.addresses().relay)
    }

    pub(crate) fn sites(&self, path: &str) -> String {
        format!("{}{path}", self.server.addresses().sites)
    }

    pub(crate) fn controls(&self, path: &str) -> String {
        format!("{}{path}", self.server.addresses().controls)
    }

    /// Sends, reads, and holds what came against the description.
    pub(crate) async fn ask(&self, request: RequestBuilder) -> Answer {
        let (client, request) = request.build_split();
        let request = request.expect("a request");
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let answer = read(client.execute(request).await.expect("an answer")).await;
        self.check(&method, &path, &answer);
        answer
    }

    pub(crate) async fn control(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.ask(self.plain.request(method, self.controls(path)).json(body)).await
    }

    /// A certificate of the controls, good or wrong on purpose.
    pub(crate) async fn issue(&self, office: &str, wrong: Option<&str>) -> (Installed, Value) {
        let order = json!({ "office": office, "wrong": wrong, "password": "Install01" });
        let issued = self.control(Method::POST, "/v1/controls/certificates", &order).await;
        assert_eq!(issued.status, 201, "{issued:?}");
        use base64::Engine;
        let p12 = base64::prelude::BASE64_STANDARD.decode(issued.text("p12_base64")).unwrap();
        (package::open(&p12, "Install01").expect("the .p12 opens"), issued.json)
    }

    /// A client that presents this certificate.
    pub(crate) fn client(&self, installed: Option<&Installed>) -> Client {
        self.client_of(installed, &[&rustls::version::TLS13, &rustls::version::TLS12])
    }

    pub(crate) fn client_of(
        &self,
        installed: Option<&Installed>,
        versions: &[&'static rustls::SupportedProtocolVersion],
    ) -> Client {
        Client::builder()
            .tls_backend_preconfigured(tls(&self.server, installed, versions))
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client")
    }

    /// IDs of an office: its c-ID and KJ ID.
    pub(crate) async fn ids(&self, office: &str) -> (String, String) {
        let accounts = self.ask(self.plain.get(self.controls("/v1/controls/accounts"))).await;
        let account = accounts.json["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|account| account["office"] == office)
            .expect("the office has an account")
            .clone();
        (
            account["c_id"].as_str().unwrap().to_owned(),
            account["kj_id"].as_str().unwrap().to_owned(),
        )
    }

    /// Both stages of the login; the answer of the second.
    pub(crate) async fn log_in(&self, client: &Client, office: &str) -> Answer {
        let (c_id, kj_id) = self.ids(office).await;
        let body = json!({ "user_id": c_id, "password": C_PASSWORD });
        let first = self.ask(client.post(self.relay("/v1/login/terminal")).json(&body)).await;
        assert_eq!(first.status, 200, "{first:?}");
        let body = json!({ "user_id": kj_id, "password": KJ_PASSWORD });
        let second = client
            .post(self.relay("/v1/login/office"))
            .bearer_auth(first.text("terminal_token"))
            .json(&body);
        self.ask(second).await
    }

    /// An office with a good certificate, logged in.
    pub(crate) async fn office(&self, number: &str) -> Office {
        let (installed, _) = self.issue(number, None).await;
        let client = self.client(Some(&installed));
        let login = self.log_in(&client, number).await;
        assert_eq!(login.status, 200, "{login:?}");
        let token = login.text("access_token").to_owned();
        Office { client, token, installed, number: number.to_owned() }
    }

    /// An office logged in on the sites; its token.
    pub(crate) async fn on_site(&self, number: &str) -> String {
        let (_, kj_id) = self.ids(number).await;
        let body = json!({ "user_id": kj_id, "password": KJ_PASSWORD });
        let login = self.ask(self.plain.post(self.sites("/v1/portal/login")).json(&body)).await;
        assert_eq!(login.status, 200, "{login:?}");
        login.text("portal_token").to_owned()
    }

    /// Holds an answer against the description: the status is described, and the members of a
    /// JSON body are exactly those of its schema.
    fn check(&self, method: &Method, path: &str, answer: &Answer) {
        assert_eq!(answer.header("x-mock-server"), "careplan-testbed", "{method} {path}");
        assert!(!answer.header("x-request-id").is_empty(), "{method} {path}");
        let Some((template, operation)) = self.operation(method, path) else { return };
        let responses = operation["responses"].as_object().expect("responses");
        let status = answer.status.to_string();
        let family = format!("{}XX", &status[..1]);
        let place = format!("{method} {template} {status}");
        let injected = ["injected-fault", "maintenance", "internal-error"];
        let code = answer.json["code"].as_str().unwrap_or("");
        if injected.contains(&code) {
            return;
        }
        let generic = ["host-unknown", "origin-foreign", "json-wanted", "admin-token-wrong"];
        if !code.is_empty() && code != "method-not-allowed" {
            let listed = operation["x-refusal-codes"].as_array().expect("it lists its refusals");
            assert!(listed.contains(&code.into()), "{place} does not list {code}");
        }
        let described = responses.get(&status).or_else(|| responses.get(&family));
        let Some(described) = described else {
            assert!(generic.contains(&code), "{place} is not described: {answer:?}");
            return;
        };
        let kind = answer.header("content-type").split(';').next().unwrap_or("").to_owned();
        if template == "/docs/{file}" {
            // Files of several types, described as such.
            return;
        }
        let Some(content) = described["content"].as_object() else {
            assert!(answer.bytes.is_empty(), "{place} should have no body");
            return;
        };
        let media = content.get(&kind).unwrap_or_else(|| panic!("{place} has {kind}"));
        if kind.ends_with("json") && media.get("schema").is_some() {
            self.fits(&answer.json, &media["schema"], &place);
        }
    }

    fn operation(&self, method: &Method, path: &str) -> Option<(String, Value)> {
        let paths = self.description["paths"].as_object()?;
        let fits = |template: &str| {
            let (a, b) = (template.split('/'), path.split('/'));
            template.split('/').count() == path.split('/').count()
                && a.zip(b).all(|(wanted, found)| wanted.starts_with('{') || wanted == found)
        };
        let mut found: Vec<_> = paths.iter().filter(|(template, _)| fits(template)).collect();
        found.sort_by_key(|(template, _)| template.matches('{').count());
        let (template, item) = found.first()?;
        let operation = item.get(method.as_str().to_lowercase())?;
        Some(((*template).clone(), operation.clone()))
    }

    /// Panics where a value does not fit a schema of the description.
    fn fits(&self, value: &Value, schema: &Value, place: &str) {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap();
            let schema = &self.description["components"]["schemas"][name];
            assert!(schema.is_object(), "{place}: no schema {name}");
            return self.fits(value, schema, &format!("{place} {name}"));
        }
        if let Some(choices) = schema["oneOf"].as_array() {
            let others: Vec<&Value> = choices.iter().filter(|one| one["type"] != "null").collect();
            if value.is_null() {
                assert!(others.len() < choices.len(), "{place} is null");
            } else if others.len() == 1 {
                self.fits(value, others[0], place);
            }
            return;
        }
        if let Some(choices) = schema["enum"].as_array() {
            assert!(choices.contains(value), "{place}: {value} is none of {choices:?}");
        }
        let types: Vec<&str> = match &schema["type"] {
            Value::String(one) => vec![one],
            Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
            _ => vec![],
        };
        if !types.is_empty() {
            let found = match value {
                Value::Null => "null",
                Value::Bool(_) => "boolean",
                Value::Number(number) if number.is_f64() => "number",
                Value::Number(_) => "integer",
                Value::String(_) => "string",
                Value::Array(_) => "array",
                Value::Object(_) => "object",
            };
            let is_number = found == "integer" && types.contains(&"number");
            assert!(types.contains(&found) || is_number, "{place}: {found} is none of {types:?}");
        }
        if let (Some(items), Some(schema)) = (value.as_array(), schema.get("items")) {
            for item in items {
                self.fits(item, schema, &format!("{place}[]"));
            }
        }
        let Some(members) = value.as_object() else { return };
        let (mut known, mut required) = (BTreeMap::new(), Vec::new());
        self.members(schema, &mut known, &mut required);
        if known.is_empty() {
            return;
        }
        for (name, member) in members {
            let schema =
                known.get(name).unwrap_or_else(|| panic!("{place}.{name} is not described"));
            self.fits(member, schema, &format!("{place}.{name}"));
        }
        for name in required {
            assert!(members.contains_key(&name), "{place}.{name} is missing");
        }
    }

    fn members(
        &self,
        schema: &Value,
        known: &mut BTreeMap<String, Value>,
        required: &mut Vec<String>,
    ) {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap();
            return self.members(&self.description["components"]["schemas"][name], known, required);
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.members(part, known, required);
        }
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            known.insert(name.clone(), schema.clone());
        }
        let names = schema["required"].as_array().into_iter().flatten();
        required.extend(names.filter_map(Value::as_str).map(str::to_owned));
    }
}

impl Office {
    pub(crate) fn get(&self, url: String) -> RequestBuilder {
        self.client.get(url).bearer_auth(&self.token)
    }

    pub(crate) fn post(&self, url: String) -> RequestBuilder {
        self.client.post(url).bearer_auth(&self.token)
    }

    /// A message of these files, signed.
    pub(crate) fn message(&self, to: &str, files: &[(String, Vec<u8>)]) -> multipart::Form {
        let listed: Vec<Value> = files
            .iter()
            .map(|(name, bytes)| {
                let sha256 = careplan_spec::hex(&Sha256::digest(bytes));
                json!({ "name": name, "size": bytes.len(), "sha256": sha256 })
            })
            .collect();
        let manifest = json!({
            "version": 1, "from": self.number, "to": to, "created_at": "2026-11-21T00:00:00Z",
            "text": "よろしくお願いします。", "files": listed,
        })
        .to_string();
        let signed =
            signature::sign(manifest.as_bytes(), &self.installed, jiff::Timestamp::now()).unwrap();
        let part = |bytes: Vec<u8>, kind: &str| {
            multipart::Part::bytes(bytes).mime_str(kind).expect("a media type")
        };
        let mut form = multipart::Form::new()
            .part("manifest", part(manifest.into_bytes(), "application/json"))
            .part("signature", part(signed, "application/pkcs7-signature"));
        for (name, bytes) in files {
            let file = part(bytes.clone(), "application/octet-stream").file_name(name.clone());
            form = form.part("file", file);
        }
        form
    }

    /// Sends a unit of the region; the answer.
    pub(crate) async fn send(&self, bed: &Bed, to: &str, key: &str) -> Answer {
        let form = self.message(to, &unit(&self.number, to));
        let request = self.post(bed.relay("/v1/messages")).header("idempotency-key", key);
        bed.ask(request.multipart(form)).await
    }
}

/// The files of a monthly plan from a planner to a home-help service.
pub(crate) fn unit(from: &str, to: &str) -> Vec<(String, Vec<u8>)> {
    use careplan_fixtures::region::Party;
    let month = Month::new(2026, 12).expect("a month");
    let mut request = careplan_fixtures::Request::new("K2", month).unwrap();
    request.from = Party::parse(&format!("{from}/43")).unwrap();
    request.to = Party::parse(&format!("{to}/11")).unwrap();
    let files = careplan_fixtures::generate(&request).unwrap();
    files.into_iter().map(|file| (file.name, file.bytes)).collect()
}

pub(crate) async fn read(response: Response) -> Answer {
    let status = response.status().as_u16();
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("").to_owned()))
        .collect();
    let bytes = response.bytes().await.expect("a whole body").to_vec();
    let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Answer { status, headers, bytes, json }
}

pub(crate) fn tls(
    server: &Server,
    installed: Option<&Installed>,
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    let pem = server.relay().authority().ca_pem.clone();
    for root in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        roots.add(root.expect("PEM")).expect("a root");
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .expect("versions")
        .with_root_certificates(roots);
    match installed {
        None => builder.with_no_client_auth(),
        Some(installed) => builder
            .with_client_auth_cert(installed.chain().to_vec(), installed.private_key().into())
            .expect("a certificate and its key"),
    }
}
