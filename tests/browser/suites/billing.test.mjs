// 電子請求受付システム: login, notices, certificates, 証明書発行用パスワード.

import assert from "node:assert/strict";
import { enter, fill, follow, path, press, save, says, set_scene, shows } from "../desk.mjs";
import { suite } from "../browser.mjs";

const { test } = suite("billing");

test("three wrong passwords lock the ID", async (page, { server }) => {
  const office = await server.account("46");
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await enter(page, "billing", office, "Chigau123");
    assert.equal(path(page), "/billing/login");
  }
  await enter(page, "billing", office);
  assert.equal(path(page), "/billing/login", "the right one does not help now");
  const locked = await page.locator(".alert").innerText();
  assert.match(locked, /30分/);
  await page.goto("/console/clock");
  await press(page, "30分進める");
  await enter(page, "billing", office);
  assert.equal(path(page), "/billing/notices");
});

test("nobody gets in without a login, and out is out", async (page, { server }) => {
  for (const screen of ["notices", "account", "mailbox", "certificate/dx", "issue-password/letter"]) {
    await page.goto(`/billing/${screen}`);
    assert.equal(path(page), "/billing/login", screen);
  }
  await enter(page, "billing", await server.account("43"));
  await press(page, "ログアウト");
  await page.goto("/billing/notices");
  assert.equal(path(page), "/billing/login");
});

test("notices are filtered by state, category, keyword and day", async (page, { server }) => {
  const planner = await server.account("43");
  await enter(page, "billing", planner);
  // A re-issue puts a notice of its own category there.
  await page.goto("/billing/issue-password/reissue");
  await press(page, "再発行する");
  await follow(page, "お知らせ画面を開く");
  assert.match(path(page), /category=certificate/);
  const rows = page.locator("tbody tr");
  assert.ok((await rows.count()) >= 1);
  for (const text of await rows.locator("td:nth-child(2)").allInnerTexts()) assert.equal(text, "証明書");
  await follow(page, "証明書発行用パスワード再発行通知");
  await follow(page, "お知らせ一覧へ戻る");
  await page.getByLabel("未読のお知らせ").check();
  await page.getByLabel("キーワード").fill("再発行通知");
  await press(page, "検索");
  await shows(page, "0件が該当しています。");
  await page.getByLabel("全てのお知らせ").check();
  await press(page, "検索");
  await shows(page, "1件が該当しています。");
  await page.getByLabel("掲示開始日（まで）年").selectOption("2021");
  await press(page, "検索");
  await shows(page, "0件が該当しています。");
});

test("a re-issue of the certificate password ends what was issued before", async (page, { server }) => {
  await set_scene(page, "lost-issue-password");
  const planner = await server.account("43");
  await enter(page, "billing", planner);
  await follow(page, "介護DX証明書");
  await page.getByLabel("介護DX証明書をダウンロード・インストールする").check();
  await press(page, "次へ");
  const p12 = await save(page, page.locator("main").getByRole("link", { name: "ダウンロード", exact: true }));
  assert.match(p12.name, /^\d{18}\.p12$/);
  await follow(page, "証明書発行用パスワードとは？");
  await follow(page, "通知書を紛失してしまった");
  await shows(page, "すでに発行済の電子証明書があっても、その証明書をインストールすることができなくなります。");
  await press(page, "再発行する");
  await follow(page, "お知らせ画面を開く");
  await follow(page, "証明書発行用パスワード再発行通知");
  await follow(page, "画面で開く");
  await fill(page, { "パスワード": "Chigau123" });
  await press(page, "開く");
  assert.equal(await page.locator(".alert.bad").count(), 1);
  await fill(page, { "パスワード": planner.kj_password });
  await press(page, "開く");
  const fresh = (await server.account("43")).certificate_password;
  assert.notEqual(fresh, planner.certificate_password);
  await shows(page, fresh);
  await page.goto("/billing/certificate/dx/download");
  assert.equal(await page.locator("main").getByRole("link", { name: "ダウンロード", exact: true }).count(), 0);
});

test("a certificate is renewed from 90 days before its end, not earlier", async (page, { server }) => {
  await set_scene(page, "exchange");
  const planner = await server.account("43");
  const renew = async () => {
    await enter(page, "billing", planner);
    await page.goto("/billing/certificate/dx/before");
    await press(page, "内容を確認しました");
    await page.getByLabel("介護DX証明書を更新する").check();
    await press(page, "次へ");
    await page.locator("#password").fill(planner.certificate_password);
    await press(page, "次へ");
    await press(page, "利用規約に同意して送信");
  };
  await renew();
  await says(page, "更新できるのは有効終了日の90日前からです。");
  const end = planner.certificates[0].not_after.slice(0, 10);
  await page.goto("/console/clock");
  const early = new Date(Date.parse(end) - 60 * 86_400_000).toISOString().slice(0, 10);
  await page.locator("#time").fill(`${early}T10:00`);
  await press(page, "合わせる");
  await enter(page, "billing", planner);
  // The password of the login has expired on the way.
  assert.equal(path(page), "/billing/password/warning");
  await follow(page, "パスワード変更");
  await press(page, "利用規約に同意して次へ");
  await fill(page, { "現在のパスワード": planner.kj_password, "新しいパスワード": "Careplan2", "新しいパスワード（確認用）": "Careplan2" });
  await press(page, "変更");
  planner.kj_password = "Careplan2";
  await renew();
  await shows(page, "証明書の発行申請を完了しました。");
  await page.goto("/billing/certificate/dx");
  assert.equal(await page.locator("h2 + .wide tbody tr").count(), 2);
});
