//! Before the start: what the guides ask an office to make sure of.

use super::browser::{World, plain_client};

const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0";

/// What a page says to a browser that says this of itself.
async fn seen_with(world: &World, path: &str, agent: &str) -> String {
    let url = format!("{}{path}", world.server.addresses().sites);
    let answer = plain_client().get(url).header("user-agent", agent).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap()
}

/// The cell with this id.
fn cell<'a>(html: &'a str, id: &str) -> &'a str {
    let from = html.split_once(&format!("id=\"{id}\"")).unwrap().1.split_once('>').unwrap().1;
    from.split_once("</td>").unwrap().0
}

#[tokio::test]
async fn the_whole_way_stands_on_one_page_in_two_parts() {
    let world = World::new("first-time").await;
    let mut browser = world.browser();
    browser.get("/").await.says("href=\"/start\"").says("利用開始までの全体ステップ");
    let shown = browser.get("/start").await;
    let html = shown.html();
    let order = [
        "事前確認・準備",
        "パソコン環境の確認",
        "介護ソフトの確認",
        "電子請求用のID確認",
        "電子証明書インストール",
        "ダウンロード・利用申請",
        "ダウンロード",
        "利用申請",
        "利用開始",
        "相手の事業所も",
    ];
    let mut rest = html.split_once("<h1>").unwrap().1;
    for step in order {
        rest = rest.split_once(step).unwrap_or_else(|| panic!("{step} in its place: {html}")).1;
    }
}

#[tokio::test]
async fn the_computer_is_checked_as_far_as_it_is_seen() {
    let world = World::new("first-time").await;
    let page = "/start/computer";
    let html = seen_with(&world, page, EDGE).await;
    for wanted in [
        "Windows 11。Windows Updateを確認し、最新の状態に更新",
        "インターネット接続済みの端末",
        "西暦で使用（和暦設定は不可）",
        "Microsoft Edge（Chromium版）または Google Chrome",
        "Adobe Acrobat Reader 推奨",
    ] {
        assert!(html.contains(wanted), "{wanted}");
    }
    assert!(cell(&html, "browser").contains("使えます") && cell(&html, "browser").contains("Edge"));
    assert!(cell(&html, "system").contains("要確認"), "10 and 11 say the same");
    let firefox = "Mozilla/5.0 (Macintosh; Intel Mac OS X 15.0; rv:140.0) Firefox/140.0";
    let html = seen_with(&world, page, firefox).await;
    assert!(cell(&html, "browser").contains("対象外"));
    assert!(cell(&html, "system").contains("Windowsではないようです。"));
    // A script of its own, from the same place: what the policy of the pages allows.
    assert!(html.contains("src=\"/assets/computer.js\"") && !html.contains("<script>"));
    let script = seen_with(&world, "/assets/computer.js", EDGE).await;
    assert!(script.contains("pdfViewerEnabled") && script.contains("platformVersion"));
}

#[tokio::test]
async fn a_date_in_japanese_eras_is_put_right() {
    let world = World::new("first-time").await;
    let mut browser = world.browser();
    let undecided = browser.get("/start/computer").await;
    undecided
        .says("西暦になっている")
        .says("和暦になっている")
        .says_not("和暦のままでは使えません");
    let wrong = browser.get("/start/computer?calendar=japanese").await;
    wrong
        .says("和暦のままでは使えません。西暦に変更してください。")
        .says("「カレンダー」を「西暦（日本語）」にする");
    let right = browser.get("/start/computer?calendar=western").await;
    right.says("西暦なので、そのまま使えます。").says_not("和暦のままでは使えません");
}

#[tokio::test]
async fn care_software_is_looked_up_in_the_list_of_finished_tests() {
    let world = World::new("first-time").await;
    let mut browser = world.browser();
    let software = browser.get("/start/software").await;
    software
        .says("■ベンダ試験申込フォーム")
        .says("（標準仕様V4対応版）")
        .says("（標準仕様V3対応版）");
    let results = browser.get(&software.link("/start/software/results")).await;
    for code in ["D1", "D2", "D3", "D4", "D5", "D6", "D7"] {
        results.says(&format!("<th scope=\"col\">{code}</th>"));
    }
    results.says("8製品が該当しています。").says("（架空）");
    let list = "/start/software/results";
    browser.get(&format!("{list}?q=さざなみ")).await.says("1製品").says_not("そらまめ介護");
    browser
        .get(&format!("{list}?exchange=prevention"))
        .await
        .says("4製品")
        .says_not("さざなみ居宅");
    browser
        .get(&format!("{list}?q=zzz"))
        .await
        .says("0製品")
        .says("介護ソフトの会社に問い合わせてください。");
    let third = browser.get(&format!("{list}?standard=v3")).await;
    third.says("V4）に対応していないことがあります").says_not("<th scope=\"col\">D4</th>");
}

#[tokio::test]
async fn who_has_both_goes_on_and_who_has_not_asks_for_them() {
    let world = World::new("first-time").await;
    let mut browser = world.browser();
    let fork = browser.get("/start/id").await;
    fork.says("KJから始まる14桁のユーザID").says("仮パスワード").says("証明書発行用パスワード");
    fork.says("ID・仮パスワードの両方がある").says("両方、またはどちらかが分からない");
    assert_eq!(fork.link("/billing"), "/billing");
    let lost = browser.get(&fork.link("/start/id/lost")).await;
    lost.says("仮パスワードを再発行してほしい").says("数日～2週間前後で、郵送で届きます。");
    lost.says("証明書発行用パスワードは、最初に発行されたものを使用します。");
    lost.says("「通知書を紛失してしまった」")
        .says("電子請求受付システムのログインパスワードです。");
}

#[tokio::test]
async fn every_page_is_in_english_too() {
    let world = World::new("first-time").await;
    let mut browser = world.browser();
    for (page, words) in [
        ("/start", "All steps until you can begin"),
        ("/start/computer", "Western years; Japanese eras do not work"),
        ("/start/software", "Make sure that your care software works"),
        ("/start/software/results", "The seven exchanges"),
        ("/start/id", "Both are there"),
        ("/start/id/lost", "It opens with the password of your login"),
    ] {
        browser.get(&format!("{page}?lang=en")).await.says(words);
    }
}
