//! The trainer's console and the support site.

use std::io::{Cursor, Read};

use careplan_classroom::sites;
use careplan_relay::Settings;
use careplan_relay::clock::Clock;
use careplan_relay::secret::Secret;
use careplan_wire::serve::Options;

use super::browser::{PLANNER, SERVICE, SURE, World, plain_client};

#[tokio::test]
async fn a_scene_is_set_with_one_click() {
    let world = World::new("demo").await;
    let mut trainer = world.browser();
    trainer.get("/console").await.says("はじめての設定").says("正しくない電子証明書");
    let guide = trainer.post("/console/scene", &[("id", "wrong-certificate"), SURE]).await;
    guide.is_at("/console/scene/wrong-certificate").says("証明書を入れた端末：4台");
    assert_eq!(world.relay().origin().name, "wrong-certificate");
    // The terminals are ready, with what is wrong.
    let account = world.account(PLANNER).await;
    let mut browser = world.browser();
    let at = format!("/client/{PLANNER}");
    let first = [("user_id", account.c_id.as_deref().unwrap()), ("password", "Terminal1")];
    browser.get(&at).await;
    browser.post(&format!("{at}/login"), &first).await.is_at(&format!("{at}/office-login"));
    let second = [("user_id", account.kj_id.as_deref().unwrap()), ("password", "Careplan1")];
    browser
        .post(&format!("{at}/office-login"), &second)
        .await
        .says("正しい電子証明書をインストールしてください。")
        .says("certificate-");
    // Another scene ends what was: the terminals are new, the login is over.
    trainer.post("/console/scene", &[("id", "first-setup"), SURE]).await;
    browser
        .get(&format!("{at}/certificate"))
        .await
        .says("電子証明書はインストールされていません。");
    let letter = trainer.get(&format!("/console/letter/{PLANNER}")).await;
    let temporary = world.account(PLANNER).await.kj_password.unwrap();
    letter.says("電子請求登録結果に関するお知らせ").says(temporary.reveal());
    assert_eq!(trainer.get("/console/scene/nothing").await.status, 404);
    for page in
        ["accounts", "clock", "faults", "certificates", "claims", "mailbox", "journal", "switches"]
    {
        trainer
            .get(&format!("/console/{page}"))
            .await
            .says("模擬環境")
            .says("aria-current=\"page\"");
    }
}

#[tokio::test]
async fn a_login_of_before_does_not_count_after_a_scene_was_set() {
    let world = World::new("demo").await;
    let mut trainer = world.browser();
    trainer.get("/console").await;
    let mut logins = Vec::new();
    for _ in 0..2 {
        trainer.post("/console/scene", &[("id", "exchange"), SURE]).await;
        let account = world.account(PLANNER).await;
        let mut browser = world.browser();
        let at = format!("/client/{PLANNER}");
        browser.get(&at).await;
        let first = [("user_id", account.c_id.as_deref().unwrap()), ("password", "Terminal1")];
        browser.post(&format!("{at}/login"), &first).await;
        let second = [("user_id", account.kj_id.as_deref().unwrap()), ("password", "Careplan1")];
        browser.post(&format!("{at}/office-login"), &second).await.is_at(&at);
        logins.push(browser);
    }
    let at = format!("/client/{PLANNER}");
    logins[0].get(&format!("{at}/inbox")).await.is_at(&format!("{at}/login"));
    logins[1].get(&format!("{at}/inbox")).await.is_at(&format!("{at}/inbox"));
}

#[tokio::test]
async fn the_clock_is_moved_and_stopped() {
    let world = World::new("demo").await;
    let mut trainer = world.browser();
    trainer.get("/console/clock").await.says("実際の時刻");
    let set = [("time", "2027-06-01T09:00"), ("do", "set")];
    trainer.post("/console/clock", &set).await.says("2027/06/01 09:00");
    trainer.post("/console/clock", &[("do", "freeze")]).await.says("停止中");
    let before = world.relay().clock().now();
    trainer.post("/console/clock", &[("do", "ahead:86400")]).await;
    assert_eq!(world.relay().clock().now().duration_since(before).as_secs(), 86_400);
    for strange in ["9999-01-01T00:00", "x", ""] {
        let order = [("time", strange), ("do", "set")];
        trainer.post("/console/clock", &order).await.says("class=\"alert bad\"");
    }
    trainer.post("/console/clock", &[("do", "real")]).await.says("実際の時刻");
}

