// 利用状況Webサイト: login, licence, renewal.

import assert from "node:assert/strict";
import { enter, fill, follow, path, press, says, set_scene, shows } from "../desk.mjs";
import { suite } from "../browser.mjs";

// Waiting times apply: between an application and its charge there are weeks.
const { test } = suite("usage", { args: ["--timing", "real"] });

test("the top page has the c-ID, and no licence is cancelled in its term", async (page, { server }) => {
  const planner = await server.account("43");
  await page.goto("/usage");
  assert.equal(path(page), "/usage/login");
  assert.equal(await page.locator("#user_id").getAttribute("placeholder"), "KJから始まる14桁のユーザIDを入力してください");
  assert.equal(await page.locator("#password").getAttribute("placeholder"), "パスワードを入力してください");
  await enter(page, "usage", planner);
  await shows(page, "利用可能です。");
  await shows(page, "ただいまシステムは正常稼働中です。");
  assert.equal(await page.locator("#c-id").innerText(), planner.c_id);
  assert.equal(await page.locator("#c-password").innerText(), planner.c_password);
  await shows(page, "利用申請が正常に完了しております。");
  await follow(page, "途中解約について", await licence(page));
  await press(page, "解約を申し込んでみる（練習）");
  assert.equal(await page.locator(".alert.bad").count(), 1);
});

/** The licence page. */
async function licence(page) {
  await page.getByRole("navigation").getByRole("link", { name: "ライセンス確認" }).click();
  return page;
}

test("an agent's ID is not taken", async (page) => {
  await enter(page, "usage", { kj_id: "HD474779000118", kj_password: "Careplan1" });
  assert.equal(path(page), "/usage/login");
  await shows(page, "代理人");
});

test("an expired password is to be changed at the billing site", async (page, { server }) => {
  await set_scene(page, "expired-password");
  await enter(page, "usage", await server.account("43"));
  await says(page, "パスワードの有効期限が切れています");
  await shows(page, "電子請求受付システム");
});

test("a licence is applied for, and - stands for its end until the first charge", async (page, { server }) => {
  // Until the end of March 2027 the fee is waived.
  await page.goto("/console/clock");
  await page.locator("#time").fill("2027-04-05T10:00");
  await press(page, "合わせる");
  await set_scene(page, "exchange");
  const { items } = await server.control("/accounts");
  const never = items.find((item) => item.kj_id && item.licence.state === "none");
  await enter(page, "usage", never);
  await page.getByRole("navigation").getByRole("link", { name: "利用申請/更新" }).click();
  await shows(page, "利用申請可能です。");
  await shows(page, "21,000円");
  await press(page, "申請");
  await page.locator("#rf").fill("見本");
  await page.locator("#rg").fill("一");
  await page.locator("#cf").fill("見本");
  await page.locator("#cg").fill("二");
  await page.locator("#phone").fill("0980000000");
  await page.locator("#mail").fill("a@example.jp");
  await page.locator("#mail_again").fill("b@example.jp");
  await page.locator("#phone").fill("03-1234-5678");
  await page.getByLabel("利用規約に同意する").check();
  await press(page, "申請");
  assert.equal(path(page), "/usage/apply/form");
  // Everything at once, with links to the fields, and nothing is lost.
  const summary = page.locator("#errors");
  assert.deepEqual(await summary.getByRole("link").allInnerTexts(), [
    "電話番号はハイフンなしの10桁または11桁の半角数字で入力してください。",
    "2つのメールアドレスが一致しません。",
    "「個人情報取り扱いに同意する」にチェックしてください。",
  ]);
  assert.equal(await summary.evaluate((alert) => alert === document.activeElement), true, "the focus is there");
  assert.equal(await page.locator("#phone_wrong").innerText(), "電話番号はハイフンなしの10桁または11桁の半角数字で入力してください。");
  await summary.getByRole("link", { name: "電話番号" }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "phone");
  assert.equal(await page.locator("#rf").inputValue(), "見本", "what was written stays");
  assert.equal(await page.locator("#phone").inputValue(), "03-1234-5678", "also what is wrong");
  assert.equal(await page.getByLabel("利用規約に同意する").isChecked(), true);
  await page.locator("#phone").fill("0312345678");
  await page.locator("#mail_again").fill("a@example.jp");
  await page.getByLabel("個人情報取り扱いに同意する").check();
  await press(page, "申請");
  await press(page, "はい");
  await shows(page, "利用申請が正常に完了しております。");
  await page.goto("/usage/licence");
  assert.equal(await page.locator("#valid-until").innerText(), "-");
  assert.equal(await page.locator("#balance").innerText(), "-");
  const about = "ライセンスの支払いが発生するまでの間は、「有効期限」「残高」に「-」と表示されます。";
  await shows(page, about);
  await page.goto("/console/clock");
  await press(page, "30日進める");
  await enter(page, "usage", never);
  await licence(page);
  assert.equal(await page.locator("#valid-until").innerText(), "2028/04/04");
  assert.ok(!(await page.locator("main").innerText()).includes(about), "no word about “-” where none stands");
});

