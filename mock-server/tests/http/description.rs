//! What the description lists is served. Every other test holds its answers against it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::bed::{Bed, PLANNER};

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

/// Values that are described as the ones there are, and as the bounds there are; and others.
fn around(schema: &Value) -> (Vec<String>, Vec<String>) {
    let number = |name: &str| schema[name].as_f64().map(|number| number as u64);
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    if let Some(all) = schema["enum"].as_array() {
        good.extend(all.iter().filter_map(Value::as_str).map(str::to_owned));
        bad.extend(["", "-", "x"].map(str::to_owned));
        bad.extend(good.first().map(|one| one.to_uppercase()));
    }
    if let (Some(least), Some(most)) = (number("minimum"), number("maximum")) {
        good.extend([least, most].map(|number| number.to_string()));
        bad.extend(["-1", "1.5", "4294967296", "x"].map(str::to_owned));
    }
    if let Some(most) = schema["maxLength"].as_u64() {
        good.push("1".repeat(most as usize));
        bad.push("1".repeat(most as usize + 1));
    }
    let types = &schema["type"];
    if types == "boolean" || types.as_array().is_some_and(|all| all.contains(&"boolean".into())) {
        good.extend(["true", "false"].map(str::to_owned));
        bad.extend(["", "1", "TRUE"].map(str::to_owned));
    }
    (good, bad)
}

#[tokio::test]
async fn parameters_may_be_what_the_description_says_and_nothing_else() {
    let bed = Bed::start().await;
    let office = bed.office(PLANNER).await;
    let mut met = Vec::new();
    for (path, item) in bed.description()["paths"].as_object().unwrap() {
        // Those of the sites want another login.
        if path.starts_with("/v1/portal/") {
            continue;
        }
        let base = item["servers"][0]["url"].as_str().unwrap();
        for parameter in item["get"]["parameters"].as_array().into_iter().flatten() {
            if parameter["in"] != "query" {
                continue;
            }
            let name = parameter["name"].as_str().unwrap();
            let (good, bad) = around(&parameter["schema"]);
            if !good.is_empty() {
                met.push(format!("{path} {name}"));
            }
            for (values, status) in [(good, 200), (bad, 400)] {
                for value in values {
                    let request = office.get(format!("{base}{path}")).query(&[(name, &value)]);
                    let answer = bed.ask(request).await;
                    assert_eq!(answer.status, status, "{path} {name}={value}: {answer:?}");
                    if status == 400 {
                        let codes = ["query-malformed", "search-text-too-long"];
                        assert!(codes.contains(&answer.code()), "{path} {name}={value}");
                    }
                }
            }
        }
    }
    let lists = |list: &str, office: &str| {
        ["page", "per_page", "sort", "state", office, "query", "file_names"]
            .map(|name| format!("/v1/{list} {name}"))
    };
    let mut wanted = vec!["/v1/controls/journal listener".to_owned()];
    wanted.push("/v1/controls/journal code".to_owned());
    wanted.extend(["/v1/notices page", "/v1/notices per_page"].map(str::to_owned));
    wanted.extend(lists("inbox", "from"));
    wanted.extend(lists("outbox", "to"));
    met.sort();
    wanted.sort();
    assert_eq!(met, wanted);
}

#[tokio::test]
async fn a_page_has_no_more_rows_than_the_description_says() {
    let bed = Bed::start().await;
    let office = bed.office(PLANNER).await;
    let parameters = bed.description()["paths"]["/v1/inbox"]["get"]["parameters"].clone();
    let rows = parameters.as_array().unwrap().iter().find(|one| one["name"] == "per_page");
    let most = rows.unwrap()["schema"]["maximum"].as_f64().unwrap() as u64;
    for (asked, given) in [(1, 1), (most, most), (most + 1, most), (4_294_967_295, most)] {
        let answer = bed.ask(office.get(bed.relay(&format!("/v1/inbox?per_page={asked}")))).await;
        assert_eq!((answer.status, answer.json["per_page"].as_u64()), (200, Some(given)));
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
