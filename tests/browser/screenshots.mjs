// Writes the screenshots of docs/screenshots: `node screenshots.mjs FOLDER`.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { launch } from "./browser.mjs";
import { drop, enter, follow, press, sample, set_scene, sit_down } from "./desk.mjs";
import { with_palette } from "./png.mjs";
import { Server } from "./server.mjs";

/** Larger than this a picture does not belong into the repository. */
const MOST_BYTES = 150_000;

const [folder] = process.argv.slice(2);
if (!folder) throw new Error("node screenshots.mjs FOLDER");

const server = await Server.start(["--clock", "2026-11-16T10:00:00+09:00", "--frozen"]);
const browser = await launch();
const context = await browser.newContext({
  baseURL: server.sites,
  locale: "ja-JP",
  timezoneId: "Asia/Tokyo",
  viewport: { width: 1280, height: 800 },
});
const page = await context.newPage();

/**
 * Takes a picture of the page.
 *
 * @param {string} name
 * @param {number} [height] at most so much of it, in pixels
 * @param {import("playwright-core").Page} [of]
 * @param {string} [from] selector of where the picture begins
 */
async function shoot(name, height = 1100, of = page, from = "body") {
  // Ports differ from run to run.
  await of.evaluate(() => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      walk.currentNode.data = walk.currentNode.data.replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:…");
    }
  });
  const path = join(folder, `${name}.png`);
  const whole = await of.evaluate(() => document.documentElement.scrollHeight);
  const top = await of.locator(from).first().evaluate((element) => element.getBoundingClientRect().top + scrollY);
  const { width } = of.viewportSize();
  const png = await of.screenshot({
    fullPage: true,
    clip: { x: 0, y: Math.floor(top), width, height: Math.min(whole - Math.floor(top), height) },
    animations: "disabled",
    caret: "hide",
  });
  const small = with_palette(png);
  if (small.length > MOST_BYTES) throw new Error(`${path}: ${small.length} bytes`);
  writeFileSync(path, small);
  console.log(`${path} ${small.length}`);
}

try {
  await page.goto("/");
  await shoot("home");
  await page.goto("/console");
  await shoot("console");
  await set_scene(page, "exchange");
  await shoot("scene");
  const planner = await server.account("43");
  const helper = await server.account("11");

  await page.goto("/billing/login");
  await shoot("billing-login", 900);
  await enter(page, "billing", planner);
  await page.goto("/billing/certificate/dx");
  await shoot("billing-certificate");
  await enter(page, "usage", planner);
  await shoot("usage-top", 900);

  await sit_down(page, planner);
  await shoot("client-top", 800);
  await follow(page, "新規作成");
  await drop(page, await sample(page, "valid-K2"));
  await shoot("client-new", 1000);
  await press(page, "クリア");
  await page.locator("#files").setInputFiles(await sample(page, "table-6-alone"));
  await press(page, "送信");
  await shoot("client-refused", 900);
  await press(page, "クリア");
  await follow(page, "一括送信", page.getByRole("navigation"));
  await drop(page, await sample(page, "bulk"));
  await press(page, "一括送信");
  await shoot("client-bulk", 1100);

  await sit_down(page, helper);
  await follow(page, "受信一覧");
  await shoot("client-received", 700);
  await page.getByRole("checkbox").first().check();
  await press(page, "データ取得");
  await press(page, "フォルダーの選択");
  await page.goto(`/client/${helper.office}/files/1/forms`);
  await shoot("client-forms", 900, page, ".cp-unit-title, .cp-form");
  await page.goto(`/client/${helper.office}/inbox`);
  await page.getByRole("checkbox").first().check();
  await press(page, "データ取得");
  await press(page, "フォルダーの選択");
  await shoot("client-fetched-before", 700);

  await page.goto("/support/check");
  await page.locator("#files").setInputFiles(await sample(page, "leading-zero-lost"));
  await press(page, "検査する");
  await shoot("support-check", 1000);
  await shoot("support-check-cells", 900, page, ".cp-form");
  await page.goto("/support/faq");
  await shoot("support-faq", 900);

  const phone = await context.newPage();
  await phone.setViewportSize({ width: 390, height: 844 });
  await phone.goto(`/client/${helper.office}/inbox`);
  await shoot("client-mobile", 1000, phone);

  await page.goto("/?lang=en");
  await shoot("home-english");
} finally {
  await browser.close();
  await server.stop();
}