#[tokio::test]
async fn faults_never_strike_the_console() {
    let world = World::new("demo").await;
    let order = serde_json::json!({ "endpoint": "*", "kind": "maintenance" });
    let armed = plain_client()
        .post(format!("{}/v1/controls/faults", world.server.addresses().controls))
        .json(&order)
        .send()
        .await
        .unwrap();
    assert_eq!(armed.status(), 201);
    let mut trainer = world.browser();
    assert_eq!(trainer.get("/billing/login").await.status, 503);
    trainer.get("/console/faults").await.says("maintenance *");
    trainer.post("/console/faults", &[("do", "clear")]).await.says("準備した障害はありません。");
    assert_eq!(trainer.get("/billing/login").await.status, 200);
}

#[tokio::test]
async fn switches_and_wrong_certificates_are_at_hand() {
    let world = World::new("demo").await;
    let mut trainer = world.browser();
    trainer.get("/console/switches").await.says("password-days");
    let set = |key, value| [("key", key), ("value", value)];
    trainer.post("/console/switches", &set("password-days", "90")).await.says("変更中");
    assert_eq!(world.relay().switches().password_days, 90);
    trainer.post("/console/switches", &set("password-days", "<b>")).await.says("&#60;b&#62;");
    trainer.get("/console/certificates").await;
    let order = [("office", SERVICE), ("way", "expired"), ("do", "install")];
    trainer.post("/console/certificates", &order).await.says("インストールしました");
    let order = [("office", SERVICE), ("way", "revoked"), ("do", "save")];
    let p12 = trainer.post("/console/certificates", &order).await;
    assert!(careplan_certs::package::open(&p12.bytes, "Install01").is_ok());
    let page = trainer.get(&format!("/client/{SERVICE}/certificate")).await;
    page.says("class=\"alert note\"");
}

#[tokio::test]
async fn a_claim_is_released() {
    let world = World::new("missed-download").await;
    let waiting = async || {
        let operator = world.relay().turn().await.unwrap().operator();
        operator.fetched_last().await.unwrap().len()
    };
    assert_eq!(waiting().await, 1);
    let mut trainer = world.browser();
    let page = trainer.get("/console/claims").await;
    page.says("取得されたデータと、取得の取り消し").says("まだ").says("取得を取り消す");
    let html = page.html();
    let id = html.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    trainer
        .post("/console/claims", &[("id", "nothing")])
        .await
        .says("該当するデータがありません。");
    let released = trainer.post("/console/claims", &[("id", id)]).await;
    released.says("取得を取り消しました。").says("取得されたデータはありません。");
    assert_eq!(waiting().await, 0);
}

#[tokio::test]
async fn the_console_wants_the_token_where_there_is_one() {
    let options = Options {
        settings: Settings::default(),
        port_base: 0,
        admin_token: Some(Secret::new("0123456789abcdef")),
        ..Options::default()
    };
    let world = World { server: sites::start(options).await.unwrap() };
    let mut browser = world.browser();
    browser.get("/").await.says_not("Careplan1");
    for page in ["", "/accounts", "/claims", "/clock", "/journal", "/letter/4779000118"] {
        browser.get(&format!("/console{page}")).await.is_at("/console/login");
    }
    browser.post("/console/reset", &[]).await.is_at("/console/login");
    browser.post("/console/login", &[("token", "wrong")]).await.is_at("/console/login");
    browser.post("/console/login", &[("token", "0123456789abcdef")]).await.is_at("/console");
    browser.get("/console/accounts").await.says("Careplan1");
}

#[tokio::test]
async fn every_message_has_its_cause_and_remedy() {
    use careplan_relay::refusal::REFUSALS;
    let world = World::new("demo").await;
    let mut browser = world.browser();
    let faq = browser.get("/support/faq").await;
    for row in REFUSALS {
        faq.says(&format!("id=\"{}\"", row.code)).says(row.title.ja);
    }
    let found = browser.get("/support/faq?q=already-fetched").await;
    found.says("取得できるのは1回だけです").says_not("id=\"user-locked\"");
    let offices = browser.get(&format!("/support/offices?q={PLANNER}")).await;
    offices.says("1件が該当しています。").says("利用中");
    // By prefecture, number and service kind.
    let find = "/support/offices?prefecture=47&kind=11&number=0183&uses=yes";
    browser.get(find).await.says("1件が該当しています。").says(SERVICE).says("沖縄県");
    let none = browser.get("/support/offices?prefecture=99").await;
    none.says("0件が該当しています。").says("条件を減らして");
    browser.get("/support/offices?number=%3Cb%3E").await.says_not("<b>");
}

