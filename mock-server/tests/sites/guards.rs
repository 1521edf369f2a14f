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
