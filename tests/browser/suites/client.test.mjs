// 連携クライアント: what people do all month, on virtual terminals.

import assert from "node:assert/strict";
import { drop, follow, install, path, press, sample, save, says, set_scene, shows, sit_down } from "../desk.mjs";
import { suite } from "../browser.mjs";
import { unzip } from "../zip.mjs";

const bed = suite("client");
const { test } = bed;

/** A scene with certificates on the terminals; planner and home help. */
async function begin(page, server, scene = "exchange") {
  await set_scene(page, scene);
  return { planner: await server.account("43"), helper: await server.account("11") };
}

test("the login has two stages and says what is wrong with each", async (page, { server }) => {
  const { planner } = await begin(page, server);
  await page.goto(`/client/${planner.office}`);
  assert.equal(path(page), `/client/${planner.office}/login`);
  const id = page.locator("#user_id");
  assert.equal(await id.getAttribute("placeholder"), "cから始まるユーザIDを入力してください");
  await sit_down(page, { ...planner, kj_password: "Chigau123" });
  assert.equal(path(page), `/client/${planner.office}/office-login`);
  assert.equal(await id.getAttribute("placeholder"), "KJから始まる14桁のユーザIDを入力してください");
  assert.equal(await page.locator("#password").getAttribute("placeholder"), "パスワードを入力してください");
  assert.equal(await page.locator(".alert.bad").count(), 1);
  await sit_down(page, planner);
  await shows(page, "利用可能です。");
  for (const title of ["システム稼働", "システム更新", "事業所番号", "有効期限"]) {
    assert.equal(await page.getByRole("rowheader", { name: title, exact: true }).count(), 1, title);
  }
  await press(page, "ログアウト");
  await page.goto(`/client/${planner.office}/inbox`);
  assert.equal(path(page), `/client/${planner.office}/login`);
});

test("no certificate, a wrong password of the .p12, a file that is none", async (page, { server }) => {
  const planner = await server.account("43");
  await set_scene(page, "lost-issue-password");
  await sit_down(page, planner);
  await says(page, "正しい電子証明書をインストールしてください。");
  await page.goto(`/client/${planner.office}/certificate`);
  await page.locator("#short summary").click();
  await page.locator("#p12").setInputFiles({ name: "a.p12", mimeType: "", buffer: Buffer.from("no p12") });
  await page.locator("#password").fill(planner.certificate_password);
  await press(page, "インポート");
  assert.equal(await page.locator(".alert.bad").count(), 1);
  await install(page, planner.office);
  await sit_down(page, planner);
  await shows(page, "利用可能です。");
});

test("every wrong certificate gets the official sentence and a cause of its own", async (page, { server }) => {
  await set_scene(page, "wrong-certificate");
  const causes = new Set();
  for (const kind of ["43", "11", "15", "46"]) {
    await sit_down(page, await server.account(kind));
    await says(page, "正しい電子証明書をインストールしてください。");
    await shows(page, "公表されている文言です。");
    causes.add(await page.locator(".alert").innerText());
  }
  assert.equal(causes.size, 4, "expired, revoked, another office, an agent");
});

