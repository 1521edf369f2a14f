//! A server that others in the room can reach, and one of them who means no good: other terminals,
//! forms that are not his, tokens tried at once.

use std::collections::BTreeMap;

use careplan_relay::control::AccountView;

use super::browser::{Browser, PLANNER, SERVICE, TOKEN, World, plain_client};

const AT: &str = "/client/4779000118";

/// A participant who is logged in on his terminal, with the short cut past the billing site.
async fn seated(world: &World) -> (Browser, AccountView) {
    let account = world.account(PLANNER).await;
    let mut browser = world.browser();
    hold(&mut browser, &account, AT).await.is_at(&format!("{AT}/certificate"));
    let own = [("id", account.certificates[0].id.as_str())];
    let put = browser.post(&format!("{AT}/certificate/shortcut"), &own).await;
    put.is_at(&format!("{AT}/certificate")).says("事業所の証明書をインストールしました");
    browser.sit_down(&account, AT).await.is_at(AT);
    (browser, account)
}

/// Shows that one belongs to an office.
async fn hold(browser: &mut Browser, account: &AccountView, at: &str) -> super::browser::Shown {
    browser.get(&format!("{at}/certificate")).await.is_at(&format!("{at}/open"));
    let password = account.kj_password.as_ref().unwrap().reveal();
    let fields = [("user_id", account.kj_id.as_deref().unwrap()), ("password", password)];
    browser.post(&format!("{at}/open"), &fields).await
}

#[tokio::test]
async fn a_terminal_of_others_shows_nothing_and_does_nothing() {
    let world = World::shared("demo").await;
    let (mut owner, account) = seated(&world).await;
    let mut thief = world.browser();
    let open = format!("{AT}/open");
    for screen in [
        "/certificate",
        "/certificate/wizard/1",
        "/certificate/check/1",
        "/files",
        "/files/1/zip",
        "/files/1/1",
        "/files/1/forms",
    ] {
        let shown = thief.get(&format!("{AT}{screen}")).await;
        shown.is_at(&open).says("この端末を使う").says_not("シリアル番号");
    }
    let login = format!("{AT}/login");
    for screen in
        ["", "/inbox", "/outbox", "/new", "/drafts", "/bulk", "/notices/1", "/drafts/1/forms"]
    {
        thief.get(&format!("{AT}{screen}")).await.is_at(&login);
    }
    // With a form token of his own, which is good.
    thief.get(&open).await;
    let id = account.certificates[0].id.clone();
    for screen in [
        "/certificate/remove",
        "/certificate/shortcut",
        "/certificate/open",
        "/certificate/wizard/1",
    ] {
        thief.post(&format!("{AT}{screen}"), &[("id", &id)]).await.is_at(&open);
    }
    let p12 = [("x.p12".to_owned(), b"no certificate".to_vec())];
    let shown = thief.upload(&format!("{AT}/certificate/import"), &[], &p12).await;
    shown.is_at(&open);
    thief.post(&format!("{AT}/logout"), &[]).await.is_at(&login);
    thief.post(&format!("{AT}/new"), &[("do", "send")]).await.is_at(&login);
    thief.post(&format!("{AT}/inbox"), &[("message", "1")]).await.is_at(&login);
    // Nothing has happened to its owner.
    owner.get(AT).await.is_at(AT);
    owner.get(&format!("{AT}/certificate")).await.says("シリアル番号");
    owner.get(&format!("{AT}/files")).await.is_at(&format!("{AT}/files"));
}

#[tokio::test]
async fn only_its_office_opens_a_terminal() {
    let world = World::shared("demo").await;
    let account = world.account(PLANNER).await;
    let other = world.account(SERVICE).await;
    let open = format!("{AT}/open");
    let mut thief = world.browser();
    hold(&mut thief, &other, AT)
        .await
        .is_at(&open)
        .says("この端末の事業所のユーザIDではありません");
    thief.get(&format!("{AT}/certificate")).await.is_at(&open);
    let wrong = [("user_id", account.kj_id.as_deref().unwrap()), ("password", "Guessed1")];
    let shown = thief.post(&open, &wrong).await;
    shown.is_at(&open).says("ユーザIDまたはパスワードが正しくありません");
    // His own terminal is another one, and holding it opens no other.
    let own = format!("/client/{SERVICE}");
    hold(&mut thief, &other, &own).await.is_at(&format!("{own}/certificate"));
    thief.get(&format!("{AT}/certificate")).await.is_at(&open);
    // The trainer opens any without a password of an office.
    let mut trainer = world.browser();
    trainer.become_trainer().await;
    let certificate = format!("{AT}/certificate");
    trainer.get(&certificate).await.is_at(&certificate).says("研修用の近道");
    // Where nobody else can reach the server, everybody is the trainer.
    let world = World::new("demo").await;
    world.browser().get(&certificate).await.is_at(&certificate);
}

