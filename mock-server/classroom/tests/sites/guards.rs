//! What keeps a page from being misused: tokens of forms, headers, escaping, limits.

use super::browser::{PLANNER, SERVICE, World, plain_client};

#[tokio::test]
async fn a_form_without_its_token_does_nothing() {
    let world = World::new("demo").await;
    let kj_id = world.account(PLANNER).await.kj_id.unwrap();
    let mut browser = world.browser();
    browser.log_in("/billing", &kj_id, "Careplan1").await.is_at("/billing/notices");
    let before = world.account(PLANNER).await.certificate_password;
    let other = {
        let mut other = world.browser();
        other.get("/billing/login").await;
        other.csrf
    };
    for csrf in ["", "0", other.as_str()] {
        let shown = browser.post_with("/billing/issue-password/reissue", csrf, &[]).await;
        assert_eq!(shown.status, 403, "{shown:?}");
        shown.says("操作を受け付けられませんでした");
    }
    assert_eq!(world.account(PLANNER).await.certificate_password, before);
}

#[tokio::test]
async fn a_form_from_elsewhere_does_nothing() {
    let world = World::new("demo").await;
    let mut browser = world.browser();
    browser.get("/billing/login").await;
    let cookie = &browser.cookies()[0];
    let answer = plain_client()
        .post(format!("{}/billing/login", world.server.addresses().sites))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("cookie", format!("{}={}", cookie.0, cookie.1))
        .header("origin", "http://evil.example")
        .body(format!("csrf={}&user_id=x&password=y", browser.csrf))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 403);
}

#[tokio::test]
async fn every_page_carries_the_band_and_the_headers() {
    let world = World::new("demo").await;
    let mut browser = world.browser();
    for path in ["/", "/billing/login", "/usage/login", "/billing/nothing"] {
        let shown = browser.get(path).await;
        if shown.status == 200 {
            shown.says("模擬環境（研修・試験用）").says("class=\"skip\"").says("<main id=\"main\"");
        }
        let header = |name: &str| {
            shown.headers.get(name).map_or(String::new(), |v| v.to_str().unwrap().to_owned())
        };
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        if shown.status == 200 {
            let policy = header("content-security-policy");
            assert!(policy.contains("default-src 'none'"), "{path} {policy}");
            assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"));
            let html = shown.html();
            assert!(!html.contains("http://") || !html.contains("src=\"http"), "{path}");
            for inline in [" style=", " onclick=", "<script>", "javascript:"] {
                assert!(!html.contains(inline), "{inline} on {path}");
            }
        }
    }
    for asset in ["/assets/site.css", "/assets/drop.js"] {
        assert_eq!(browser.get(asset).await.status, 200);
    }
}

#[tokio::test]
async fn the_language_is_kept() {
    let world = World::new("demo").await;
    let mut browser = world.browser();
    browser.get("/billing/login").await.says("<html lang=\"ja\">").says("ログイン");
    browser.get("/billing/login?lang=en").await.says("<html lang=\"en\">").says("Log in");
    browser.get("/usage/login").await.says("<html lang=\"en\">");
    browser.get("/usage/login?lang=ja").await.says("<html lang=\"ja\">");
    browser.get("/?lang=%22%3E%3Cx%3E").await.says_not("<x>");
}

#[tokio::test]
async fn a_session_gets_a_new_key_when_somebody_logs_in() {
    let world = World::new("demo").await;
    let kj_id = world.account(SERVICE).await.kj_id.unwrap();
    let mut browser = world.browser();
    browser.get("/billing/login").await;
    let before = browser.cookies()[0].clone();
    browser.log_in("/billing", &kj_id, "Careplan1").await.is_at("/billing/notices");
    let after = browser.cookies()[0].clone();
    assert_eq!((&before.0, &before.2), (&after.0, &after.2));
    assert_ne!(before.1, after.1);
    // The usage site does not know this login.
    browser.get("/usage").await.is_at("/usage/login");
}