test("files are dropped, saved, sent, fetched once; a second try is explained", async (page, { server, context }) => {
  const { planner, helper } = await begin(page, server);
  await sit_down(page, planner);
  await follow(page, "新規作成");
  await drop(page, await sample(page, "valid-K2"));
  assert.match(await page.locator("#destination").innerText(), new RegExp(helper.office));
  await page.getByLabel("メッセージ（任意）").fill("<b>よろしく</b>お願いします。");
  await page.locator("#files").setInputFiles({ name: "地図.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\n") });
  await press(page, "一時保存");
  assert.equal(path(page), `/client/${planner.office}/drafts`);
  await shows(page, "保存日時");
  await press(page, "開く");
  await shows(page, "地図.pdf");
  await press(page, "送信");
  await says(page, "送信成功しました");
  await follow(page, "送信一覧");
  assert.match(await page.locator("tbody tr").first().innerText(), /未ダウンロード/);

  // The partner sits in another tab of the same browser, on two terminals.
  const partner = await context.newPage();
  await sit_down(partner, helper);
  const second = await context.newPage();
  await install(second, `${helper.office}-2`);
  await sit_down(second, helper, `${helper.office}-2`);
  await follow(partner, "受信一覧");
  await follow(second, "受信一覧");
  const row = partner.locator("tbody tr").first();
  assert.equal(await row.getAttribute("class"), "unfetched");
  const colour = (of) => of.locator("td").first().evaluate((cell) => getComputedStyle(cell).backgroundColor);
  assert.equal(await colour(row), "rgb(223, 245, 216)", "pale green");
  await row.getByRole("checkbox").check();
  await press(partner, "データ取得");
  await press(partner, "フォルダーの選択");
  await says(partner, "データを取得しました（1件）。");
  assert.match(await row.innerText(), /済/);
  assert.notEqual(await colour(row), "rgb(223, 245, 216)");
  await row.getByRole("checkbox").check();
  await press(partner, "データ取得");
  await press(partner, "フォルダーの選択");
  await says(partner, "このデータは既に取得されています。取得できるのは1回だけです。");
  await shows(partner, "再送");
  // The other terminal of the office is as late.
  await second.locator("tbody tr").first().getByRole("checkbox").check();
  await press(second, "データ取得");
  await press(second, "フォルダーの選択");
  await says(second, "このデータは既に取得されています。取得できるのは1回だけです。");
  assert.match(await second.locator("tbody tr").first().innerText(), /済/);
  await follow(second, "端末：取得したファイル");
  await shows(second, "取得したデータはありません。");

  // What came is what was sent, and goes to the computer of the trainer.
  await follow(partner, "端末：取得したファイル");
  await shows(partner, "<b>よろしく</b>お願いします。");
  const zip = await save(partner, partner.getByRole("link", { name: "まとめて保存（ZIP）" }));
  const sent = [...(await sample(page, "valid-K2")).map((file) => file.name), "地図.pdf"];
  assert.deepEqual(unzip(zip.buffer).map((file) => file.name).sort(), sent.sort());
  await page.reload();
  assert.match(await page.locator("tbody tr").first().innerText(), /ダウンロード済/);
});

test("what cannot be sent is refused in the official words", async (page, { server }) => {
  const { planner } = await begin(page, server);
  await sit_down(page, planner);
  const cases = [
    ["table-6-alone", "ファイルの組み合わせが正しくありません。CSVファイルの組み合わせを確認してください。"],
    ["copied-in-the-explorer", "添付ファイル名の形式に誤りがあります。標準仕様の送信単位に従ったファイルを添付してください。"],
    ["two-months-in-one-file", "ケアプランデータの書式フォーマットが正しくありません。ケアプランデータ内の書式を確認してください。"],
  ];
  for (const [id, sentence] of cases) {
    await follow(page, "新規作成");
    await page.locator("#files").setInputFiles(await sample(page, id));
    await press(page, "送信");
    await says(page, sentence);
    await shows(page, "公表されている文言です。");
    await press(page, "クリア");
  }
  // Word is refused when it is dropped, beside what can be sent.
  const word = { name: "お知らせ.docx", mimeType: "", buffer: Buffer.from("x") };
  await drop(page, [...(await sample(page, "valid-K2")), word]);
  await says(page, "送信できない種類のファイルです：お知らせ.docx");
  await shows(page, "PDFにして保存すれば送信できます。");
  assert.equal(await page.locator("main td.name-cell").count(), 3, "the others are there");
  await follow(page, "一括送信", page.getByRole("navigation"));
  await drop(page, [word]);
  await says(page, "送信できない種類のファイルです：お知らせ.docx");
  await drop(page, await sample(page, "bulk"));
  await follow(page, "編集 1");
  await page.locator("#files").setInputFiles(word);
  await press(page, "更新");
  await says(page, "送信できない種類のファイルです：お知らせ.docx");
});

