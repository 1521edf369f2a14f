// 研修コンソール: scenes, clock, faults, certificates, accounts, reset.

import assert from "node:assert/strict";
import { enter, path, press, save, says, set_scene, shows, sit_down } from "../desk.mjs";
import { suite } from "../browser.mjs";

const { test } = suite("console");

test("every scene is set after a question and has its steps and its cast", async (page) => {
  await page.goto("/console");
  const links = page.locator('main a[href^="/console/scene/"]');
  const scenes = [...new Set(await links.evaluateAll((links) => links.map((link) => link.getAttribute("href"))))];
  assert.ok(scenes.length >= 8, "eight scenes at least");
  for (const scene of scenes) {
    await page.goto("/console");
    await page.locator(`form:has(a[href="${scene}"]) button`).click();
    await press(page, "準備する");
    await page.waitForURL(`**${scene}`);
    assert.match(await page.locator(".alert.good .say").innerText(), /^場面「.+」を準備しました。$/);
    assert.ok((await page.locator("ol li").count()) >= 2, scene);
    assert.ok((await page.locator("tbody tr").count()) >= 1, scene);
  }
});

test("the clock goes ahead, stops and comes back", async (page) => {
  await page.goto("/console/clock");
  await page.locator("#time").fill("2027-05-10T09:30");
  await press(page, "合わせる");
  assert.match(await page.locator("#now").innerText(), /^2027\/05\/10 09:30/);
  await press(page, "時計を止める");
  await shows(page, "停止中");
  await press(page, "1年進める");
  assert.match(await page.locator("#now").innerText(), /^2028\/05\/10 09:30/);
  await press(page, "時計を動かす");
  await page.locator("#time").evaluate((input) => input.removeAttribute("max"));
  await page.locator("#time").fill("2150-01-01T00:00");
  await press(page, "合わせる");
  assert.equal(await page.locator(".alert.bad").count(), 1, "beyond the years of the mock");
});

test("a fault is armed, seen and disarmed", async (page, { server }) => {
  await set_scene(page, "exchange");
  const planner = await server.account("43");
  await page.goto("/console/faults");
  await press(page, "準備する ログインがメンテナンス中になる");
  await page.goto(`/client/${planner.office}/login`);
  await page.locator("#user_id").fill(planner.c_id);
  await page.locator("#password").fill(planner.c_password);
  await press(page, "ログイン");
  await shows(page, "メンテナンス");
  await page.goto("/console/faults");
  await press(page, "すべて取り消す");
  await shows(page, "準備した障害はありません。");
  await sit_down(page, planner);
  await shows(page, "利用可能です。");
});

test("a wrong certificate is made for an office and put on its terminal", async (page, { server }) => {
  await set_scene(page, "exchange");
  const planner = await server.account("43");
  await page.goto("/console/certificates");
  await page.getByLabel("事業所", { exact: true }).selectOption(planner.office);
  await page.locator("input[name=way]").nth(1).check();
  await press(page, "事業所の端末にインストールする");
  assert.equal(await page.locator(".alert.good").count(), 1);
  await sit_down(page, planner);
  await says(page, "正しい電子証明書をインストールしてください。");
  await page.goto("/console/certificates");
  await page.getByLabel("事業所", { exact: true }).selectOption(planner.office);
  const p12 = await save(page, page.getByRole("button", { name: ".p12 を保存する" }));
  assert.match(p12.name, /\.p12$/);
});

test("every account and password is at hand, and opens", async (page, { server }) => {
  await set_scene(page, "exchange");
  const planner = await server.account("43");
  await page.goto("/console/accounts");
  const row = page.getByRole("row").filter({ hasText: planner.kj_id });
  const text = await row.innerText();
  for (const secret of [planner.kj_password, planner.c_id, planner.c_password, planner.certificate_password]) {
    assert.ok(text.includes(secret), secret);
  }
  await enter(page, "billing", planner);
  assert.equal(path(page), "/billing/notices");
});

test("switches, journal and reset", async (page, { server }) => {
  await set_scene(page, "exchange");
  const planner = await server.account("43");
  await page.goto("/console/switches");
  const lock = page.locator("tr").filter({ hasText: "lock-minutes" });
  await lock.locator("input[type=text]").fill("viele");
  await press(page, "変更", lock);
  assert.equal(await page.locator(".alert.bad").count(), 1);
  await lock.locator("input[type=text]").fill("5");
  await press(page, "変更", lock);
  await shows(page, "変更中");
  await sit_down(page, planner);
  await page.goto("/console/journal");
  await shows(page, "POST /v1/login/terminal");
  await page.goto("/console");
  await press(page, "はじめの状態に戻す");
  await shows(page, "今の状態を自動で保存してから行います。");
  await press(page, "はじめの状態に戻す");
  await page.goto("/console/journal");
  await shows(page, "端末でログインや送受信をすると、ここに並びます。");
  await shows(page, "講師の操作（新しい順）");
  await page.goto(`/client/${planner.office}/inbox`);
  assert.equal(path(page), `/client/${planner.office}/login`, "nobody is logged in any more");
});

test("one office is helped, and set back to before its first login; that is undone", async (page, { server }) => {
  await set_scene(page, "exchange");
  const planner = await server.account("43");
  const choose = async (what) => {
    await page.goto("/console/accounts");
    const row = page.getByRole("row").filter({ hasText: planner.kj_id });
    await row.locator("summary").click();
    await press(page, new RegExp(`^${what}`), row);
  };
  await choose("ロックを解除する");
  assert.match(await page.locator(".alert.good .say").innerText(), /ロックを解除しました。$/);
  await choose("仮パスワードを再発行する");
  await shows(page, "今のパスワードは使えなくなり");
  await press(page, "仮パスワードを再発行する");
  const issued = await server.account("43");
  assert.ok(issued.temporary && issued.kj_password !== planner.kj_password);
  await page.goto(`/console/letter/${planner.office}`);
  await shows(page, /再発行\s+電子請求登録結果に関するお知らせ/);
  await shows(page, issued.kj_password);
  assert.ok(await page.getByRole("button", { name: "印刷する", exact: true }).isVisible());
  await choose("初回ログイン前に戻す");
  await press(page, "初回ログイン前に戻す");
  await page.locator("#undo").getByRole("button").click();
  await press(page, "元に戻す");
  assert.equal((await server.account("43")).kj_password, issued.kj_password);
});

test("all letters are one print, a page each", async (page) => {
  await page.goto("/console/letters");
  const letters = await page.locator("article.letter").count();
  assert.ok(letters >= 20, `${letters} letters`);
  const pdf = (await page.pdf({ format: "A4", preferCSSPageSize: true })).toString("latin1");
  const pages = pdf.match(/\/Type\s*\/Page[^s]/g).length;
  assert.equal(pages, letters);
});

test("the hand-out has no page with next to nothing on it", async (page) => {
  await page.goto("/console/handout");
  const scenes = await page.locator("section.scene").count();
  const pdf = (await page.pdf({ format: "A4", preferCSSPageSize: true })).toString("latin1");
  const pages = pdf.match(/\/Type\s*\/Page[^s]/g).length;
  assert.ok(pages <= scenes, `${pages} pages for ${scenes} scenes`);
});