#[tokio::test]
async fn hostile_input_is_shown_as_text() {
    let world = World::new("demo").await;
    let kj_id = world.account(PLANNER).await.kj_id.unwrap();
    let mut browser = world.browser();
    browser.log_in("/billing", &kj_id, "Careplan1").await;
    let shown =
        browser.get("/billing/notices?keyword=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await;
    shown
        .says_not("<script>alert")
        .is_at("/billing/notices?keyword=%22%3E%3Cscript%3Ealert(1)%3C/script%3E");
    let missing = browser.get("/billing/notices/%3Cscript%3E").await;
    assert_eq!(missing.status, 404);
    missing.says_not("<script>").says("模擬環境");
}

#[tokio::test]
async fn a_page_that_is_not_there_is_a_page_for_browsers_and_a_problem_for_programs() {
    let world = World::new("demo").await;
    let base = &world.server.addresses().sites;
    for path in ["/nothing", "/billing/nothing", "/console/nothing/x"] {
        let ask = |accept: &'static str| {
            plain_client().get(format!("{base}{path}")).header("accept", accept).send()
        };
        let page = ask("text/html,application/xhtml+xml").await.unwrap();
        assert_eq!(page.status(), 404, "{path}");
        assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("'none'"));
        let html = page.text().await.unwrap();
        assert!(html.contains("模擬環境（研修・試験用）") && html.contains("<h1>"), "{html}");
        let problem = ask("application/json").await.unwrap();
        assert_eq!(problem.status(), 404, "{path}");
        assert_eq!(problem.headers()["content-type"], "application/problem+json", "{path}");
    }
}

/// What every page must have for a keyboard and a screen reader; the rest is for axe-core.
fn is_accessible(path: &str, html: &str) {
    let tags: Vec<&str> = html
        .split('<')
        .skip(1)
        .filter(|tag| !tag.starts_with(['/', '!']))
        .map(|tag| tag.split('>').next().unwrap())
        .collect();
    let value = |tag: &str, name: &str| {
        let rest = tag.split_once(&format!(" {name}=\""))?.1;
        Some(rest.split('"').next()?.to_owned())
    };
    let named = |name: &'static str| {
        let is_named = move |tag: &&&str| tag.split([' ', '\n']).next() == Some(name);
        tags.iter().filter(is_named).copied().collect::<Vec<&str>>()
    };
    assert_eq!(named("h1").len(), 1, "{path}: one h1");
    assert_eq!(named("main").len(), 1, "{path}: one main");
    assert!(value(named("html")[0], "lang").is_some(), "{path}: language");
    let mut ids: Vec<String> = tags.iter().filter_map(|tag| value(tag, "id")).collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "{path}: every id once");
    let labelled: Vec<String> = named("label").iter().filter_map(|tag| value(tag, "for")).collect();
    for kind in ["input", "select", "textarea"] {
        for tag in named(kind) {
            let is_hidden = value(tag, "type").as_deref() == Some("hidden");
            let has_label = value(tag, "aria-label").is_some()
                || value(tag, "id").is_some_and(|id| labelled.contains(&id));
            let before = html.split(tag).next().unwrap();
            let is_wrapped = before.rfind("<label") > before.rfind("</label");
            assert!(is_hidden || has_label || is_wrapped, "{path}: {tag}");
        }
    }
    for tag in named("th") {
        assert!(value(tag, "scope").is_some(), "{path}: {tag}");
    }
    for tag in tags.iter().filter_map(|tag| value(tag, "aria-current")) {
        assert!(["page", "step", "false"].contains(&tag.as_str()), "{path}: {tag}");
    }
    for form in html.split("<form").skip(1) {
        let form = form.split("</form>").next().unwrap();
        let is_post = form.split('>').next().unwrap().contains("method=\"post\"");
        assert!(!is_post || form.contains("name=\"csrf\""), "{path}: {form}");
    }
}

