// A message is written and sent with nothing but the keyboard, and one always sees where one is.

import assert from "node:assert/strict";
import { sample, says, set_scene, shows, turn } from "../desk.mjs";
import { suite } from "../browser.mjs";

const { test } = suite("keyboard");

/** The element that has the focus: what it is called, and whether one sees that it has it. */
function focused(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const label = element.labels?.[0]?.textContent ?? "";
    return {
      tag: element.tagName.toLowerCase(),
      name: (element.getAttribute("aria-label") || label || element.textContent || element.name || "").trim(),
      id: element.id,
      outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
      is_on_screen:
        box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 &&
        box.top < innerHeight && box.left < innerWidth,
    };
  });
}

/** Presses Tab until this has the focus; every stop on the way must be visible. */
async function tab_to(page, wanted) {
  const passed = [];
  for (let presses = 0; presses < 120; presses += 1) {
    await page.keyboard.press("Tab");
    const now = await focused(page);
    if (!now) continue;
    passed.push(`${now.tag} ${now.name}`);
    assert.ok(now.is_on_screen, `${page.url()}: ${now.tag} “${now.name}” has the focus out of sight`);
    assert.ok(now.outline >= 2, `${page.url()}: one does not see that ${now.tag} “${now.name}” has the focus`);
    if (typeof wanted === "function" ? wanted(now) : now.name === wanted) return;
  }
  assert.fail(`${page.url()}: Tab does not reach ${wanted}:\n${passed.join("\n")}`);
}

const enter = (page) => turn(page, () => page.keyboard.press("Enter"));

test("log in, choose files, write, save, open, send, look", async (page, { server }) => {
  await set_scene(page, "exchange");
  const planner = await server.account("43");
  await page.goto(`/client/${planner.office}`);

  // The first stop leads past the menu.
  await page.keyboard.press("Tab");
  assert.equal((await focused(page)).name, "本文へ移動");
  await page.keyboard.press("Enter");
  await tab_to(page, (now) => now.id === "user_id");
  await page.keyboard.type(planner.c_id);
  await tab_to(page, (now) => now.id === "password");
  await page.keyboard.type(planner.c_password);
  await enter(page);
  await tab_to(page, (now) => now.id === "user_id");
  await page.keyboard.type(planner.kj_id);
  await tab_to(page, (now) => now.id === "password");
  await page.keyboard.type(planner.kj_password);
  await tab_to(page, "ログイン");
  await page.keyboard.press("Space");
  await page.waitForURL(`**/client/${planner.office}`);
  await shows(page, "利用可能です。");

  await tab_to(page, "新規作成");
  await enter(page);
  await tab_to(page, (now) => now.id === "files");
  // The window of the operating system is not part of the page.
  await page.locator("#files").setInputFiles(await sample(page, "valid-K2"));
  await tab_to(page, "ファイルを追加");
  await enter(page);
  await shows(page, "送信先事業所");
  await tab_to(page, (now) => now.id === "text");
  await page.keyboard.type("キーボードだけで書きました。");
  await tab_to(page, "一時保存");
  await enter(page);
  await says(page, "下書きを保存しました。");
  await tab_to(page, "開く");
  await enter(page);
  assert.equal(await page.locator("#text").inputValue(), "キーボードだけで書きました。");
  await tab_to(page, "送信");
  await enter(page);
  await says(page, "送信成功しました");
  await tab_to(page, "送信一覧");
  await enter(page);
  assert.match(await page.locator("tbody tr").first().innerText(), /未ダウンロード/);
});

test("choices are made with arrows and Space, and data are fetched", async (page, { server }) => {
  await set_scene(page, "exchange");
  const helper = await server.account("11");
  await page.goto("/billing/login");
  await tab_to(page, (now) => now.id === "user_id");
  await page.keyboard.type(helper.kj_id);
  await page.keyboard.press("Tab");
  await page.keyboard.type(helper.kj_password);
  await enter(page);
  await tab_to(page, (now) => now.name.endsWith("のお知らせ"));
  const first = (await focused(page)).name;
  await page.keyboard.press("ArrowDown");
  const second = (await focused(page)).name;
  assert.notEqual(second, first);
  assert.ok(await page.getByLabel(second).isChecked());
  await tab_to(page, "検索");
  await enter(page);
  assert.ok(await page.getByLabel(second).isChecked());

  await page.goto(`/client/${helper.office}/login`);
  await tab_to(page, (now) => now.id === "user_id");
  await page.keyboard.type(helper.c_id);
  await page.keyboard.press("Tab");
  await page.keyboard.type(helper.c_password);
  await enter(page);
  await tab_to(page, (now) => now.id === "user_id");
  await page.keyboard.type(helper.kj_id);
  await page.keyboard.press("Tab");
  await page.keyboard.type(helper.kj_password);
  await enter(page);
  await tab_to(page, "受信一覧");
  await enter(page);
  await tab_to(page, (now) => now.tag === "input" && now.name.startsWith("2026/"));
  await page.keyboard.press("Space");
  await tab_to(page, "データ取得");
  await enter(page);
  await tab_to(page, "フォルダーの選択");
  await enter(page);
  await says(page, "データを取得しました（1件）。");
});
