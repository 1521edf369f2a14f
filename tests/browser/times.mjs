// How long pages take: `node times.mjs [N]`, N requests of each page, one after the other. No test:
// a figure for the documentation. Set CAREPLAN_MOCK_SERVER to a release build.

import { launch } from "./browser.mjs";
import { crawl } from "./crawl.mjs";
import { enter, press, sample, set_scene, sit_down } from "./desk.mjs";
import { Server } from "./server.mjs";

const requests = Number(process.argv[2] ?? 50);

const server = await Server.start();
const browser = await launch();
try {
  const context = await browser.newContext({ baseURL: server.sites });
  const page = await context.newPage();
  await set_scene(page, "exchange");
  const helper = await server.account("11");
  await enter(page, "billing", helper);
  await enter(page, "usage", helper);
  await sit_down(page, helper);
  const at = `/client/${helper.office}`;
  await page.goto(`${at}/inbox`);
  await page.getByRole("checkbox").first().check();
  await press(page, "データ取得");
  await press(page, "フォルダーの選択");
  await page.goto(`${at}/bulk`);
  await page.locator("#files").setInputFiles(await sample(page, "valid-S1"));
  await press(page, "振り分ける");
  const pages = await crawl(page, ["/", "/billing", "/usage", "/support", "/console", "/client", at], async () => {});

  // Outside of the browser: what is measured is the server.
  const cookies = await context.cookies();
  const header = (path) =>
    cookies
      .filter((cookie) => path === cookie.path || path.startsWith(`${cookie.path.replace(/\/$/, "")}/`))
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");
  const rows = [];
  for (const path of pages) {
    const times = [];
    for (let request = 0; request < requests; request += 1) {
      const start = process.hrtime.bigint();
      const response = await fetch(server.sites + path, { headers: { cookie: header(path) }, redirect: "manual" });
      await response.arrayBuffer();
      times.push(Number(process.hrtime.bigint() - start) / 1e6);
      if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
    }
    times.sort((a, b) => a - b);
    rows.push({ path, median: times[Math.floor(times.length / 2)], most: times.at(-1) });
  }
  rows.sort((a, b) => b.median - a.median);
  console.log(`${requests} requests of each of ${rows.length} pages, milliseconds`);
  console.log(`${"median".padStart(8)} ${"maximum".padStart(8)}  page`);
  for (const { path, median, most } of rows) {
    console.log(`${median.toFixed(1).padStart(8)} ${most.toFixed(1).padStart(8)}  ${path}`);
  }
} finally {
  await browser.close();
  await server.stop();
}