#[tokio::test]
async fn every_page_can_be_used_with_a_keyboard_and_a_screen_reader() {
    let world = World::new("demo").await;
    let account = world.account(PLANNER).await;
    let kj_id = account.kj_id.unwrap();
    let at = format!("/client/{PLANNER}");
    let mut browser = world.browser();
    browser.log_in("/billing", &kj_id, "Careplan1").await;
    browser.log_in("/usage", &kj_id, "Careplan1").await;
    browser.get(&format!("{at}/certificate")).await;
    let own = [("id", account.certificates[0].id.as_str())];
    browser.post(&format!("{at}/certificate/shortcut"), &own).await;
    browser.get(&at).await;
    let c_id = account.c_id.unwrap();
    browser.post(&format!("{at}/login"), &[("user_id", &c_id), ("password", "Terminal1")]).await;
    let second = [("user_id", kj_id.as_str()), ("password", "Careplan1")];
    browser.post(&format!("{at}/office-login"), &second).await.is_at(&at);
    let new = format!("{at}/new");
    browser.get(&new).await;
    let sample = [("text", ""), ("sample", "valid-K2"), ("do", "sample")];
    browser.upload(&new, &sample, &[]).await.is_at(&new);
    let bulk = format!("{at}/bulk");
    browser.get(&bulk).await;
    browser.upload(&bulk, &[("sample", "bulk"), ("do", "sample")], &[]).await.is_at(&bulk);
    let below = |root: &str, screens: &[&str]| {
        screens.iter().map(|screen| format!("{root}{screen}")).collect::<Vec<_>>()
    };
    let mut pages = below("", &["/", "/certificate", "/client"]);
    let console = [
        "",
        "/handout",
        "/scene/exchange",
        "/states",
        "/clock",
        "/faults",
        "/accounts",
        "/certificates",
        "/mailbox",
        "/journal",
        "/switches",
    ];
    pages.extend(below("/console", &console));
    pages.extend(below(
        "/support",
        &[
            "",
            "/begin",
            "/faq",
            "/offices",
            "/samples",
            "/check",
            "/combinations",
            "/contact",
            "/numbers",
            "/2027",
        ],
    ));
    let billing = [
        "/notices",
        "/certificate/dx",
        "/certificate/kaigo",
        "/certificate/dx/before",
        "/certificate/dx/download",
        "/issue-password",
        "/issue-password/reissue",
        "/issue-password/letter",
        "/account",
        "/mail",
        "/mailbox",
        "/password",
        "/elsewhere",
        "/entrance",
        "/welcome",
        "/first",
        "/public/claims",
    ];
    pages.extend(below("/billing", &billing));
    pages.extend(below("/usage", &["", "/apply", "/apply/done", "/licence", "/licence/renewal"]));
    let client = [
        "",
        "/inbox",
        "/outbox",
        "/new",
        "/new/forms",
        "/drafts",
        "/bulk",
        "/bulk/1",
        "/bulk/1/forms",
        "/certificate",
        "/certificate/check/1",
        "/certificate/check/4",
        "/files",
        "/folder?message=1",
        "/version",
    ];
    let start = ["", "/computer", "/software", "/software/results", "/id", "/id/lost"];
    pages.extend(below("/start", &start));
    pages.extend(below("/setup", &["/1", "/8", "/done"]));
    pages.extend(below("/support/download", &["", "/product"]));
    pages.extend(below(&at, &client));
    for path in &pages {
        for lang in ["en", "ja"] {
            let mark = if path.contains('?') { '&' } else { '?' };
            let shown = browser.get(&format!("{path}{mark}lang={lang}")).await;
            assert_eq!(shown.path, format!("{path}{mark}lang={lang}"), "it is shown");
            shown.says(&format!("<html lang=\"{lang}\">"));
            shown.says("class=\"band\"").says("class=\"skip\"");
            is_accessible(path, &shown.html());
        }
    }
}

/// More anonymous visitors than there are places for sessions cost nobody a login.
#[tokio::test]
async fn anonymous_visitors_log_nobody_out() {
    let world = World::new("demo").await;
    let kj_id = world.account(PLANNER).await.kj_id.unwrap();
    let mut browser = world.browser();
    browser.log_in("/billing", &kj_id, "Careplan1").await.is_at("/billing/notices");
    let (client, base) = (plain_client(), &world.server.addresses().sites);
    for visitor in 0..4_200 {
        // Whoever only looks, and whoever is told something on the next page.
        let path = if visitor % 2 == 0 { "/billing/login" } else { "/billing/notices" };
        let answer = client.get(format!("{base}{path}")).send().await.unwrap();
        assert!(answer.status().is_success() || answer.status().is_redirection());
    }
    browser.get("/billing/notices").await.is_at("/billing/notices");
}