#[tokio::test]
async fn a_second_login_is_told_to_the_second_and_to_the_first() {
    let world = World::shared("demo").await;
    let (mut first, account) = seated(&world).await;
    let mut second = world.browser();
    let asked = second.sit_down(&account, AT).await;
    asked
        .is_at(&format!("{AT}/office-login"))
        .says("別の人がログインして使用中です")
        .says("引き継いでログインする");
    first.get(AT).await.is_at(AT);
    second.second_stage(&account, AT, &[("take_over", "yes")]).await.is_at(AT);
    let told = first.get(&format!("{AT}/inbox")).await;
    told.is_at(&format!("{AT}/login")).says("別の人がログインして引き継ぎました");
    second.get(AT).await.is_at(AT);
    // Said once.
    first.get(&format!("{AT}/login")).await.says_not("引き継ぎました");
    // Whoever logs out leaves the terminal free: nobody is asked.
    second.post(&format!("{AT}/logout"), &[]).await.is_at(&format!("{AT}/login"));
    first.sit_down(&account, AT).await.is_at(AT);
    // Who is thrown out by another certificate is told that too.
    let mut trainer = world.browser();
    trainer.become_trainer().await;
    trainer.get(&format!("{AT}/certificate")).await;
    trainer.post(&format!("{AT}/certificate/remove"), &[]).await;
    let told = first.get(AT).await;
    told.is_at(&format!("{AT}/login")).says("この端末のログインは終了しました");
}

#[tokio::test]
async fn visitors_of_a_shared_server_see_neither_console_nor_controls() {
    let world = World::shared("demo").await;
    let controls = world.server.addresses().controls.clone();
    let mut visitor = world.browser();
    for lang in ["ja", "en"] {
        let home = visitor.get(&format!("/?lang={lang}")).await;
        home.says_not(&controls).says_not("/console").says_not("Careplan1");
        home.says_not("このパソコンの中だけ").says_not("on this computer alone");
    }
    visitor.get("/?lang=ja").await.says("講師のパソコンで動いています").says("通知書で確認");
    for page in ["/billing/login", "/usage/login", "/client", "/support"] {
        visitor.get(page).await.says_not("href=\"/console");
    }
    let mut trainer = world.browser();
    trainer.become_trainer().await;
    trainer.get("/").await.says(&controls).says("href=\"/console\"");
    trainer.get("/billing/login").await.says("href=\"/console\"");
    trainer.get("/console").await;
    trainer.post("/console/logout", &[]).await.is_at("/").says_not("href=\"/console\"");
    trainer.get("/console").await.is_at("/console/login");
    // On one's own machine everything is as before.
    let own = World::new("demo").await;
    let home = own.browser().get("/").await;
    home.says("このパソコンの中だけ").says("href=\"/console\"").says("controls http://");
}

#[tokio::test]
async fn tokens_tried_at_once_on_the_console_end_after_five() {
    let world = World::shared("demo").await;
    let mut browser = world.browser();
    browser.get("/console/login").await;
    let cookie = browser.cookies().iter().map(|(name, value, _)| format!("{name}={value}"));
    let cookie = cookie.collect::<Vec<_>>().join("; ");
    let base = &world.server.addresses().sites;
    let send = |token: &str| {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("csrf", &browser.csrf)
            .append_pair("token", token)
            .finish();
        plain_client()
            .post(format!("{base}/console/login"))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", cookie.clone())
            .body(body)
            .send()
    };
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..30 {
        tries.spawn(send(&format!("GUESS{number:03}")));
    }
    let mut seen = BTreeMap::<String, usize>::new();
    while let Some(answer) = tries.join_next().await {
        let answer = answer.unwrap().unwrap();
        let to = answer.headers()["location"].to_str().unwrap().to_owned();
        *seen.entry(to).or_default() += 1;
    }
    assert_eq!(seen, BTreeMap::from([("/console/login".to_owned(), 30)]));
    // Even the right one is not looked at, here and on the controls, and no session is a trainer's.
    send(TOKEN).await.unwrap();
    browser.get("/console/login").await.says("しばらく受け付けません").says("秒待って");
    browser.get("/console/accounts").await.is_at("/console/login");
    let url = format!("{}/v1/controls/accounts", world.server.addresses().controls);
    let answer = plain_client().get(url).bearer_auth(TOKEN).send().await.unwrap();
    assert_eq!(answer.status(), 429);
    assert!(answer.headers().contains_key("retry-after"));
}

/// Neither a form without a token of its session nor one from elsewhere works, whoever's cookie is
/// sent along.
#[tokio::test]
async fn a_page_elsewhere_cannot_send_the_trainers_forms() {
    let world = World::shared("demo").await;
    let mut trainer = world.browser();
    trainer.become_trainer().await;
    let before = world.account(PLANNER).await;
    for path in ["/console/reset", "/console/scene", "/console/states", "/console/logout"] {
        for csrf in ["", "0"] {
            let shown = trainer.post_with(path, csrf, &[("id", "exchange")]).await;
            assert_eq!(shown.status, 403, "{path} {shown:?}");
        }
        let cookie = trainer.cookies().iter().map(|(name, value, _)| format!("{name}={value}"));
        let answer = plain_client()
            .post(format!("{}{path}", world.server.addresses().sites))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", cookie.collect::<Vec<_>>().join("; "))
            .header("origin", "http://evil.example")
            .body(format!("csrf={}", trainer.csrf))
            .send();
        assert_eq!(answer.await.unwrap().status(), 403, "{path}");
    }
    assert_eq!(world.account(PLANNER).await, before);
    trainer.get("/console").await.is_at("/console");
}
