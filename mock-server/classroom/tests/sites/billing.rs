//! 電子請求受付システム.

use careplan_relay::clock::{Clock, Timing};

use super::browser::{PLANNER, World};

const OFFICE: &str = PLANNER;

#[tokio::test]
async fn a_temporary_password_is_changed_before_anything_else() {
    let world = World::new("first-time").await;
    let account = world.account(OFFICE).await;
    let kj_id = account.kj_id.unwrap();
    let temporary = account.kj_password.unwrap();
    let mut browser = world.browser();
    browser.get("/billing").await.is_at("/billing/entrance").says("介護保険の請求はこちら");
    browser.get("/billing/login").await.says("ユーザIDとパスワードを入力して");
    browser
        .log_in("/billing", &kj_id, "Wrong0000")
        .await
        .is_at("/billing/login")
        .says("ユーザIDまたはパスワードが正しくありません。");
    browser
        .log_in("/billing", &kj_id, temporary.reveal())
        .await
        .is_at("/billing/password/warning")
        .says("警告");
    // Nothing else is open.
    browser.get("/billing/notices").await.is_at("/billing/password/warning");
    browser.get("/billing/certificate/dx").await.is_at("/billing/password/warning");
    // The terms come first.
    browser.get("/billing/password").await.is_at("/billing/password/terms");
    browser.post("/billing/password/terms", &[]).await.is_at("/billing/password");
    let change = |current: &str, new: &str, again: &str| {
        [("current", current), ("new", new), ("again", again)]
            .map(|(name, value)| (name, value.to_owned()))
    };
    for (new, again, says) in [
        ("abcdefgh", "abcdefgh", "英字と数字を混ぜた8～16文字"),
        ("Abcdefg1", "Abcdefg2", "一致しません"),
    ] {
        let fields = change(temporary.reveal(), new, again);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        browser.post("/billing/password", &fields).await.is_at("/billing/password").says(says);
    }
    let fields = change(temporary.reveal(), "Abcdefg1", "Abcdefg1");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let shown = browser.post("/billing/password", &fields).await;
    assert!(shown.path.starts_with("/billing/mail?purpose=notice"), "{shown:?}");
    browser.get("/billing/notices").await.is_at("/billing/notices");

    browser.post("/billing/logout", &[]).await.is_at("/billing/login");
    browser.get("/billing/notices").await.is_at("/billing/login");
    browser.log_in("/billing", &kj_id, "Abcdefg1").await.is_at("/billing/notices");
}

#[tokio::test]
async fn a_mail_address_is_confirmed_with_the_code_of_the_mailbox() {
    let world = World::new("demo").await;
    let kj_id = world.account(OFFICE).await.kj_id.unwrap();
    let mut browser = world.browser();
    browser.log_in("/billing", &kj_id, "Careplan1").await.is_at("/billing/notices");
    browser.get("/billing/mail?purpose=security").await.says("未登録");
    let address = "rin@example.jp";
    let fields = [("purpose", "security"), ("choice", "register"), ("address", address)];
    let mut twice = fields.to_vec();
    twice.push(("again", "other@example.jp"));
    browser.post("/billing/mail", &twice).await.says("2つのメールアドレスが一致しません。");
    twice[3].1 = address;
    let shown = browser.post("/billing/mail", &twice).await;
    shown.is_at("/billing/mail/code").says(address).says("確認コードの有効期間は30分です。");
    browser
        .post("/billing/mail/code", &[("code", "x")])
        .await
        .says("確認コードが正しくありません。");
    let mail = browser.get("/billing/mailbox").await.html();
    let code = &mail.split("確認コード：").nth(1).unwrap()[..4];
    browser.get("/billing/mail/code").await;
    browser
        .post("/billing/mail/code", &[("code", code)])
        .await
        .is_at("/billing/account")
        .says(address);
}

