// 利用状況Webサイト: login, licence, renewal.

import assert from "node:assert/strict";
import { enter, follow, path, press, says, set_scene, shows } from "../desk.mjs";
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
  await press(page, "次へ");
  assert.equal(path(page), "/usage/apply/form", "two different addresses");
  assert.equal(await page.locator("#rf").inputValue(), "見本", "what was written stays");
  await page.locator("#mail_again").fill("a@example.jp");
  await press(page, "次へ");
  await page.getByLabel("利用規約に同意する").check();
  await page.getByLabel("個人情報取り扱いに同意する").check();
  await press(page, "申請");
  await press(page, "はい");
  await shows(page, "利用申請が正常に完了しております。");
  await page.goto("/usage/licence");
  assert.equal(await page.locator("#valid-until").innerText(), "-");
  assert.equal(await page.locator("#balance").innerText(), "-");
  await page.goto("/console/clock");
  await press(page, "30日進める");
  await enter(page, "usage", never);
  await licence(page);
  assert.equal(await page.locator("#valid-until").innerText(), "2028/04/04");
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