#[tokio::test]
async fn samples_can_be_fetched_and_checked() {
    let world = World::new("demo").await;
    let mut browser = world.browser();
    let samples = browser.get("/support/samples").await;
    samples.says("正しい送信単位").says("よくある間違い");
    let zip = browser.get("/support/samples/valid-K2").await;
    let mut archive = zip::ZipArchive::new(Cursor::new(zip.bytes.clone())).unwrap();
    assert_eq!(archive.len(), 3);
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.push((file.name().unwrap().into_owned(), bytes));
    }
    browser.get("/support/check").await;
    let good = browser.upload("/support/check", &[], &[("unit.zip".to_owned(), zip.bytes)]).await;
    assert_eq!(good.text_of("verdict"), "エラーはありません。");
    good.says("class=\"cp-forms\"").says_not("<style").says_not(" style=");
    // One of its files alone.
    let alone = browser.upload("/support/check", &[], &files[..1]).await;
    assert_eq!(alone.text_of("verdict"), "エラーがあります。");
    alone.says("ファイルの組み合わせが正しくありません。");
    // Quotes that cannot be read are findings like others.
    let name = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";
    let broken = b"\"\r\n\",\r\n\",,,,,,,,,,,,,,,,,,,,,,,,,x\"".to_vec();
    let found = browser.upload("/support/check", &[], &[(name.to_owned(), broken)]).await;
    assert_eq!(found.text_of("verdict"), "エラーがあります。");
    found.says("S007");
    // Hostile names and no ZIP at all.
    let strange = [("<i>x</i>.zip".to_owned(), b"PK".to_vec())];
    browser.upload("/support/check", &[], &strange).await.says("ZIPファイルを読み取れません。");
    let strange = [("<i>x</i>.csv".to_owned(), b"a,b".to_vec())];
    browser.upload("/support/check", &[], &strange).await.says_not("<i>x");
    assert_eq!(browser.get("/support/samples/nothing").await.status, 404);
}

#[tokio::test]
async fn steps_that_could_not_be_done_are_a_table_in_both_languages() {
    let world = World::at("demo", Clock::frozen_at("2026-11-21T01:00:00Z".parse().unwrap())).await;
    let mut trainer = world.browser();
    let heading = ["期限が来たのに行えなかったこと", "What could not be done"];
    let page = trainer.get("/console/clock").await;
    page.says_not(heading[0]);
    let orphan = |state: &mut careplan_relay::store::State, _: &_| {
        for licence in state.licences.iter_mut().filter(|one| one.office == PLANNER) {
            licence.kj_id = "KJ479999999999".to_owned();
        }
        Ok(true)
    };
    world.relay().rework(orphan).await.unwrap();
    let order = [("do", "set"), ("time", "2028-06-01T09:00")];
    trainer.post("/console/clock", &order).await;
    let steps = world.relay().turn().await.unwrap().operator().set_aside().await.unwrap();
    assert!(!steps.is_empty());
    let texts = [
        ("ja", heading[0], "ライセンスの終了・更新", "もう一度行う", "ほかの処理は続いています"),
        (
            "en",
            heading[1],
            "the end or renewal of a licence",
            "Try again",
            "everything else went on",
        ),
    ];
    for (lang, heading, what, again, sentence) in texts {
        let page = trainer.get(&format!("/console/clock?lang={lang}")).await;
        page.says(heading).says(what).says(again).says(sentence);
        for step in &steps {
            let at = careplan_relay::clock::shown(step.at.unwrap());
            page.says(&format!("<td>{at}</td>")).says(&format!("<td>{}</td>", step.subject));
            page.says("<td>the store failed: account is missing</td>");
        }
    }
    // Tried again without mending it stays; removed it goes; with the last one the table goes.
    let one = [("do", "retry"), ("step", steps[0].id.as_str())];
    let still = trainer.post("/console/clock", &one).await;
    still.says("It still cannot be done.").says("mend it and try again").says(&steps[0].subject);
    for step in &steps {
        trainer.post("/console/clock", &[("do", "drop"), ("step", step.id.as_str())]).await;
    }
    trainer.get("/console/clock").await.says_not(heading[1]);
}