#[tokio::test]
async fn a_certificate_is_applied_for_and_fetched() {
    let world = World::new("demo").await;
    let kj_id = world.account(OFFICE).await.kj_id.unwrap();
    let mut browser = world.browser();
    browser.log_in("/billing", &kj_id, "Careplan1").await;
    let kaigo = "/billing/certificate/kaigo";
    browser.get(kaigo).await.says("証明書発行の履歴はありません。");
    // Not without reading what to know before.
    browser.post(kaigo, &[("process", "apply")]).await.is_at(kaigo).says("必ず確認");
    browser.get(&format!("{kaigo}/before")).await.says("午前1:30から午前6:30");
    browser.post(&format!("{kaigo}/before"), &[]).await.is_at(kaigo).says("確認済み");
    browser.post(kaigo, &[("process", "apply")]).await.is_at(&format!("{kaigo}/password"));
    // A wrong password is refused where it is typed.
    browser
        .post(&format!("{kaigo}/password"), &[("password", "Wrong0000")])
        .await
        .is_at(&format!("{kaigo}/password"))
        .says("証明書発行用パスワードが正しくありません。");
    browser
        .post(&format!("{kaigo}/password"), &[("password", "Install01")])
        .await
        .is_at(&format!("{kaigo}/terms"))
        .says("利用規約に同意して送信");
    browser
        .post(&format!("{kaigo}/terms"), &[])
        .await
        .is_at(&format!("{kaigo}/done"))
        .says("証明書の発行申請を完了しました。")
        .says("午前1:30から午前6:30の間は発行を停止");
    let notices = browser.get("/billing/notices?scope=unread&category=certificate").await;
    notices.says("証明書発行完了通知");
    browser.get("/billing/notices?keyword=ありえない").await.says("0件が該当しています。");
    let notice = notices.link("/billing/notices/");
    browser.get(&notice).await.says("証明書発行完了通知");
    browser.get("/billing/notices?scope=unread").await.says_not("証明書発行完了通知");
    let downloads = browser.get(&format!("{kaigo}/download")).await;
    downloads.says("発行済み");
    let p12 = browser.get(&downloads.link("/billing/p12/")).await;
    assert_eq!(p12.status, 200);
    let disposition = p12.headers["content-disposition"].to_str().unwrap();
    assert!(disposition.contains(".p12\""), "{disposition}");
    let installed = careplan_certs::package::open(&p12.bytes, "Install01").expect("it opens");
    assert_eq!(installed.facts().common_name.as_deref(), Some("KaigoJigyousho"));
    // The same certificate for those whose system says "wrong password".
    downloads.says("macOSのキーチェーンやWindows Server 2016で").says("古い方式でダウンロード");
    let older = browser.get(&format!("{}/older", downloads.link("/billing/p12/"))).await;
    assert_eq!(older.status, 200);
    assert_eq!(older.headers["content-disposition"].to_str().unwrap(), disposition);
    assert_ne!(older.bytes, p12.bytes);
    let again = careplan_certs::package::open(&older.bytes, "Install01").expect("it opens");
    assert_eq!((again.facts(), again.pkcs8()), (installed.facts(), installed.pkcs8()));
    browser.get(kaigo).await.says("13,200円");
}

#[tokio::test]
async fn a_blank_pasted_to_a_password_is_named_before_it_counts() {
    let world = World::new("demo").await;
    let kj_id = world.account(OFFICE).await.kj_id.unwrap();
    let mut browser = world.browser();
    browser.get("/billing/login").await;
    for password in ["Careplan1 ", "\u{3000}Careplan1", "Careplan1\n", " Wrong0000"] {
        let form = [("user_id", kj_id.as_str()), ("password", password)];
        browser
            .post("/billing/login", &form)
            .await
            .is_at("/billing/login")
            .says("パスワードの前か後ろに空白が付いています。")
            .says("誤入力の回数には数えていません。");
    }
    // Nothing was counted: the right one still opens, and so it does the letter.
    browser.log_in("/billing", &kj_id, "Careplan1").await;
    for _ in 0..4 {
        browser
            .post("/billing/issue-password/letter", &[("password", "Careplan1 ")])
            .await
            .says("パスワードの前か後ろに空白が付いています。");
    }
    browser
        .post("/billing/issue-password/letter", &[("password", "Careplan1")])
        .await
        .says("Install01");
    // Nor where it is changed.
    for (current, new, said) in [
        ("Careplan1 ", "Himitsu01", "パスワードの前か後ろに空白や改行が付いています。"),
        ("Careplan1", "Himitsu01 ", "新しいパスワードの前か後ろに空白や改行が付いています。"),
    ] {
        browser.get("/billing/password").await.is_at("/billing/password");
        for _ in 0..4 {
            let form = [("current", current), ("new", new), ("again", new)];
            browser.post("/billing/password", &form).await.is_at("/billing/password").says(said);
        }
    }
    browser.log_in("/billing", &kj_id, "Careplan1").await.says("お知らせ");
}

