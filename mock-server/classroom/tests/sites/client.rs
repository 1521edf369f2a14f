//! 連携クライアント on virtual terminals: the real client behind the screens.

use careplan_client_core::Code;
use careplan_fixtures::{Request, generate};
use careplan_relay::switches::Switches;
use careplan_spec::calendar::Month;

use super::browser::{Browser, PLANNER, SERVICE, Shown, World};

/// A program can match every refusal: the client knows the codes of the relay and of its transport.
#[test]
fn the_client_knows_every_refusal() {
    let transport = careplan_wire::api::transport_refusal::TRANSPORT_REFUSALS;
    let transport = transport.iter().map(|(refusal, _)| refusal.code);
    let codes = careplan_relay::refusal::REFUSALS.iter().map(|refusal| refusal.code);
    let unknown: Vec<&str> =
        codes.chain(transport).filter(|code| matches!(Code::from(*code), Code::Other(_))).collect();
    assert_eq!(unknown, [""; 0]);
}

/// Files of a send unit between the planner and an office of a kind.
fn unit(world: &World, id: &str, kind: &str) -> Vec<(String, Vec<u8>)> {
    let today = world.relay().clock().today();
    let month = Month::of(today).unwrap();
    let mut request = Request::new(id, month).unwrap();
    let party = |number: &str, kind: &str| {
        careplan_fixtures::region::offices()
            .iter()
            .find(|office| office.number.as_str() == number)
            .and_then(|office| office.party(kind))
            .unwrap()
    };
    let service = match kind {
        "11" => party(SERVICE, "11"),
        kind => careplan_fixtures::region::offices_of_kind(kind)
            .find_map(|office| office.party(kind))
            .unwrap(),
    };
    request.from = party(PLANNER, "43");
    request.to = service;
    request.seed = 5;
    generate(&request).unwrap().into_iter().map(|file| (file.name, file.bytes)).collect()
}

/// Both stages of the login.
async fn log_in(browser: &mut Browser, terminal: &str, c: (&str, &str), kj: (&str, &str)) -> Shown {
    let at = format!("/client/{terminal}");
    browser.get(&at).await.is_at(&format!("{at}/login"));
    let first = [("user_id", c.0), ("password", c.1)];
    browser
        .post(&format!("{at}/login"), &first)
        .await
        .is_at(&format!("{at}/office-login"))
        .says("事業所ユーザログイン");
    browser.post(&format!("{at}/office-login"), &[("user_id", kj.0), ("password", kj.1)]).await
}

/// A demo office at its terminal, with the certificate it has.
async fn at_work(world: &World, office: &str) -> Browser {
    let mut browser = world.browser();
    let account = world.account(office).await;
    let at = format!("/client/{office}");
    let page = browser.get(&format!("{at}/certificate")).await;
    page.says("電子証明書はインストールされていません。");
    let id = account.certificates[0].id.clone();
    browser
        .post(&format!("{at}/certificate/shortcut"), &[("id", &id)])
        .await
        .is_at(&format!("{at}/certificate"));
    let c_id = account.c_id.unwrap();
    let kj_id = account.kj_id.unwrap();
    log_in(&mut browser, office, (&c_id, "Terminal1"), (&kj_id, "Careplan1"))
        .await
        .is_at(&at)
        .says("ただいまシステムは正常稼働中です。");
    browser
}

