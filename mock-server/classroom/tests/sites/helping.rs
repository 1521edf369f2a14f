//! What a trainer does for one office, and taking back what was done to all.

use careplan_relay::clock::Timing;
use careplan_relay::control::AccountView;

use super::browser::{Browser, PLANNER, SERVICE, SURE, Shown, World};

const AT: &str = "/client/4779000118";

async fn help(trainer: &mut Browser, office: &str, help: &str, sure: bool) -> Shown {
    trainer.get("/console/accounts").await;
    let mut fields = vec![("office", office), ("help", help)];
    fields.extend(sure.then_some(SURE));
    trainer.post("/console/accounts/help", &fields).await
}

/// Logs in on the billing site; the page it ends at.
async fn billing(world: &World, account: &AccountView, password: &str) -> Shown {
    let kj_id = account.kj_id.as_deref().unwrap();
    world.browser().log_in("/billing", kj_id, password).await
}

#[tokio::test]
async fn an_office_that_locked_itself_out_is_let_in_again() {
    let world = World::new("demo").await;
    let account = world.account(PLANNER).await;
    for _ in 0..3 {
        billing(&world, &account, "Wrong123").await;
    }
    billing(&world, &account, "Careplan1").await.is_at("/billing/login").says("ログインできません");
    let mut trainer = world.browser();
    trainer.get("/console/accounts").await.says("ロック中");
    help(&mut trainer, PLANNER, "unlock", false)
        .await
        .is_at("/console/accounts")
        .says("ロックを解除しました。")
        .says_not("ロック中：");
    billing(&world, &account, "Careplan1").await.is_at("/billing/notices");
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_temporary_one_with_its_letter() {
    let world = World::new("demo").await;
    let before = world.account(PLANNER).await;
    let mut office = world.browser();
    office.log_in("/billing", before.kj_id.as_deref().unwrap(), "Careplan1").await;
    office.get("/billing/notices").await.is_at("/billing/notices");
    let mut trainer = world.browser();
    // It takes something away, so it is asked first.
    let asked = help(&mut trainer, PLANNER, "temporary-password", false).await;
    asked.says("今のパスワードは使えなくなり").says("やめる");
    assert_eq!(world.account(PLANNER).await, before);
    help(&mut trainer, PLANNER, "temporary-password", true)
        .await
        .says("仮パスワードを再発行しました。");
    let after = world.account(PLANNER).await;
    assert!(after.temporary && after.reissued);
    assert_eq!(after.certificate_password, before.certificate_password);
    assert_eq!(after.certificates, before.certificates);
    office.get("/billing/notices").await.is_at("/billing/login");
    billing(&world, &before, "Careplan1").await.is_at("/billing/login");
    let temporary = after.kj_password.unwrap();
    billing(&world, &before, temporary.reveal()).await.is_at("/billing/password/warning");
    let letter = trainer.get(&format!("/console/letter/{PLANNER}")).await;
    letter.says("再発行").says(temporary.reveal()).says("備考").says("098-000-").says("098-001-");
    // Nobody else is touched.
    let other = world.account(SERVICE).await;
    billing(&world, &other, "Careplan1").await.is_at("/billing/notices");
    // Again is another one.
    help(&mut trainer, PLANNER, "temporary-password", true).await;
    assert_ne!(world.account(PLANNER).await.kj_password, Some(temporary));
}

#[tokio::test]
async fn a_forgotten_login_is_ended_and_a_certificate_is_put_in() {
    let world = World::new("first-time").await;
    let account = world.account(PLANNER).await;
    let mut trainer = world.browser();
    // An office without one gets one, also where certificates take their time.
    world.relay().set_timing(Timing::Real);
    assert!(account.certificates.is_empty());
    help(&mut trainer, PLANNER, "put-certificate", false).await.says("証明書を端末に入れました。");
    trainer.get(&format!("{AT}/certificate")).await.says("シリアル番号");
    // One that counts is used again.
    help(&mut trainer, PLANNER, "put-certificate", false).await;
    assert_eq!(world.account(PLANNER).await.certificates.len(), 1);

    let world = World::new("demo").await;
    let account = world.account(PLANNER).await;
    let mut trainer = world.browser();
    help(&mut trainer, PLANNER, "put-certificate", false).await;
    let mut office = world.browser();
    office.sit_down(&account, AT).await.is_at(AT);
    help(&mut trainer, PLANNER, "end-logins", false).await.says("ログインを終了しました。");
    let told = office.get(AT).await;
    told.is_at(&format!("{AT}/login")).says("この端末のログインは終了しました");
    // Nobody has to be asked for the terminal.
    world.browser().sit_down(&account, AT).await.is_at(AT);
    let deeds = trainer.get("/console/journal").await;
    deeds.says("ログインを終了する").says("証明書を入れる").says(PLANNER).says("コンソール");
}

#[tokio::test]
async fn an_office_is_set_back_to_before_its_first_login_and_that_is_undone() {
    let world = World::new("demo").await;
    let before = world.account(PLANNER).await;
    let other = world.account(SERVICE).await;
    let mut trainer = world.browser();
    help(&mut trainer, PLANNER, "put-certificate", false).await;
    let asked = help(&mut trainer, PLANNER, "before-first-login", false).await;
    asked.says("仮パスワードに戻し").says("今の状態を自動で保存してから");
    assert_eq!(world.account(PLANNER).await, before);
    let done = help(&mut trainer, PLANNER, "before-first-login", true).await;
    done.says("初回ログイン前の状態に戻しました。").says("id=\"undo\"");
    let after = world.account(PLANNER).await;
    assert!(after.temporary && !after.reissued && after.certificates.is_empty());
    assert_ne!(after.licence, before.licence);
    trainer
        .get(&format!("{AT}/certificate"))
        .await
        .says("電子証明書はインストールされていません。");
    let temporary = after.kj_password.unwrap();
    billing(&world, &before, temporary.reveal()).await.is_at("/billing/password/warning");
    assert_eq!(world.account(SERVICE).await, other, "nobody else is touched");
    // It is as the first letter: the whole way can be walked again, from the same seed.
    let fresh = World::new("first-time").await;
    assert_eq!(fresh.account(PLANNER).await.kj_password, Some(temporary));

    let page = trainer.get("/console/accounts").await;
    let number = page.html().split("name=\"number\" value=\"").nth(1).unwrap()[..1].to_owned();
    let back = [("number", number.as_str()), ("back", "/console/accounts")];
    trainer
        .post("/console/undo", &back)
        .await
        .says("すべての事業所が、その操作の前の状態に戻ります");
    assert!(world.account(PLANNER).await.temporary, "it is asked first");
    let undone = trainer.post("/console/undo", &[back[0], back[1], SURE]).await;
    undone.is_at("/console/accounts").says("の前の状態に戻しました。");
    assert_eq!(world.account(PLANNER).await, before);
    assert_eq!(trainer.post("/console/undo", &[back[0], SURE]).await.path, "/console");
}

#[tokio::test]
async fn a_scene_is_asked_for_and_undone_with_what_stood_on_the_terminals() {
    let world = World::new("demo").await;
    let account = world.account(PLANNER).await;
    let mut trainer = world.browser();
    help(&mut trainer, PLANNER, "put-certificate", false).await;
    let mut office = world.browser();
    office.sit_down(&account, AT).await.is_at(AT);
    let new = format!("{AT}/new");
    office.get(&new).await;
    office.upload(&new, &[("text", ""), ("sample", "valid-K2"), ("do", "sample")], &[]).await;
    office.upload(&new, &[("text", "途中"), ("do", "save")], &[]).await;
    office.get(&format!("{AT}/drafts")).await.says("途中");

    trainer.get("/console").await.says_not("id=\"undo\"");
    let scene = ("id", "first-setup");
    let asked = trainer.post("/console/scene", &[scene]).await;
    asked.says("場面「はじめての設定」を準備する").says("置き換わります").says("やめる");
    office.get(AT).await.is_at(AT);
    assert_eq!(world.relay().origin().name, "demo");
    let set = trainer.post("/console/scene", &[scene, SURE]).await;
    set.is_at("/console/scene/first-setup").says("id=\"undo\"");
    office.get(AT).await.is_at(&format!("{AT}/login")).says("この端末のログインは終了しました");
    // Starting over is one more step that can be taken back.
    trainer.get("/console").await;
    trainer.post("/console/reset", &[]).await.says("やめる");
    trainer.post("/console/reset", &[SURE]).await.says("はじめの状態に戻しました");
    for scenario in ["first-time", "demo"] {
        let page = trainer.get("/console").await;
        let number = page.html().split("name=\"number\" value=\"").nth(1).unwrap().to_owned();
        let number = number.split('"').next().unwrap();
        // What was undone can be undone too: that is the latest then, so the one before is named.
        let number = if scenario == "demo" { "1" } else { number };
        let undo = [("number", number), ("back", "/console"), SURE];
        trainer.post("/console/undo", &undo).await.says("の前の状態に戻しました。");
        assert_eq!(world.relay().origin().name, scenario);
    }
    office.sit_down(&account, AT).await.is_at(AT);
    office.get(&format!("{AT}/drafts")).await.says("途中");
}

#[tokio::test]
async fn all_letters_are_one_print() {
    let world = World::new("first-time").await;
    let mut trainer = world.browser();
    let all = world.relay().turn().await.unwrap().operator().accounts().await.unwrap();
    let page = trainer.get("/console/letters").await;
    assert_eq!(page.html().matches("<article class=\"card narrow letter\"").count(), all.len());
    for account in &all {
        page.says(account.kj_id.as_deref().unwrap());
        page.says(account.kj_password.as_ref().unwrap().reveal());
    }
    page.says("電話番号").says("FAX番号").says("住所").says("〒909-").says("はじめての方");
    page.says(&format!("{}/billing", world.server.addresses().sites)).says("class=\"print\"");
    assert_eq!(trainer.get("/console/letter/9999999999").await.status, 404);
    let shared = World::shared("demo").await;
    shared.browser().get("/console/letters").await.is_at("/console/login");
}

#[tokio::test]
async fn waiting_times_are_switched_while_it_runs() {
    let world = World::new("demo").await;
    let mut trainer = world.browser();
    trainer.get("/console/clock").await.says("待ち時間なし");
    let real = trainer.post("/console/clock", &[("do", "real-timing")]).await;
    real.says("本物と同じ").says("午前1:30から午前6:30");
    assert_eq!(world.relay().timing(), Timing::Real);
    let account = world.account(PLANNER).await;
    let mut office = world.browser();
    office.log_in("/billing", account.kj_id.as_deref().unwrap(), "Careplan1").await;
    trainer.post("/console/clock", &[("do", "instant")]).await.says("待ち時間なし");
    assert_eq!(world.relay().timing(), Timing::Instant);
    trainer.get("/console/journal").await.says("待ち時間をなくす").says("本物の待ち時間にする");
}
