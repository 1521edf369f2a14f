//! Installing: the product, the application, the certificate, slide by slide.

use super::browser::{Browser, PLANNER, Shown, World};

/// What stands in the order of the slides: the words of the guide that lead from one to the next.
const SLIDES: [(&str, &str); 14] = [
    ("製品インストール①", "「ファイルを開く」をクリック"),
    ("製品インストール①", "「CarePlanApp-1.2.0-setup」をクリック"),
    ("WindowsによってPCが保護されました", "「詳細情報」をクリック"),
    ("WindowsによってPCが保護されました", "「実行」をクリック"),
    ("製品インストール①", "「インストール」をクリック"),
    ("ユーザー アカウント制御", "「はい」をクリック"),
    ("製品インストール①", "「完了」をクリック"),
    ("製品インストール②", "アプリのアイコンをクリック"),
    ("製品インストール②", "「Download it now」をクリック"),
    ("製品インストール②", "「ファイルを開く」をクリック"),
    ("製品インストール②", "「了解してインストール」をクリック"),
    ("製品インストール②", "「インストール」をクリック"),
    ("製品インストール②", "「はい」をクリック"),
    ("製品インストール②", "「閉じる」をクリック"),
];

/// Every button of a drawing.
fn presses(shown: &Shown) -> Vec<String> {
    let html = shown.html();
    let links = html.split("class=\"press\" href=\"").skip(1);
    links.map(|rest| rest.split_once('"').unwrap().0.replace("&#38;", "&")).collect()
}

#[tokio::test]
async fn the_product_is_asked_for_by_an_organisation_and_a_number() {
    let world = World::new("first-time").await;
    let mut browser = world.browser();
    browser.get("/support").await.link("/support/download");
    let form = browser.get("/support/download").await;
    form.says("組織名称").says("介護保険事業所番号").says("製品ダウンロードに進む");
    let wrong = browser
        .post("/support/download", &[("organisation", ""), ("office", "４７７９０００１１８")])
        .await;
    assert_eq!(wrong.status, 422);
    // All at once, at the top and at the field, and nothing typed is lost.
    wrong.says("href=\"#organisation\"").says("href=\"#office\"").says("id=\"office_wrong\"");
    wrong.says("value=\"４７７９０００１１８\"").says("半角数字10桁で入力してください。");
    let fields = [("organisation", "あおぞら居宅"), ("office", PLANNER)];
    let product = browser.post("/support/download", &fields).await;
    product.is_at("/support/download/product").says("製品をダウンロードする。");
    assert_eq!(product.link("/setup"), "/setup/1");
}

#[tokio::test]
async fn the_application_is_installed_in_the_order_of_the_slides() {
    let world = World::new("first-time").await;
    let mut browser = world.browser();
    let mut shown = browser.get("/setup/1").await;
    for (index, (part, task)) in SLIDES.iter().enumerate() {
        let at = format!("/setup/{}", index + 1);
        shown.is_at(&at).says(part).says(task).says("図：Windowsの画面（模擬）");
        let mut next = None;
        for press in presses(&shown) {
            let after = browser.get(&press).await;
            if after.html().contains("を押すと</p>") {
                // It says why not, and stays.
                assert!(after.path.starts_with(&at), "{after:?}");
            } else {
                assert!(next.replace(after).is_none(), "{press}: two ways on");
            }
        }
        shown = next.unwrap_or_else(|| panic!("no way on from {at}"));
    }
    shown.is_at("/setup/done").says("アプリの準備ができました");
    for nothing in ["/setup/0", "/setup/15", "/setup/x", "/setup/1?press=x"] {
        assert_eq!(browser.get(nothing).await.status, 404, "{nothing}");
    }
    // Who knows it goes past it.
    assert_eq!(browser.get("/setup/3").await.link("/setup/done"), "/setup/done");
    browser.get("/setup/3?lang=en").await.says("Windows protected your PC");
}

/// The .p12 of an office that has a certificate, and its password.
async fn p12(world: &World, browser: &mut Browser) -> (Vec<u8>, String) {
    let account = world.account(PLANNER).await;
    let (kj_id, password) = (account.kj_id.unwrap(), account.kj_password.unwrap());
    browser.log_in("/billing", &kj_id, password.reveal()).await;
    let downloads = browser.get("/billing/certificate/dx/download").await;
    let p12 = browser.get(&downloads.link("/billing/p12/")).await.bytes;
    (p12, account.certificate_password.unwrap().reveal().to_owned())
}