#[tokio::test]
async fn from_the_letter_to_the_first_download() {
    let world = World::new("first-time").await;
    let mut people = Vec::new();
    for office in [PLANNER, SERVICE] {
        let mut browser = world.browser();
        let account = world.account(office).await;
        let kj_id = account.kj_id.unwrap();
        let temporary = account.kj_password.unwrap();
        let issue_password = account.certificate_password.unwrap();
        // 電子請求受付システム: the password, then the certificate.
        browser.log_in("/billing", &kj_id, temporary.reveal()).await;
        browser.get("/billing/password/terms").await;
        browser.post("/billing/password/terms", &[]).await;
        let change = [("current", temporary.reveal()), ("new", "Abcdefg1"), ("again", "Abcdefg1")];
        browser.post("/billing/password", &change).await;
        let dx = "/billing/certificate/dx";
        browser.get(&format!("{dx}/before")).await;
        browser.post(&format!("{dx}/before"), &[]).await;
        browser.post(dx, &[("process", "apply")]).await;
        let password = [("password", issue_password.reveal())];
        browser.post(&format!("{dx}/password"), &password).await;
        browser.post(&format!("{dx}/terms"), &[]).await.says("発行申請を完了しました");
        let p12 = browser.get(&format!("{dx}/download")).await.link("/billing/p12/");
        let p12 = browser.get(&p12).await.bytes;
        // The client: without a certificate the login ends with the official words.
        let c = (account.c_id.unwrap(), account.c_password.unwrap());
        let at = format!("/client/{office}");
        let refused =
            log_in(&mut browser, office, (&c.0, c.1.reveal()), (&kj_id, "Abcdefg1")).await;
        refused
            .is_at(&format!("{at}/office-login"))
            .says("正しい電子証明書をインストールしてください。");
        // Installing it: first with a wrong password.
        let file = [("certificate.p12".to_owned(), p12)];
        browser.get(&format!("{at}/certificate")).await;
        let import = format!("{at}/certificate/import");
        let wrong = browser.upload(&import, &[("password", "Wrong0000")], &file).await;
        wrong.says("class=\"alert bad\"").says("電子証明書はインストールされていません。");
        let good = browser.upload(&import, &[("password", issue_password.reveal())], &file).await;
        good.says("正しくインポートされました。");
        assert_eq!(good.text_of("subject"), "CarePlanJigyousho");
        // 利用状況Webサイト.
        browser.log_in("/usage", &kj_id, "Abcdefg1").await.is_at("/usage");
        browser.post("/usage/apply", &[]).await;
        let form = [
            ("office_name", "みほん"),
            ("representative_family", "見本"),
            ("contact_family", "見本"),
            ("phone", "0980000001"),
            ("mail", "a@example.jp"),
            ("mail_again", "a@example.jp"),
            ("accept_terms", "yes"),
            ("accept_privacy", "yes"),
        ];
        browser.post("/usage/apply/form", &form).await;
        browser.post("/usage/apply/confirm", &[]).await.says("利用申請が正常に完了しております。");
        let top = log_in(&mut browser, office, (&c.0, c.1.reveal()), (&kj_id, "Abcdefg1")).await;
        top.is_at(&at).says("利用可能です。").says(office);
        people.push(browser);
    }
    let [planner, service] = &mut people[..] else { unreachable!() };
    // 新規作成.
    let files = unit(&world, "K2", "11");
    let new = format!("/client/{PLANNER}/new");
    planner.get(&new).await;
    let text = "来月分です。<b>ご確認</b>ください。";
    let shown = planner.upload(&new, &[("text", text), ("do", "add")], &files).await;
    shown.is_at(&new).says(SERVICE).says("&#60;b&#62;").says_not("<b>ご確認");
    let destination = shown.text_of("destination");
    assert!(destination.starts_with(&world.account(SERVICE).await.name), "{destination}");
    planner.upload(&new, &[("text", text), ("do", "send")], &[]).await.says("送信成功しました");
    planner.get(&format!("/client/{PLANNER}/outbox")).await.says("未ダウンロード");
    // 受信一覧.
    let inbox = format!("/client/{SERVICE}/inbox");
    let list = service.get(&inbox).await;
    list.says("class=\"unfetched\"");
    let html = list.html();
    let id = html.split("name=\"message\" value=\"").nth(1).unwrap();
    let id = id[..id.find('"').unwrap()].to_owned();
    // Not before a folder was chosen.
    let asked = service.post(&inbox, &[("message", &id)]).await;
    asked.is_at(&format!("/client/{SERVICE}/folder?message={id}")).says("フォルダーの選択");
    let fetch = [("message", id.as_str()), ("folder", "documents")];
    let fetched = service.post(&inbox, &fetch).await;
    fetched
        .says("データを取得しました")
        .says("<strong>済</strong>")
        .says_not("class=\"unfetched\"");
    let again = service.post(&inbox, &fetch).await;
    again.says("取得できるのは1回だけです。").says("送信元に再送を依頼するか");
    // The files, byte for byte.
    let saved = service.get(&format!("/client/{SERVICE}/files")).await;
    saved.says("確認済み").says("&#60;b&#62;").says("ドキュメント");
    for (name, bytes) in &files {
        let html = saved.html();
        let before = &html[..html.find(&format!("\">{name}</a>")).expect("it is listed")];
        let link = before.rsplit("href=\"").next().unwrap().to_owned();
        assert_eq!(service.get(&link).await.bytes, *bytes, "{name}");
    }
    let zip = service.get(&format!("/client/{SERVICE}/files/1/zip")).await;
    assert_eq!(&zip.bytes[..2], b"PK");
    let forms = service.get(&format!("/client/{SERVICE}/files/1/forms")).await;
    forms.says("class=\"cp-forms\"").says("/assets/forms.css");
    planner.get(&format!("/client/{PLANNER}/outbox")).await.says("ダウンロード済");
}