test("the renewal is stopped and resumed; after the end only who renewed goes on", async (page, { server }) => {
  await set_scene(page, "free-pass-ending");
  const planner = await server.account("43");
  await enter(page, "usage", planner);
  await licence(page);
  const renewal = page.locator("#renewal");
  if ((await renewal.innerText()) === "停止中") {
    await follow(page, "自動更新を再開する");
    await press(page, "再開する");
  }
  assert.equal(await renewal.innerText(), "する");
  await follow(page, "自動更新を停止する");
  await press(page, "停止する");
  assert.equal(await renewal.innerText(), "停止中");
  await page.goto("/console/clock");
  await press(page, "30日進める");
  await page.goto("/console/clock");
  await enter(page, "usage", planner);
  await licence(page);
  await shows(page, "利用申請可能です。");
});

test("the scene at the date of the guide: the free pass without touching a switch", async (page, { server }) => {
  await set_scene(page, "free-pass");
  const planner = await server.account("43");
  assert.match(await page.locator("header .facts").first().innerText(), /2025\/11\/28/);
  await enter(page, "billing", planner);
  await follow(page, "パスワード変更");
  await press(page, "利用規約に同意して次へ");
  await fill(page, { "現在のパスワード": planner.kj_password, "新しいパスワード": "Tebiki2025", "新しいパスワード（確認用）": "Tebiki2025" });
  await press(page, "変更");
  await enter(page, "usage", { ...planner, kj_password: "Tebiki2025" });
  await page.getByRole("navigation").getByRole("link", { name: "利用申請/更新" }).click();
  await shows(page, "利用申請可能です。");
  await press(page, "申請");
  await shows(page, "フリーパス申請が可能です。");
  await press(page, "フリーパス申請情報入力に進む");
  await fill(page, { "電話番号（ハイフンなし）": "0980000000", "メールアドレス": "a@example.jp", "メールアドレス（確認用）": "a@example.jp" });
  for (const id of ["rf", "rg", "cf", "cg"]) await page.locator(`#${id}`).fill("見本");
  await page.getByLabel("利用規約に同意する").check();
  await page.getByLabel("個人情報取り扱いに同意する").check();
  await press(page, "申請");
  const dialog = page.getByRole("dialog", { name: "注 意" });
  assert.ok((await dialog.innerText()).includes("フリーパスの申請を行いますか？"));
  await press(page, "はい", dialog);
  await follow(page, "OK", page.getByRole("dialog"));
  await shows(page, "フリーパス申請が完了しました。");
  await follow(page, "OK");
  await page.getByRole("navigation").getByRole("link", { name: "利用申請/更新" }).click();
  await shows(page, "利用申請が正常に完了しております。");
  // The next scene is of today again.
  await set_scene(page, "exchange");
  assert.doesNotMatch(await page.locator("header .facts").first().innerText(), /2025\//);
});