#[tokio::test]
async fn a_new_issue_password_is_read_in_its_letter_and_ends_old_packages() {
    let world = World::new("demo").await;
    let kj_id = world.account(OFFICE).await.kj_id.unwrap();
    let mut browser = world.browser();
    browser.log_in("/billing", &kj_id, "Careplan1").await;
    let old = browser.get("/billing/certificate/dx/download").await.link("/billing/p12/");
    browser.get("/billing/issue-password/reissue").await.says("パスワード再発行時の注意事項");
    browser
        .post("/billing/issue-password/reissue", &[])
        .await
        .is_at("/billing/issue-password/done");
    let notices = browser.get("/billing/notices?category=certificate&scope=unread").await;
    let notice = browser.get(&notices.link("/billing/notices/")).await;
    notice.says("証明書発行用パスワード再発行通知").link("/billing/issue-password/letter");
    let pdf = browser.get(&notice.link("/billing/issue-password/letter.pdf")).await;
    assert_eq!(pdf.status, 200);
    assert!(pdf.headers["content-disposition"].to_str().unwrap().contains(".pdf"));
    assert!(pdf.bytes.starts_with(b"%PDF-"));
    pdf.says("/Encrypt 8 0 R").says("/R 6");
    browser.get("/billing/issue-password/letter").await;
    browser
        .post("/billing/issue-password/letter", &[("password", "Wrong0000")])
        .await
        .says("パスワードが正しくありません");
    let letter = browser.post("/billing/issue-password/letter", &[("password", "Careplan1")]).await;
    let password = letter.text_of("issue-password");
    assert_ne!(password, "Install01");
    assert_eq!(world.account(OFFICE).await.certificate_password.unwrap().reveal(), password);
    let gone = browser.get(&old).await;
    assert_eq!(gone.status, 410);
    gone.says("この証明書はインストールできません。");
}

#[tokio::test]
async fn before_the_login_stand_the_entrance_and_notices_for_everybody() {
    let world = World::at("first-time", clock_at("2025-11-29T10:00:00+09:00")).await;
    let mut browser = world.browser();
    let entrance = browser.get("/billing").await;
    entrance.is_at("/billing/entrance").says("総合窓口");
    let welcome = browser.get(&entrance.link("/billing/welcome")).await;
    welcome
        .says("お知らせ一覧")
        .says("11月請求受付期間について")
        .says("スケジュール")
        .says("参考資料");
    let first = browser.get(&welcome.link("/billing/first")).await;
    first.says("電子請求をはじめる前に").says("確認コード（数字4桁）");
    browser.get(&welcome.link("/billing/public/")).await.says("お知らせ一覧へ戻る");
    assert_eq!(browser.get("/billing/public/nothing").await.status, 404);
    browser.get(&welcome.link("/billing/login")).await.says("はじめての方");
}

fn clock_at(at: &str) -> Clock {
    Clock::frozen_at(at.parse().unwrap())
}

#[tokio::test]
async fn terms_have_all_their_articles_and_are_downloaded() {
    let world = World::new("first-time").await;
    let account = world.account(OFFICE).await;
    let (kj_id, temporary) = (account.kj_id.unwrap(), account.kj_password.unwrap());
    let mut browser = world.browser();
    browser.log_in("/billing", &kj_id, temporary.reveal()).await;
    let terms = browser.get("/billing/password/terms").await;
    terms.says("第1条（目的及び定義）").says("第10条（規約の変更）").says("利用規約をダウンロード");
    let file = browser.get(&terms.link("/billing/terms/")).await;
    assert!(file.headers["content-disposition"].to_str().unwrap().contains(".txt"));
    file.says("第1条（目的及び定義）\r\n").says("第10条（規約の変更）");
    let other = browser.get("/billing/terms/certificates").await;
    other.says("平成19年8月1日").says("令和5年4月20日");
    browser.get("/billing/terms/certificates?lang=en").await.says("Article 10 (Changes)");
    assert_eq!(browser.get("/billing/terms/none").await.status, 404);
}