#[tokio::test]
async fn terminals_of_one_office_have_logins_of_their_own() {
    let world = World::new("demo").await;
    let mut browser = at_work(&world, PLANNER).await;
    let second = format!("/client/{PLANNER}-2");
    browser.get(&second).await.is_at(&format!("{second}/login"));
    browser.get(&format!("/client/{PLANNER}/inbox")).await.says("受信一覧");
    // Somebody else's browser is not logged in on the first one either.
    let first = format!("/client/{PLANNER}");
    world.browser().get(&format!("{first}/inbox")).await.is_at(&format!("{first}/login"));
    for nobody in ["/client/0000000000", "/client/x", "/client/4779000118-10"] {
        assert_eq!(browser.get(nobody).await.status, 404, "{nobody}");
    }
    let rack = browser.get("/client").await;
    rack.says(&format!("{PLANNER}-2")).says("模擬環境");
}

#[tokio::test]
async fn drafts_are_kept_and_become_a_bulk_send() {
    let world = World::new("demo").await;
    let mut browser = at_work(&world, PLANNER).await;
    let at = format!("/client/{PLANNER}");
    let new = format!("{at}/new");
    browser.get(&new).await;
    let files = unit(&world, "K2", "11");
    let fields = [("text", "下書きの練習"), ("do", "save")];
    browser.upload(&new, &fields, &files).await.is_at(&format!("{at}/drafts")).says("下書きの練習");
    // The desk is empty, the draft opens again.
    browser.get(&new).await.says_not("下書きの練習");
    let drafts = browser.get(&format!("{at}/drafts")).await;
    let id = drafts.html().split("name=\"id\" value=\"").nth(1).unwrap().to_owned();
    let id = id[..id.find('"').unwrap()].to_owned();
    let open = [("id", id.as_str()), ("do", "open")];
    browser
        .post(&format!("{at}/drafts"), &open)
        .await
        .is_at(&new)
        .says("下書きの練習")
        .says(&files[0].0);
    let bulk = [("id", id.as_str()), ("do", "bulk")];
    let shown = browser.post(&format!("{at}/drafts"), &bulk).await;
    shown.is_at(&format!("{at}/bulk")).says("未送信");
    browser.post(&format!("{at}/bulk"), &[("do", "send")]).await.says("成功");
    browser.get(&format!("{at}/drafts")).await.says("下書きはありません。");
}

