//! The description lists what is served. Every other test holds its answers against it.

use std::collections::BTreeSet;

use reqwest::Method;

use crate::bed::Bed;

/// What the contract says is served, written down by hand.
const ENDPOINTS: &str = "
    GET /v1/authority            POST /v1/login/terminal      POST /v1/login/office
    POST /v1/token/refresh       POST /v1/logout              GET /v1/top
    GET /v1/notices/{id}         GET /v1/offices/{number}     POST /v1/messages
    GET /v1/inbox                GET /v1/inbox/{id}           POST /v1/inbox/{id}/claim
    GET /v1/downloads/{download_token}                        POST /v1/downloads/{download_token}/confirm
    GET /v1/outbox               GET /v1/outbox/{id}
    POST /v1/portal/login        POST /v1/portal/logout       POST /v1/portal/password
    POST /v1/portal/mail         POST /v1/portal/mail/confirm GET /v1/portal/notices
    GET /v1/portal/notices/{id}  GET /v1/portal/terminal-account
    GET /v1/portal/certificate-password                       POST /v1/portal/certificate-password
    GET /v1/portal/certificates  POST /v1/portal/certificates GET /v1/portal/certificates/{id}/p12
    GET /v1/portal/licence       POST /v1/portal/licence      POST /v1/portal/free-pass
    PUT /v1/portal/licence/auto-renewal                       POST /v1/portal/licence/cancel
    GET /openapi.json            GET /docs                    GET /docs/{file}
    GET /healthz                 GET /readyz                  GET /metrics
    GET /v1/controls/accounts    GET /v1/controls/mailbox     GET /v1/controls/clock
    POST /v1/controls/clock      GET /v1/controls/scenario    POST /v1/controls/scenario
    POST /v1/controls/reset      GET /v1/controls/state       PUT /v1/controls/state
    GET /v1/controls/faults      POST /v1/controls/faults     DELETE /v1/controls/faults
    DELETE /v1/controls/faults/{id}                           GET /v1/controls/journal
    DELETE /v1/controls/journal  POST /v1/controls/certificates
    POST /v1/controls/certificates/{serial}/revoke
    GET /v1/controls/switches    PATCH /v1/controls/switches
";

fn contract() -> BTreeSet<String> {
    let words: Vec<&str> = ENDPOINTS.split_whitespace().collect();
    words.chunks(2).map(|pair| pair.join(" ")).collect()
}

fn described(bed: &Bed) -> BTreeSet<String> {
    let paths = bed.description()["paths"].as_object().unwrap();
    let methods = ["get", "post", "put", "patch", "delete"];
    paths
        .iter()
        .flat_map(|(path, item)| {
            let here = methods.iter().filter(|method| item.get(**method).is_some());
            here.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect()
}

#[tokio::test]
async fn the_description_lists_exactly_the_contract() {
    let bed = Bed::start().await;
    assert_eq!(described(&bed), contract());
    assert_eq!(bed.description()["openapi"], "3.1.0");
}

#[tokio::test]
async fn every_endpoint_is_served_where_it_says() {
    let bed = Bed::start().await;
    let client = bed.client(None);
    for endpoint in described(&bed) {
        let (method, path) = endpoint.split_once(' ').unwrap();
        let base = bed.description()["paths"][path]["servers"][0]["url"].as_str().unwrap();
        let url = format!("{base}{}", path.replace(['{', '}'], ""));
        let method: Method = method.parse().unwrap();
        // No body and no token: refused by the endpoint itself, not for want of a route.
        let answer = client.request(method.clone(), &url).send().await.unwrap();
        assert_ne!(answer.status(), 405, "{endpoint}");
        let answer = crate::bed::read(answer).await;
        if !path.starts_with("/docs/") {
            assert_ne!(answer.json["code"], "route-unknown", "{endpoint}");
        }
        // A method that is not described is not served either.
        let paths = bed.description()["paths"][path].as_object().unwrap();
        for other in ["GET", "PUT", "PATCH", "DELETE", "POST"] {
            if !paths.contains_key(&other.to_lowercase()) {
                let other: Method = other.parse().unwrap();
                let json = client.request(other.clone(), &url).json(&serde_json::json!({}));
                assert_eq!(json.send().await.unwrap().status(), 405, "{other} {path}");
            }
        }
    }
}

#[tokio::test]
async fn the_page_needs_nothing_from_elsewhere() {
    let bed = Bed::start().await;
    let page = bed.ask(bed.plain.get(bed.sites("/docs"))).await;
    assert_eq!((page.status, page.header("location")), (308, "/docs/index.html"));
    let page = bed.ask(bed.plain.get(bed.sites("/docs/index.html"))).await;
    let text = String::from_utf8_lossy(&page.bytes).into_owned();
    assert!(text.contains("swagger-ui"), "{text}");
    let pieces = ["src=\"", "href=\""];
    let files: Vec<&str> = pieces
        .iter()
        .flat_map(|piece| text.split(piece).skip(1).filter_map(|rest| rest.split('"').next()))
        .collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        assert!(!file.contains("://"), "{file}");
        let url = bed.sites(&format!("/docs/{}", file.trim_start_matches("./")));
        assert_eq!(bed.ask(bed.plain.get(url)).await.status, 200, "{file}");
    }
    let start = bed.ask(bed.plain.get(bed.sites("/docs/swagger-initializer.js"))).await;
    assert!(String::from_utf8_lossy(&start.bytes).contains("/openapi.json"));
}

#[test]
fn the_description_can_be_had_without_a_server() {
    let text = careplan_wire::serve::description().unwrap();
    let description: serde_json::Value = serde_json::from_str(&text).unwrap();
    let count = description["paths"].as_object().unwrap().len();
    assert!(count > 40, "{count}");
}