#[tokio::test]
async fn seven_screens_put_the_certificate_in() {
    let world = World::new("demo").await;
    let mut browser = world.browser();
    let (p12, password) = p12(&world, &mut browser).await;
    let at = format!("/client/{PLANNER}/certificate");
    let wizard = |number: usize| format!("{at}/wizard/{number}");
    // There is no wizard before a file is opened, and none for another kind of file.
    browser.get(&wizard(3)).await.is_at(&at);
    let open = format!("{at}/open");
    browser
        .upload(&open, &[], &[("memo.txt".to_owned(), b"x".to_vec())])
        .await
        .says("証明書のファイルではありません。");
    let file = [("202511290000000136.p12".to_owned(), p12)];
    let first = browser.upload(&open, &[], &file).await;
    first.is_at(&wizard(1)).says("現在のユーザー").says("ローカル コンピューター");
    browser.get(&wizard(4)).await.is_at(&wizard(1));

    let go = [("press", "next")];
    browser.post(&wizard(1), &go).await.is_at(&wizard(1)).says("保存場所を選んでください。");
    let machine = [("place", "machine"), ("press", "next")];
    browser
        .post(&wizard(1), &machine)
        .await
        .is_at(&wizard(1))
        .says("「現在のユーザー」を選びます。");
    let user = [("place", "user"), ("press", "next")];
    browser.post(&wizard(1), &user).await.is_at(&wizard(2)).says("202511290000000136.p12");
    let key = browser.post(&wizard(2), &go).await;
    key.is_at(&wizard(3))
        .says("秘密キーの保護を強力にする")
        .says("このキーをエクスポート可能にする");
    key.says("仮想化ベースのセキュリティを使用して").says("すべての拡張プロパティを含める");

    // A wrong password is refused where it is typed, with every wrong option.
    let wrong = [("password", "Chigau99"), ("strong", "on"), ("exportable", "on")];
    let wrong = browser.post(&wizard(3), &wrong).await;
    wrong.is_at(&wizard(3)).says("パスワード").says("証明書を使うたびに確認の画面が出ます。");
    wrong.says("秘密キーを持ち出せるようになります。").says("チェックは付けたままにします。");
    let ticked = [("password", password.as_str()), ("extended", "on"), ("virtual", "on")];
    let almost = browser.post(&wizard(3), &ticked).await;
    almost.is_at(&wizard(3)).says("入力済みです。").says("name=\"virtual\" checked");
    let store = browser.post(&wizard(3), &[("password", ""), ("extended", "on")]).await;
    store.is_at(&wizard(4)).says("自動的に証明書ストアを選択する").says("次のストアに配置する");
    let own = browser.post(&wizard(4), &[("store", "own")]).await;
    own.is_at(&wizard(4)).says("を選びます。");
    browser.post(&wizard(4), &[("store", "automatic")]).await.is_at(&wizard(5)).says("完了");
    let warning = browser.post(&wizard(5), &go).await;
    warning.is_at(&wizard(6)).says("セキュリティ警告").says("e-seikyu").says("拇印 (sha1)");
    let thumbprint = warning.text_of("thumbprint");
    let groups: Vec<&str> = thumbprint.split(' ').collect();
    assert!(groups.len() == 5 && groups.iter().all(|group| group.len() == 8), "{thumbprint}");
    browser.post(&wizard(6), &[("press", "no")]).await.is_at(&wizard(6)).says("「いいえ」を押すと");
    browser.get(&at).await.says("id=\"none\"");
    let over = browser.post(&wizard(6), &[("press", "yes")]).await;
    over.is_at(&wizard(7)).says("正しくインポートされました。");

    // Where Windows shows it.
    let look = browser.post(&wizard(7), &go).await;
    look.is_at(&format!("{at}/check/1")).says("インターネットオプション");
    browser.get(&format!("{at}/check/1?press=edge")).await.says("それは別の項目です。");
    let tabs = browser.get(&format!("{at}/check/1?press=on")).await;
    tabs.is_at(&format!("{at}/check/2")).says("コンテンツ");
    browser
        .get(&format!("{at}/check/2?press=general"))
        .await
        .says("証明書は、そのタブにはありません。");
    let list = browser.get(&format!("{at}/check/4")).await;
    list.says("①発行先").says("CarePlanJigyousho").says("②発行者").says("e-seikyuuCA");
    list.says("③有効期限").says("証明書がインストールされています。");
}

#[tokio::test]
async fn an_import_is_cancelled_without_a_trace() {
    let world = World::new("demo").await;
    let mut browser = world.browser();
    let (p12, _) = p12(&world, &mut browser).await;
    let at = format!("/client/{PLANNER}/certificate");
    browser.get(&at).await;
    let file = [("a.p12".to_owned(), p12)];
    browser.upload(&format!("{at}/open"), &[], &file).await;
    let cancelled = browser.post(&format!("{at}/wizard/1"), &[("press", "cancel")]).await;
    cancelled.is_at(&at).says("取り込みを中止しました。").says("id=\"none\"");
    browser.get(&format!("{at}/check/4")).await.says("証明書がまだ入っていません。");
}