#[tokio::test]
async fn a_bulk_send_is_split_edited_and_sent_row_by_row() {
    let world = World::new("demo").await;
    let mut browser = at_work(&world, PLANNER).await;
    let bulk = format!("/client/{PLANNER}/bulk");
    browser.get(&bulk).await.says("100件まで");
    let mut files = unit(&world, "K2", "11");
    files.extend(unit(&world, "K2", "15"));
    // One row is not complete.
    let incomplete: Vec<_> = unit(&world, "K2", "17");
    files.push(incomplete[0].clone());
    files.push(("連絡.pdf".to_owned(), b"%PDF-1.4".to_vec()));
    let shown = browser.upload(&bulk, &[("do", "create")], &files).await;
    shown.is_at(&bulk).says("宛先の分からないファイル").says("連絡.pdf");
    let row = browser.get(&format!("{bulk}/1")).await;
    row.says("補足資料を添付する");
    let note = [("連絡.pdf".to_owned(), b"%PDF-1.4".to_vec())];
    let fields = [("text", "よろしくお願いします。")];
    browser
        .upload(&format!("{bulk}/1"), &fields, &note)
        .await
        .is_at(&bulk)
        .says("1行目を更新しました。");
    let sent = browser.post(&bulk, &[("do", "send")]).await;
    sent.says("成功 2件、エラー 1件です。").says("ファイルの組み合わせが正しくありません。");
    assert_eq!(sent.html().matches("<strong class=\"tag good\">成功</strong>").count(), 2);
    browser.post(&bulk, &[("do", "clear")]).await.says("100件まで");
}

#[tokio::test]
async fn refusals_of_the_relay_are_shown_in_its_own_words() {
    let world = World::new("demo").await;
    let mut browser = at_work(&world, PLANNER).await;
    let new = format!("/client/{PLANNER}/new");
    browser.get(&new).await;
    let mut files = unit(&world, "K2", "11");
    files.truncate(1);
    let fields = [("text", ""), ("do", "send")];
    browser
        .upload(&new, &fields, &files)
        .await
        .says("ファイルの組み合わせが正しくありません。CSVファイルの組み合わせを確認してください。")
        .says("公表されている文言です。")
        .says("検査の指摘");
    // Hostile names are text, and are refused.
    browser.upload(&new, &[("text", ""), ("do", "clear")], &[]).await;
    let mut files = unit(&world, "K2", "11");
    files.push(("<img src=x onerror=alert(1)>.pdf".to_owned(), b"%PDF".to_vec()));
    let shown = browser.upload(&new, &[("text", ""), ("do", "add")], &files).await;
    shown.says_not("<img src=x").says("&#60;img src=x");
    let refused = browser.upload(&new, &fields, &[]).await;
    refused.says("class=\"alert bad\"").says_not("<img src=x");
}

#[tokio::test]
async fn more_than_the_switches_allow_is_not_taken() {
    let switches = Switches { max_message_bytes: 20_000, ..Switches::default() };
    let world = World::with("demo", switches).await;
    let mut browser = at_work(&world, PLANNER).await;
    let new = format!("/client/{PLANNER}/new");
    browser.get(&new).await;
    let large = [("big.pdf".to_owned(), vec![b'x'; 30_000])];
    let shown = browser.upload(&new, &[("do", "add")], &large).await;
    assert_eq!(shown.status, 413);
    shown.says("大きすぎます");
    // Nor in two steps.
    let half = |name: &str| [(name.to_owned(), vec![b'x'; 15_000])];
    browser.get(&new).await;
    browser.upload(&new, &[("do", "add")], &half("a.pdf")).await.is_at(&new).says("a.pdf");
    assert_eq!(browser.upload(&new, &[("do", "add")], &half("b.pdf")).await.status, 413);
    browser.get(&new).await.says("a.pdf").says_not("b.pdf");
}

#[tokio::test]
async fn a_broken_line_never_makes_two_messages() {
    let world = World::new("demo").await;
    let mut trainer = world.browser();
    trainer.get("/console/faults").await;
    trainer.post("/console/faults", &[("do", "arm"), ("id", "send-broken")]).await.says("drop");
    let mut browser = at_work(&world, PLANNER).await;
    let outbox = format!("/client/{PLANNER}/outbox");
    let before = browser.get(&outbox).await.html().matches("未ダウンロード").count();
    let new = format!("/client/{PLANNER}/new");
    browser.get(&new).await;
    let files = unit(&world, "K1", "11");
    let fields = [("text", ""), ("do", "send")];
    browser.upload(&new, &fields, &files).await.says("送信できたかどうか分かりません");
    browser.upload(&new, &fields, &[]).await.says("送信成功しました");
    let after = browser.get(&outbox).await.html().matches("未ダウンロード").count();
    assert_eq!(after, before + 1);
}

