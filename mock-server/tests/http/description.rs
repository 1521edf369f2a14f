//! What the description lists is served. Every other test holds its answers against it.

use reqwest::Method;
use serde_json::json;

use crate::bed::Bed;

#[tokio::test]
async fn every_endpoint_is_served_where_it_says() {
    let bed = Bed::start().await;
    let client = bed.client(None);
    for (path, item) in bed.description()["paths"].as_object().unwrap() {
        let base = item["servers"][0]["url"].as_str().unwrap();
        let url = format!("{base}{}", path.replace(['{', '}'], ""));
        for method in [Method::GET, Method::PUT, Method::PATCH, Method::DELETE, Method::POST] {
            let is_described = item.get(method.as_str().to_lowercase()).is_some();
            let request = client.request(method.clone(), &url);
            // No body and no token: refused by the endpoint itself, not for want of a route.
            let request = if is_described { request } else { request.json(&json!({})) };
            let answer = crate::bed::read(request.send().await.unwrap()).await;
            assert_eq!(answer.status != 405, is_described, "{method} {path}");
            if is_described && !path.starts_with("/docs/") {
                assert_ne!(answer.json["code"], "route-unknown", "{method} {path}");
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