#[tokio::test]
async fn the_certificate_has_the_name_of_its_day() {
    for (at, name, other) in [
        (
            "2025-09-30T10:00:00+09:00",
            "請求委任事業所用ケアプラン証明書の発行申請をする",
            "介護DX証明書",
        ),
        ("2025-11-29T10:00:00+09:00", "介護DX証明書の発行申請をする", "でのみ使用可能"),
    ] {
        let world = World::at("demo", clock_at(at)).await;
        let mut browser = world.browser();
        let kj_id = world.account(OFFICE).await.kj_id.unwrap();
        browser.log_in("/billing", &kj_id, "Careplan1").await;
        let page = browser.get("/billing/certificate/dx").await;
        page.says(name).says_not(other).says_not("value=\"apply\" checked");
        // Nothing is chosen for the office.
        browser.post("/billing/certificate/dx", &[]).await.says("処理を選択してください。");
    }
    let world = World::at("demo", clock_at("2025-11-29T10:00:00+09:00")).await;
    let mut browser = world.browser();
    let kj_id = world.account(OFFICE).await.kj_id.unwrap();
    browser.log_in("/billing", &kj_id, "Careplan1").await;
    let page = browser.get("/billing/certificate/dx").await;
    page.says("請求委任事業所用ケアプラン証明書の名称変更について");
    page.says("介護保険資格確認等WEBサービス等でご利用いただけます。").says("複数のパソコンに");
}

#[tokio::test]
async fn the_list_has_the_categories_of_the_site_days_in_three_lists_and_pages() {
    let world = World::at("demo", clock_at("2025-11-29T10:00:00+09:00")).await;
    let mut browser = world.browser();
    let kj_id = world.account(OFFICE).await.kj_id.unwrap();
    let shown = browser.log_in("/billing", &kj_id, "Careplan1").await;
    for category in ["スケジュール", "証明書", "参考資料", "システム関連", "その他"]
    {
        shown.says(&format!(">{category}</option>"));
    }
    for list in ["fy", "fm", "fd", "ty", "tm", "td"] {
        shown.says(&format!("<select name=\"{list}\""));
    }
    shown.says("11月請求受付期間について").says("ページ 1/");
    let schedule = browser.get("/billing/notices?category=schedule").await;
    schedule.says("1件が該当しています。").says("ページ 1/1");
    browser.get("/billing/notices?fy=2025&fm=2&fd=3&ty=2025&tm=2&td=3").await.says("1件が該当");
    // Past the end there is nothing more to show than the last page.
    browser.get("/billing/notices?scope=all&page=99").await.says_not("次のページ");
}

#[tokio::test]
async fn some_mails_wait_for_the_morning_where_the_office_says_so() {
    let world = World::new("demo").await;
    let kj_id = world.account(OFFICE).await.kj_id.unwrap();
    let mut browser = world.browser();
    browser.log_in("/billing", &kj_id, "Careplan1").await;
    let mail = "/billing/mail?purpose=notice";
    let form = browser.get(mail).await;
    form.says("夜間に一部お知らせメールを送信しない")
        .says("22:00から翌朝7:00までの送信を保留します。");
    form.says("随時送信されます。")
        .says_not("name=\"night_hold\" aria-describedby=\"night\" checked");
    browser.get("/billing/mail?purpose=security").await.says_not("night_hold");
    let ticked = [("purpose", "notice"), ("choice", "register"), ("night_hold", "on")];
    browser.get(mail).await;
    browser.post("/billing/mail", &ticked).await.is_at("/billing/account").says("変更しました。");
    browser.get(mail).await.says("name=\"night_hold\" aria-describedby=\"night\" checked");
    browser.post("/billing/mail", &ticked[..2]).await.is_at("/billing/account");
    browser.get(mail).await.says_not("aria-describedby=\"night\" checked");
}

