// Every page works without JavaScript; only drag and drop needs it.

import assert from "node:assert/strict";
import { enter, follow, install, path, press, sample, says, set_scene, shows, sit_down } from "../desk.mjs";
import { suite } from "../browser.mjs";

const { test } = suite("no-script");
const off = { javaScriptEnabled: false };

test("a whole exchange without JavaScript", async (page, { server, context }) => {
  await set_scene(page, "lost-issue-password");
  const [planner, helper] = [await server.account("43"), await server.account("11")];
  for (const account of [planner, helper]) await install(page, account.office);
  await enter(page, "billing", planner);
  assert.equal(path(page), "/billing/notices");
  await sit_down(page, planner);
  await follow(page, "新規作成");
  await page.locator("#files").setInputFiles(await sample(page, "valid-K2"));
  await press(page, "ファイルを追加");
  assert.match(await page.locator("#destination").innerText(), new RegExp(helper.office));
  await page.locator("#text").fill("スクリプトなしです。");
  await press(page, "送信");
  await says(page, "送信成功しました");
  await follow(page, "一括送信", page.getByRole("navigation"));
  await page.locator("#files").setInputFiles(await sample(page, "bulk"));
  await press(page, "振り分ける");
  await press(page, "一括送信");
  assert.match(await page.locator(".alert .say").innerText(), /^一括送信が完了しました/);
  const partner = await context.newPage();
  await sit_down(partner, helper);
  await follow(partner, "受信一覧");
  await partner.getByRole("checkbox").first().check();
  await press(partner, "データ取得");
  await press(partner, "フォルダーの選択");
  await says(partner, "データを取得しました（1件）。");
  await follow(partner, "端末：取得したファイル");
  await follow(partner, "様式で見る");
  await shows(partner, "第6表");
}, off);