test("a bulk send is sorted, edited, and has 成功 in every row", async (page, { server }) => {
  const { planner } = await begin(page, server);
  await sit_down(page, planner);
  await follow(page, "一括送信");
  const files = await sample(page, "bulk");
  await drop(page, files);
  const rows = page.locator("tbody tr");
  const offices = new Set(files.map((file) => /\d{10}_\w\w_(\d{10})_/.exec(file.name)[1]));
  assert.equal(await rows.count(), offices.size);
  await follow(page, "編集 1");
  await page.getByLabel("メッセージ（任意）").fill("1件目です。");
  await page.locator("#files").setInputFiles({ name: "memo.txt", mimeType: "text/plain", buffer: Buffer.from("memo") });
  await press(page, "更新");
  await says(page, "1行目を更新しました。");
  assert.match(await rows.first().innerText(), /4ファイル/);
  await press(page, "除外", rows.nth(1));
  await press(page, "一括送信");
  await says(page, `一括送信が完了しました（成功 ${offices.size - 1}件）。`);
  assert.equal(await page.locator("strong.tag", { hasText: /^成功$/ }).count(), offices.size - 1);
  await press(page, "戻す", rows.nth(1));
  await press(page, "一括送信");
  assert.equal(await page.locator("strong.tag", { hasText: /^成功$/ }).count(), offices.size);
  await follow(page, "下書き一覧");
  await shows(page, "下書きはありません。");
});

test("a bulk send stops at a hundred rows", async (page, { server }) => {
  const { planner } = await begin(page, server);
  await sit_down(page, planner);
  await follow(page, "一括送信");
  const unit = await sample(page, "valid-K2");
  const files = [];
  for (let number = 0; number <= 100; number += 1) {
    const office = `99990${String(number).padStart(5, "0")}`;
    for (const file of unit) {
      files.push({ ...file, name: file.name.replace(/_(\d{10})_(\w\w)_(\d{14})/, `_${office}_$2_$3`) });
    }
  }
  await page.locator("#files").setInputFiles(files);
  await press(page, "振り分ける");
  assert.equal(await page.locator("tbody tr").count(), 101);
  assert.equal(await page.locator("#count").innerText(), "送信する件数：101件（1度に100件まで）");
  await shows(page, "件数が多すぎます。");
  await press(page, "一括送信");
  await says(page, "一度に送信できるのは100件までです（101件あります）。");
  await press(page, "クリア");
});

test("many files for one office are no row of a hundred tags", async (page, { server }) => {
  const { planner } = await begin(page, server);
  await sit_down(page, planner);
  await follow(page, "一括送信");
  const unit = await sample(page, "valid-K2");
  const files = [];
  for (let number = 0; number < 34; number += 1) {
    const minutes = String(number).padStart(2, "0");
    for (const file of unit) {
      files.push({ ...file, name: file.name.replace(/_(\d{8})\d{6}\.CSV$/, `_$109${minutes}00.CSV`) });
    }
  }
  await page.locator("#files").setInputFiles(files);
  await press(page, "振り分ける");
  assert.equal(files.length, 102);
  assert.equal(await page.locator("#count").innerText(), "送信する件数：2件（1度に100件まで）");
  const rows = page.locator("tbody tr");
  assert.equal(await rows.count(), 2);
  assert.deepEqual(await rows.nth(0).locator("td .tag").allInnerTexts(), [/.+ × 33$/.exec(await rows.nth(0).locator("td .tag").innerText())[0]]);
  assert.match(await rows.nth(0).innerText(), /99ファイル/);
  assert.match(await rows.nth(1).innerText(), /3ファイル/);
});