#[tokio::test]
async fn a_lost_password_is_asked_for_and_comes_by_post_after_two_weeks() {
    let clock = clock_at("2025-11-29T10:00:00+09:00");
    let world = World::at("demo", clock.clone()).await;
    let account = world.account(OFFICE).await;
    let (kj_id, issue) = (account.kj_id.unwrap(), account.certificate_password.unwrap());
    let mut browser = world.browser();
    let lost = browser.get("/start/id/lost").await;
    let ask = browser.get(&lost.link("/billing/lost")).await;
    ask.says("仮パスワードを再発行してほしい").says("電話はかかりません");
    for (number, said) in [
        ("", "事業所番号を入力してください。"),
        ("477", "半角数字10桁で入力してください。"),
        ("0000000000", "登録されていません。"),
    ] {
        let wrong = browser.post("/billing/lost", &[("office", number)]).await;
        assert_eq!(wrong.status, 422);
        wrong.says(said).says(&format!("value=\"{number}\""));
    }
    // Nobody has asked for this office.
    let asked = format!("/billing/lost/{OFFICE}");
    browser.get(&asked).await.is_at("/billing/lost");
    let posted = browser.post("/billing/lost", &[("office", OFFICE)]).await;
    posted.is_at(&asked).says("再発行を受け付けました").says("2025/12/13");
    browser.log_in("/billing", &kj_id, "Careplan1").await.says("正しくありません");
    clock.set("2025-12-12T23:59:59+09:00".parse().unwrap());
    browser.get(&asked).await.says_not("通知書が届きました");
    clock.set("2025-12-13T00:00:00+09:00".parse().unwrap());
    let arrived = browser.get(&asked).await;
    arrived.says("通知書が届きました").says("最初に発行されたものを使用します。");
    let letter = browser.get(&arrived.link("/console/letter/")).await;
    let temporary = world.account(OFFICE).await.kj_password.unwrap();
    letter.says("再発行").says("備考").says(temporary.reveal()).says(issue.reveal());
    let login = browser.log_in("/billing", &kj_id, temporary.reveal()).await;
    login.is_at("/billing/password/warning");
}

#[tokio::test]
async fn a_certificate_takes_minutes_and_none_is_issued_before_half_past_six() {
    for (applied, before, issued) in [
        ("T10:00:00+09:00", "T10:04:59+09:00", "T10:05:00+09:00"),
        ("T01:40:00+09:00", "T06:29:59+09:00", "T06:30:00+09:00"),
    ] {
        let at = |time: &str| format!("2025-11-29{time}").parse().unwrap();
        let clock = Clock::frozen_at(at(applied));
        let world = World::at("demo", clock.clone()).await;
        world.relay().set_timing(Timing::Real);
        let kj_id = world.account(OFFICE).await.kj_id.unwrap();
        let mut browser = world.browser();
        browser.log_in("/billing", &kj_id, "Careplan1").await;
        let kaigo = "/billing/certificate/kaigo";
        browser.get(&format!("{kaigo}/before")).await;
        browser.post(&format!("{kaigo}/before"), &[]).await;
        browser.post(kaigo, &[("process", "apply")]).await;
        browser.post(&format!("{kaigo}/password"), &[("password", "Install01")]).await;
        browser.post(&format!("{kaigo}/terms"), &[]).await.says("数分程度かかる場合があります。");
        let mut seen = Vec::new();
        for time in [before, issued] {
            clock.set(at(time));
            let notices = browser.log_in("/billing", &kj_id, "Careplan1").await;
            let mails = browser.get("/billing/mailbox").await;
            let is_told = notices.html().contains("証明書発行完了通知");
            assert_eq!(mails.html().contains("証明書発行完了通知"), is_told, "by mail too");
            seen.push(is_told);
        }
        assert_eq!(seen, [false, true], "{applied}");
    }
}
