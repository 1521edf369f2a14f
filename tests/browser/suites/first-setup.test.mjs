// The first set-up as one story: from the letter to the first data that arrive at the partner. The
// clock stands in the months in which a free pass could be applied for.

import assert from "node:assert/strict";
import { drop, enter, fill, follow, path, press, sample, save, says, shows, sit_down, turn } from "../desk.mjs";
import { suite } from "../browser.mjs";

const { test } = suite("first-setup", {
  args: ["--scenario", "first-time", "--clock", "2025-10-06T10:00:00+09:00"],
});

const PASSWORD = "Hajimete1";

/** What stands in the letter of an office. */
async function read_letter(page, office) {
  await page.goto("/console/accounts");
  const row = page.getByRole("row").filter({ hasText: office });
  await follow(page, "通知書", row);
  const line = (name) => page.locator("tr").filter({ has: page.getByRole("rowheader", { name, exact: true }) }).locator("td").innerText();
  return {
    office: await line("事業所番号"),
    kj_id: await line("ユーザID"),
    kj_password: await line("仮パスワード"),
    issue_password: await line("証明書発行用パスワード"),
  };
}

/** Temporary password, terms, new password. */
async function choose_password(page, letter) {
  // Nothing else works with a temporary password.
  await enter(page, "usage", letter);
  await says(page, "パスワードの有効期限が切れています");
  await enter(page, "billing", letter);
  assert.equal(path(page), "/billing/password/warning");
  await page.goto("/billing/certificate/dx");
  assert.equal(path(page), "/billing/password/warning");
  await follow(page, "パスワード変更");
  await press(page, "利用規約に同意して次へ");
  await fill(page, {
    "現在のパスワード": letter.kj_password,
    "新しいパスワード": "short",
    "新しいパスワード（確認用）": "short",
  });
  await press(page, "変更");
  assert.equal(await page.locator(".alert.bad").count(), 1, "five letters are no password");
  await fill(page, {
    "現在のパスワード": letter.kj_password,
    "新しいパスワード": PASSWORD,
    "新しいパスワード（確認用）": PASSWORD,
  });
  await press(page, "変更");
  await says(page, "パスワードを変更しました。");
}

/** A mail address, with the code of the mailbox; a wrong one first. */
async function register_mail(page, context) {
  await fill(page, {
    "新しいメールアドレス": "kyotaku@example.jp",
    "新しいメールアドレス（確認用）": "kyotaku@example.jp",
  });
  await press(page, "変更");
  await shows(page, "kyotaku@example.jp 宛に送信しました。");
  await shows(page, "メール本文に記載された4桁の数字を半角で入力し、【送信】ボタンを押してください。");
  await shows(page, "確認コードの有効期間は30分です。");
  const [mailbox] = await Promise.all([
    context.waitForEvent("page"),
    page.getByRole("link", { name: "（模擬）メール受信箱を別の画面で開く" }).click(),
  ]);
  await mailbox.waitForLoadState();
  const [code] = /(?<!\d)\d{4}(?!\d)/.exec(await mailbox.locator("article .message").first().innerText());
  await mailbox.close();
  await fill(page, { "確認コード": code === "0000" ? "0001" : "0000" });
  await press(page, "送信");
  assert.equal(await page.locator(".alert.bad").count(), 1, "another code is refused");
  await fill(page, { "確認コード": code });
  await press(page, "送信");
  await says(page, "メールアドレスを登録しました（kyotaku@example.jp）。");
  await page.getByLabel("メールアドレスを登録しない").check();
  await press(page, "変更");
  assert.equal(path(page), "/billing/notices");
}

/** The application for a 介護DX証明書, the notice, and the .p12. */
async function get_certificate(page, letter) {
  await follow(page, "介護DX証明書");
  await shows(page, "証明書発行の履歴はありません。");
  await page.getByLabel("介護DX証明書の発行申請をする").check();
  await press(page, "次へ");
  await says(page, "【発行申請を行う前に】ボタンより、内容を必ず確認してください。確認せずに証明書の発行申請は行えません。");
  await follow(page, "発行申請を行う前に");
  await press(page, "内容を確認しました");
  await page.getByLabel("介護DX証明書の発行申請をする").check();
  await press(page, "次へ");
  await fill(page, { "証明書発行用パスワード（半角英数）": "chigau99" });
  await press(page, "次へ");
  await says(page, "証明書発行用パスワードが正しくありません。");
  await fill(page, { "証明書発行用パスワード（半角英数）": letter.issue_password });
  await press(page, "次へ");
  await press(page, "利用規約に同意して送信");
  await shows(page, "証明書の発行申請を完了しました。");
  await follow(page, "終了");
  await follow(page, "証明書発行完了通知");
  await follow(page, "介護DX証明書のダウンロードへ");
  await shows(page, "発行済み");
  const p12 = await save(page, page.locator("main").getByRole("link", { name: "ダウンロード", exact: true }));
  assert.match(p12.name, /^20251006\d{10}\.p12$/);
  return p12;
}