test("a row is chosen by a click beside its link, and a folder is asked for", async (page, { server, context }) => {
  const { planner, helper } = await begin(page, server);
  await sit_down(page, planner);
  await follow(page, "新規作成");
  await drop(page, await sample(page, "valid-K2"));
  await press(page, "送信");
  const partner = await context.newPage();
  await sit_down(partner, helper);
  await follow(partner, "受信一覧");
  const row = partner.locator("tbody tr").first();
  assert.equal(await row.locator("td").last().innerText(), "未取得");
  await row.locator("td").nth(1).click();
  assert.equal(await row.getByRole("checkbox").isChecked(), true);
  await row.locator("td").nth(4).click();
  assert.equal(await row.getByRole("checkbox").isChecked(), false);
  await row.locator("td").nth(6).click();
  await press(partner, "データ取得");
  const dialog = partner.getByRole("dialog", { name: "フォルダーの選択" });
  await dialog.getByText("保存先のフォルダは、事前に事業所内で決めておきます。").waitFor();
  // Who does not choose fetches nothing.
  await follow(partner, "キャンセル", dialog);
  assert.equal(await row.locator("td").last().innerText(), "未取得");
  await row.locator("td").nth(1).click();
  await press(partner, "データ取得");
  await partner.getByLabel("ドキュメント").check();
  await press(partner, "フォルダーの選択");
  await says(partner, "データを取得しました（1件）。");
  await shows(partner, "「ドキュメント」に保存しました。");
  await follow(partner, "端末：取得したファイル");
  await shows(partner, "ドキュメント");
});

test("an old client refuses the names of 4.1 until it is updated", async (page, { server }) => {
  const { planner } = await begin(page, server);
  await sit_down(page, planner);
  await follow(page, "バージョン情報");
  assert.equal(await page.locator("#version").innerText(), "Ver1.2.0");
  await page.locator("summary").click();
  await press(page, "古いバージョン（Ver1.1.0）にする");
  assert.equal(await page.locator("#version").innerText(), "Ver1.1.0");
  const send = async () => {
    await follow(page, "新規作成");
    await page.locator("#files").setInputFiles(await sample(page, "valid-K2"));
    await press(page, "送信");
  };
  await send();
  await says(page, "添付ファイル名の形式に誤りがあります。標準仕様の送信単位に従ったファイルを添付してください。");
  await shows(page, "この端末のアプリは古いバージョン（Ver1.1.0）です。");
  await follow(page, "一括送信", page.getByRole("navigation"));
  await page.locator("#files").setInputFiles(await sample(page, "bulk"));
  await press(page, "振り分ける");
  await press(page, "一括送信");
  await says(page, "添付ファイル名の形式に誤りがあります。標準仕様の送信単位に従ったファイルを添付してください。");
  await follow(page, "トップ");
  await follow(page, "バージョン情報");
  await shows(page, "更新の手順");
  await press(page, "最新版（Ver1.2.0）に更新する");
  await send();
  await says(page, "送信成功しました");
  // The login names the version too.
  await press(page, "ログアウト");
  await shows(page, "連携クライアントアプリ(Ver1.2.0)");
});

test("offices side by side do not mix", async (page, { server, context }) => {
  const { planner, helper } = await begin(page, server);
  const other = await context.newPage();
  await sit_down(page, planner);
  await sit_down(other, helper);
  for (const [tab, own] of [[page, planner], [other, helper], [page, planner]]) {
    await tab.goto(`/client/${own.office}`);
    assert.match(await tab.locator("header .facts").first().innerText(), new RegExp(own.office));
  }
  for (const cookie of await context.cookies()) {
    if (cookie.name === "lang") continue;
    assert.equal(cookie.httpOnly, true, cookie.name);
    assert.equal(cookie.sameSite, "Strict", cookie.name);
    // The trainer is the trainer on every page; everybody else has a place.
    const place = cookie.name === "console" ? "" : cookie.name.replace("client-", "client/");
    assert.equal(cookie.path, `/${place}`);
  }
  // Who leaves one terminal stays at the other.
  await press(page, "ログアウト");
  await other.reload();
  assert.equal(path(other), `/client/${helper.office}`);
});

test("nobody knows whether it arrived: sending again makes no second message", async (page, { server }) => {
  const { planner } = await begin(page, server, "broken-line");
  await sit_down(page, planner);
  await follow(page, "送信一覧");
  const before = await page.locator("tbody tr").count();
  await follow(page, "新規作成");
  await page.locator("#files").setInputFiles(await sample(page, "valid-K2"));
  await press(page, "送信");
  assert.equal(await page.locator(".alert.bad").count(), 1);
  await press(page, "送信");
  await says(page, "送信成功しました");
  await follow(page, "送信一覧");
  assert.equal(await page.locator("tbody tr").count(), before + 1);
});
