//! The scenes of the console: their steps, what is known to have happened, the clock, saved states.

use super::browser::{Browser, PLANNER, SERVICE, SURE, Shown, World};

/// The identifiers of every scene, in the order of the console.
const SCENES: [&str; 13] = [
    "first-setup",
    "exchange",
    "actuals-back",
    "wrong-certificate",
    "expired-password",
    "free-pass-ending",
    "once-only",
    "broken-export",
    "lost-issue-password",
    "billing-certificate",
    "broken-line",
    "maintenance",
    "free-pass",
];

async fn set(trainer: &mut Browser, scene: &str) -> Shown {
    trainer.get("/console").await;
    trainer.post("/console/scene", &[("id", scene), SURE]).await
}

/// `done / told` of a scene.
async fn progress(trainer: &mut Browser, scene: &str) -> String {
    trainer.get(&format!("/console/scene/{scene}")).await.text_of("progress")
}

/// Both stages of the login of a demo office.
async fn log_in(world: &World, office: &str, password: &str) -> (Browser, Shown) {
    let account = world.account(office).await;
    let mut browser = world.browser();
    let at = format!("/client/{office}");
    browser.get(&at).await;
    let first = [("user_id", account.c_id.as_deref().unwrap()), ("password", "Terminal1")];
    browser.post(&format!("{at}/login"), &first).await;
    let second = [("user_id", account.kj_id.as_deref().unwrap()), ("password", password)];
    let shown = browser.post(&format!("{at}/office-login"), &second).await;
    (browser, shown)
}

/// Puts a sample into 新規作成 and sends it.
async fn send(browser: &mut Browser, office: &str, sample: &str) -> Shown {
    let new = format!("/client/{office}/new");
    browser.get(&new).await;
    let put_in = [("text", ""), ("sample", sample), ("do", "sample")];
    browser.upload(&new, &put_in, &[]).await.is_at(&new).says("id=\"destination\"");
    browser.upload(&new, &[("text", ""), ("do", "send")], &[]).await
}

#[tokio::test]
async fn every_scene_can_be_set_and_says_what_the_office_sees() {
    let world = World::new("demo").await;
    let mut trainer = world.browser();
    let overview = trainer.get("/console").await;
    assert_eq!(overview.text_of("current-scene"), "なし");
    for scene in SCENES {
        overview.says(&format!("href=\"/console/scene/{scene}\""));
        let guide = set(&mut trainer, scene).await;
        guide
            .is_at(&format!("/console/scene/{scene}"))
            .says("事業所の画面ではこう見えます")
            .says("準備済み")
            .says("登場する事業所")
            .says("場面の一覧へ戻る");
        // Every link of a step leads somewhere.
        let html = guide.html();
        let steps = html.split("<ol class=\"guide\">").nth(1).unwrap();
        let steps = steps.split("</ol>").next().unwrap();
        for link in steps.split("href=\"").skip(1) {
            let path = link.split('"').next().unwrap();
            let shown = trainer.get(path).await;
            assert_eq!(shown.status, 200, "{scene}: {path}");
        }
    }
    let paper = trainer.get("/console/handout").await;
    assert_eq!(paper.html().matches("<section class=\"scene\">").count(), SCENES.len());
    paper.says("正しい電子証明書をインストールしてください。").says("180分です。");
    trainer.get("/console/handout?lang=en").await.says("What the office sees");
}

