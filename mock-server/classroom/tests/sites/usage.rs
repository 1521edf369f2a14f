//! 利用状況Webサイト.

use careplan_relay::switches::{DateOrNone, Switches};

use super::browser::{Browser, PLANNER, Shown, World};

const FORM: [(&str, &str); 8] = [
    ("office_name", "みほん居宅介護支援事業所"),
    ("representative_family", "見本"),
    ("representative_given", "太郎"),
    ("contact_family", "見本"),
    ("contact_given", "花子"),
    ("phone", "0980000001"),
    ("mail", "office@example.jp"),
    ("mail_again", "office@example.jp"),
];

/// The office chooses its password on the billing site; this is the browser on the usage site.
async fn prepared(world: &World) -> Browser {
    let account = world.account(PLANNER).await;
    let (kj_id, temporary) = (account.kj_id.unwrap(), account.kj_password.unwrap());
    let mut browser = world.browser();
    // E5, before the password was changed.
    browser
        .log_in("/usage", &kj_id, temporary.reveal())
        .await
        .is_at("/usage/login")
        .says("パスワードの有効期限が切れています");
    browser.log_in("/billing", &kj_id, temporary.reveal()).await;
    browser.get("/billing/password/terms").await;
    browser.post("/billing/password/terms", &[]).await;
    let change = [("current", temporary.reveal()), ("new", "Abcdefg1"), ("again", "Abcdefg1")];
    browser.post("/billing/password", &change).await;
    browser.log_in("/usage", &kj_id, "Abcdefg1").await.is_at("/usage").says("利用可能です。");
    browser
}

/// The whole application, from the page that says that one may apply.
async fn apply(browser: &mut Browser, kind: &str) -> Shown {
    browser.get("/usage/apply").await.says("利用申請可能です。");
    let begun = browser.post("/usage/apply", &[]).await;
    if kind == "free-pass" {
        begun.is_at("/usage/apply/free-pass").says("フリーパス申請が可能です。");
        browser.post("/usage/apply/free-pass", &[]).await.is_at("/usage/apply/form");
    } else {
        begun.is_at("/usage/apply/form");
    }
    let mut wrong = FORM.to_vec();
    wrong[6].1 = "03-1234-5678";
    wrong[8 - 1].1 = "other@example.jp";
    wrong.push(("accept_terms", "yes"));
    browser
        .post("/usage/apply/form", &wrong)
        .await
        .is_at("/usage/apply/form")
        .says("メールアドレスの形式に誤りがあります。")
        .says("2つのメールアドレスが一致しません。")
        .says("「個人情報取り扱いに同意する」にチェックしてください。")
        .says_not("「利用規約に同意する」にチェックしてください。")
        .says("value=\"03-1234-5678\"")
        .says("みほん居宅介護支援事業所");
    // Nobody gets past a form that is not complete.
    browser.get("/usage/apply/confirm").await.is_at("/usage/apply/form");
    let mut form = FORM.to_vec();
    form.extend([("accept_terms", "yes"), ("accept_privacy", "yes")]);
    browser
        .post("/usage/apply/form", &form)
        .await
        .is_at("/usage/apply/confirm")
        .says("role=\"dialog\"")
        .says("注　意");
    browser.post("/usage/apply/confirm", &[]).await
}

#[tokio::test]
async fn a_licence_is_applied_for_and_its_renewal_stopped() {
    let world = World::new("first-time").await;
    let mut browser = prepared(&world).await;
    let account = world.account(PLANNER).await;
    let top = browser.get("/usage").await;
    assert_eq!(top.text_of("c-id"), account.c_id.unwrap());
    assert_eq!(top.text_of("c-password"), account.c_password.unwrap().reveal());
    let before = browser.get("/usage/apply").await;
    before.says("利用申請可能です。").says_not("フリーパス申請が可能です。");
    // There is no free pass to be had today.
    browser.get("/usage/apply/free-pass").await.is_at("/usage/apply");
    apply(&mut browser, "licence")
        .await
        .is_at("/usage/apply/done")
        .says("利用申請が正常に完了しております。")
        .says("見本　太郎");
    let licence = browser.get("/usage/licence").await;
    assert_eq!(licence.text_of("renewal"), "する");
    // The end is shown, so nothing is said about “-”.
    licence.says_not("「-」と表示されます");
    browser.get("/usage/licence/renewal").await;
    let stopped = browser.post("/usage/licence/renewal", &[("on", "false")]).await;
    assert_eq!(stopped.text_of("renewal"), "停止中");
    let resumed = browser.post("/usage/licence/renewal", &[("on", "true")]).await;
    assert_eq!(resumed.text_of("renewal"), "する");
    browser.get("/usage/licence/cancel").await;
    browser.post("/usage/licence/cancel", &[]).await.is_at("/usage/licence").says("解約");
}

#[tokio::test]
async fn a_free_pass_thanks_and_shows_what_to_print() {
    let switches = Switches { free_pass_last_application: DateOrNone(None), ..Switches::default() };
    let world = World::with("first-time", switches).await;
    let mut browser = prepared(&world).await;
    browser
        .get("/usage/apply/free-pass")
        .await
        .says("フリーパス申請が可能です。")
        .says("途中解約はできません");
    apply(&mut browser, "free-pass")
        .await
        .is_at("/usage/apply/thanks")
        .says("フリーパスを申請いただきありがとうございます。")
        .says("「ライセンス確認画面」より本利用への更新を停止する事も可能です。(※)");
    browser
        .get("/usage/apply/done")
        .await
        .says("フリーパス申請が完了しました。")
        .says("office@example.jp")
        .says("この画面を印刷または保存をして、大切に保管してください。");
}

#[tokio::test]
async fn nothing_is_shown_before_the_first_charge() {
    // With real timing the charge comes weeks later.
    let options = careplan_wire::serve::Options {
        settings: careplan_relay::Settings {
            timing: careplan_relay::clock::Timing::Real,
            ..Default::default()
        },
        scenario: Some("first-time".to_owned()),
        port_base: 0,
        ..Default::default()
    };
    let server = careplan_classroom::sites::start(options).await.unwrap();
    let world = World { server };
    let mut browser = prepared(&world).await;
    apply(&mut browser, "licence").await;
    let licence = browser.get("/usage/licence").await;
    assert_eq!(licence.text_of("valid-until"), "-");
    assert_eq!(licence.text_of("balance"), "-");
    licence.says("「有効期限」「残高」に「-」と表示されます。");
}

/// What the relay names to its clients is this site.
#[tokio::test]
async fn the_client_is_told_where_this_site_is() {
    let world = World::new("demo").await;
    let mut browser = world.browser();
    browser.get(&world.usage_site()).await.is_at("/usage/login").says("利用状況Webサイト");
}