#[tokio::test]
async fn what_will_be_sent_can_be_seen_as_forms() {
    let world = World::new("demo").await;
    let mut browser = at_work(&world, PLANNER).await;
    let at = format!("/client/{PLANNER}");
    let (new, bulk) = (format!("{at}/new"), format!("{at}/bulk"));
    browser.get(&format!("{new}/forms")).await.says("ファイルがありません。");
    browser.get(&new).await;
    let files = unit(&world, "K2", "11");
    // The button takes over what is in the form first.
    let fields = [("text", "みほん"), ("do", "forms")];
    let forms = browser.upload(&new, &fields, &files).await;
    forms.is_at(&format!("{new}/forms")).says("class=\"cp-forms\"").says("エラーはありません。");
    forms.says(SERVICE).says_not("<style").says_not(" style=");
    browser.get(&new).await.says("みほん").says(&files[0].0);
    // With a mistake, the findings and what the relay would say.
    let broken: Vec<_> = files[..1].to_vec();
    browser.upload(&new, &[("text", ""), ("do", "clear")], &[]).await;
    browser
        .upload(&new, &[("text", ""), ("do", "forms")], &broken)
        .await
        .says("エラーがあります。")
        .says("ファイルの組み合わせが正しくありません。")
        .says("class=\"cp-forms\"");
    // A draft, and a row of a bulk send.
    browser.get(&new).await;
    let drafts = browser.upload(&new, &[("text", ""), ("do", "save")], &[]).await;
    let link = drafts.link(&format!("{at}/drafts/"));
    browser.get(&link).await.is_at(&link).says("class=\"cp-forms\"");
    for nothing in ["..%2F..%2Fetc", "x", "%3Cb%3E"] {
        assert_eq!(browser.get(&format!("{at}/drafts/{nothing}/forms")).await.status, 404);
    }
    browser.get(&bulk).await;
    let rows = browser.upload(&bulk, &[("sample", "bulk"), ("do", "sample")], &[]).await;
    rows.is_at(&bulk).says("様式で見る");
    browser.get(&format!("{bulk}/1/forms")).await.says("class=\"cp-forms\"");
    assert_eq!(browser.get(&format!("{bulk}/999/forms")).await.status, 404);
    let strange = [("sample", "../x"), ("do", "sample"), ("text", "")];
    assert_eq!(browser.upload(&new, &strange, &[]).await.status, 404);
}

/// A text that is too long is said in words, above the list; the list itself works on.
#[tokio::test]
async fn a_search_text_that_is_too_long_is_said_above_the_list() {
    let world = World::new("demo").await;
    let mut browser = at_work(&world, PLANNER).await;
    for list in ["inbox", "outbox"] {
        let at = format!("/client/{PLANNER}/{list}");
        for text in ["a".repeat(100), "あ".repeat(100)] {
            let page = browser.get(&format!("{at}?text={text}")).await;
            page.is_at(&format!("{at}?text={text}")).says_not("長すぎます");
        }
        for text in ["a".repeat(101), "あ".repeat(101), "a".repeat(45_000), "あ".repeat(6_000)] {
            let page = browser.get(&format!("{at}?text={text}")).await;
            page.is_at(&at).says("検索する文字が長すぎます。").says("100文字");
            browser.get(&at).await.is_at(&at).says_not("長すぎます");
        }
        browser.get(&format!("{at}?lang=en")).await.is_at(&format!("{at}?lang=en"));
        let page = browser.get(&format!("{at}?text={}", "a".repeat(101))).await;
        page.is_at(&at).says("The text to search for is too long.");
        browser.get(&format!("{at}?lang=ja")).await;
        // What is no number is the first page.
        for page in ["x", "-1", "4294967296", ""] {
            let url = format!("{at}?page={page}");
            browser.get(&url).await.is_at(&url);
        }
    }
}