#[tokio::test]
async fn the_exchange_is_followed_step_by_step() {
    let world = World::new("demo").await;
    let mut trainer = world.browser();
    set(&mut trainer, "exchange").await;
    assert_eq!(progress(&mut trainer, "exchange").await, "0 / 3");
    // Another scene of the same scenario is not the one that is set.
    trainer.get("/console/scene/broken-export").await.says("まだ準備していません");
    let (mut planner, _) = log_in(&world, PLANNER, "Careplan1").await;
    let (mut service, _) = log_in(&world, SERVICE, "Careplan1").await;
    assert_eq!(progress(&mut trainer, "exchange").await, "1 / 3");
    send(&mut planner, PLANNER, "valid-K2").await.says("送信成功しました");
    assert_eq!(progress(&mut trainer, "exchange").await, "2 / 3");
    let inbox = format!("/client/{SERVICE}/inbox");
    let html = service.get(&inbox).await.html();
    let id = html.split("name=\"message\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    service
        .post(&inbox, &[("message", id), ("folder", "agreed")])
        .await
        .says("データを取得しました");
    assert_eq!(progress(&mut trainer, "exchange").await, "3 / 3");
    // From its start, with the terminals ready again.
    trainer.get("/console").await;
    trainer.post("/console/reset", &[SURE]).await.is_at("/console").says("毎月の予定");
    assert_eq!(progress(&mut trainer, "exchange").await, "0 / 3");
    let (_, shown) = log_in(&world, PLANNER, "Careplan1").await;
    shown.is_at(&format!("/client/{PLANNER}"));
}

#[tokio::test]
async fn each_broken_export_gets_its_own_message() {
    let world = World::new("demo").await;
    let mut trainer = world.browser();
    set(&mut trainer, "broken-export").await;
    let (mut planner, _) = log_in(&world, PLANNER, "Careplan1").await;
    for (sample, says) in [
        ("copied-in-the-explorer", "添付ファイル名の形式に誤りがあります。"),
        ("table-6-alone", "ファイルの組み合わせが正しくありません。"),
        ("character-outside-ms932", "ケアプランデータの書式フォーマットが正しくありません。"),
        ("valid-K2", "送信成功しました"),
    ] {
        send(&mut planner, PLANNER, sample).await.says(says);
    }
    assert_eq!(progress(&mut trainer, "broken-export").await, "4 / 4");
}

#[tokio::test]
async fn a_free_pass_ends_where_the_clock_says_so() {
    let world = World::new("demo").await;
    let mut trainer = world.browser();
    set(&mut trainer, "free-pass-ending").await;
    let account = world.account(PLANNER).await;
    let mut browser = world.browser();
    browser.log_in("/usage", account.kj_id.as_deref().unwrap(), "Careplan1").await;
    browser.get("/usage/licence").await.says("利用申請が正常に完了しております。");
    browser.get("/usage/licence/renewal").await;
    let stopped = browser.post("/usage/licence/renewal", &[("on", "false")]).await;
    stopped.says("本利用への自動更新を停止しました。");
    let clock = trainer.get("/console/clock").await;
    clock.says("次の5月末").says("フリーパスが終わり、送信できなくなる").says("次の年度初め");
    let presets = clock.html();
    let first = presets.split("name=\"time\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let end = account.licence.valid_until.unwrap();
    assert_eq!(first, format!("{}T09:00", end.tomorrow().unwrap()));
    trainer.post("/console/clock", &[("time", first), ("do", "set")]).await;
    let (mut planner, _) = log_in(&world, PLANNER, "Careplan1").await;
    send(&mut planner, PLANNER, "valid-K2").await.says("有効なライセンスがありません。");
    assert_eq!(progress(&mut trainer, "free-pass-ending").await, "3 / 4");
    let mut browser = world.browser();
    browser.log_in("/usage", account.kj_id.as_deref().unwrap(), "Careplan1").await;
    browser.get("/usage").await.says("ライセンスの有効期限が切れました");
}

#[tokio::test]
async fn states_are_saved_loaded_and_deleted() {
    let world = World::new("demo").await;
    let mut trainer = world.browser();
    set(&mut trainer, "exchange").await;
    trainer.get("/console/states").await.says("保存した状態はありません。");
    let hostile = "<script>alert(1)</script>\r\nx";
    let saved = trainer.post("/console/states", &[("do", "save"), ("name", hostile)]).await;
    saved.is_at("/console/states").says("&#60;script&#62;").says_not("<script>alert");
    let file = trainer.get("/console/states/1/file").await;
    let disposition = file.headers["content-disposition"].to_str().unwrap();
    assert!(disposition.is_ascii() && !disposition.contains('<'), "{disposition}");
    // Something happens, and is undone.
    let fee = |world: &World| world.relay().switches().licence_fee_yen;
    let before = fee(&world);
    trainer.get("/console/switches").await;
    let set_fee = [("key", "licence-fee-yen"), ("value", "1")];
    trainer.post("/console/switches", &set_fee).await;
    assert_eq!(fee(&world), 1);
    trainer.get("/console/states").await;
    let loaded = trainer.post("/console/states", &[("do", "load"), ("id", "1"), SURE]).await;
    loaded.says("証明書を入れた端末：4台");
    assert_eq!(fee(&world), before);
    let (_, shown) = log_in(&world, PLANNER, "Careplan1").await;
    shown.is_at(&format!("/client/{PLANNER}"));
    // The same as a file; one that is none changes nothing.
    trainer.get("/console/states").await;
    let zip = [("state.zip".to_owned(), file.bytes)];
    let listed = trainer.upload("/console/states", &[("do", "upload")], &zip).await;
    listed.says("「state.zip」を一覧に加えました。");
    let load = [("do", "load"), ("id", "2")];
    trainer.post("/console/states", &load).await.says("やめる").says_not("読み込みました。");
    let loaded = trainer.post("/console/states", &[load[0], load[1], SURE]).await;
    loaded.says("読み込みました。").says("元に戻す");
    let broken = [("state.zip".to_owned(), b"PK".to_vec())];
    trainer.upload("/console/states", &[("do", "upload")], &broken).await;
    let shown = trainer.post("/console/states", &[("do", "load"), ("id", "3"), SURE]).await;
    shown.says("状態を読み込めません。").says("状態「state.zip」を読み込む");
    for id in ["1", "2", "3"] {
        trainer.post("/console/states", &[("do", "remove"), ("id", id)]).await;
    }
    trainer.get("/console/states").await.says("保存した状態はありません。");
    assert_eq!(trainer.get("/console/states/1/file").await.status, 404);
}