/** The free pass, with both consents; the c-ID and its password. */
async function apply_for_free_pass(page, letter) {
  await enter(page, "usage", letter, PASSWORD);
  await shows(page, "ただいまシステムは正常稼働中です。");
  const c_id = await page.locator("#c-id").innerText();
  const c_password = await page.locator("#c-password").innerText();
  await page.getByRole("navigation").getByRole("link", { name: "利用申請/更新" }).click();
  await shows(page, "利用申請可能です。");
  await press(page, "申請");
  await shows(page, "フリーパス申請が可能です。");
  await press(page, "フリーパス申請情報入力に進む");
  const representative = page.getByRole("group", { name: "代表者氏名" });
  await representative.getByLabel("姓").fill("青空");
  await representative.getByLabel("名", { exact: true }).fill("一郎");
  const contact = page.getByRole("group", { name: "担当者氏名" });
  await contact.getByLabel("姓").fill("青空");
  await contact.getByLabel("名", { exact: true }).fill("花");
  await fill(page, {
    "電話番号（ハイフンなし）": "0980000000",
    "メールアドレス": "kyotaku@example.jp",
    "メールアドレス（確認用）": "kyotaku@example.jp",
  });
  await press(page, "申請");
  assert.equal(await page.locator("#errors").getByRole("link").count(), 2, "both consents are needed");
  await page.getByLabel("利用規約に同意する").check();
  await page.getByLabel("個人情報取り扱いに同意する").check();
  await press(page, "申請");
  await shows(page, "フリーパスの途中解約はできません。");
  await press(page, "はい");
  await shows(page, "フリーパスを申請いただきありがとうございます。");
  await follow(page, "OK");
  await shows(page, "フリーパス申請が完了しました。");
  await shows(page, "2025/10/06");
  return { ...letter, kj_password: PASSWORD, c_id, c_password };
}

/** The .p12 on the terminal: a wrong password, no certificate at all, then right. */
async function install(page, letter, p12, account) {
  await sit_down(page, account);
  await says(page, "正しい電子証明書をインストールしてください。");
  await page.goto(`/client/${letter.office}/certificate`);
  await page.locator("#file").setInputFiles(p12);
  await press(page, "ファイルを開く");
  await page.getByLabel("現在のユーザー").check();
  await press(page, "次へ");
  assert.equal(await page.locator("#file-name").innerText(), p12.name);
  await press(page, "次へ");
  await page.locator("#password").fill(PASSWORD);
  await press(page, "次へ");
  assert.equal(await page.locator(".alert.bad").count(), 1, "the password of the login opens no .p12");
  await page.locator("#password").fill(letter.issue_password);
  await press(page, "次へ");
  await press(page, "次へ");
  await press(page, "完了");
  await shows(page, "拇印 (sha1)");
  await press(page, "はい(Y)");
  await shows(page, "正しくインポートされました。");
  await press(page, "OK");
  await follow(page, "インターネット オプション");
  await follow(page, "コンテンツ");
  await follow(page, "証明書");
  assert.match(await page.locator("#subject").innerText(), /CarePlanJigyousho/);
}

test("from the letter to the forms at the partner", async (page, { server, context }) => {
  const offices = {};
  for (const kind of ["43", "11"]) {
    const { office } = await server.account(kind);
    const letter = await read_letter(page, office);
    assert.equal(letter.kj_id, `KJ${office.slice(0, 2)}${office}`);
    await choose_password(page, letter);
    await register_mail(page, context);
    const p12 = await get_certificate(page, letter);
    const account = await apply_for_free_pass(page, letter);
    await install(page, letter, p12, account);
    await sit_down(page, account);
    assert.equal(path(page), `/client/${office}`);
    await shows(page, "利用可能です。");
    await shows(page, "稼働中");
    offices[kind] = account;
  }

  // The plan goes out …
  const [planner, helper] = [offices["43"].office, offices["11"].office];
  await page.goto(`/client/${planner}/new`);
  await drop(page, await sample(page, "valid-K2"));
  assert.match(await page.locator("#destination").innerText(), new RegExp(helper));
  await page.getByLabel("メッセージ（任意）").fill("10月分の利用票です。");
  await press(page, "送信");
  await says(page, "送信成功しました");

  // … and arrives, once.
  await page.goto(`/client/${helper}`);
  await turn(page, () => page.getByRole("link", { name: /まだ取得していないデータが1件あります/ }).click());
  await page.getByRole("checkbox").check();
  await press(page, "データ取得");
  await press(page, "フォルダーの選択");
  await says(page, "データを取得しました（1件）。");
  await shows(page, "済");
  await follow(page, "端末：取得したファイル");
  await shows(page, "10月分の利用票です。");
  const saved = await save(page, page.locator("main td a").first());
  assert.match(saved.name, /^UP(PLAN|SIKYU|HOSOKU)_.*\.CSV$/);
  await follow(page, "様式で見る");
  await shows(page, "第6表");
  await page.goto(`/client/${planner}/outbox`);
  await shows(page, "ダウンロード済");
});
