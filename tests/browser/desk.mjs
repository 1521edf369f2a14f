// What people do on the pages, by the words they see.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { unzip } from "./zip.mjs";

/** Does something that leads to another page, and waits for that. */
export async function turn(page, act) {
  await Promise.all([page.waitForEvent("domcontentloaded"), act()]);
}

/** Presses the button of this name: the whole name, or a pattern. */
export function press(page, name, within = page) {
  return turn(page, () => within.getByRole("button", { name, exact: true }).click());
}

/** Follows the link of this name. */
export function follow(page, name, within = page) {
  return turn(page, () => within.getByRole("link", { name, exact: true }).click());
}

/** The page says this at its top, in exactly these words. */
export async function says(page, sentence) {
  const said = await page.locator(".alert .say").first().innerText();
  assert.equal(said, sentence);
}

/** The main part of the page has this text. */
export async function shows(page, text) {
  const main = await page.locator("main").innerText();
  const is_there = text instanceof RegExp ? text.test(main) : main.includes(text);
  assert.ok(is_there, `${page.url()} does not show ${text}:\n${main}`);
}

/** The path of the page. */
export function path(page) {
  const url = new URL(page.url());
  return url.pathname + url.search;
}

/** Saves what a link leads to; name and bytes. */
export async function save(page, link) {
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  const name = download.suggestedFilename();
  return { name, mimeType: "application/octet-stream", buffer: readFileSync(await download.path()) };
}

/** The files of a sample of the support site, unpacked. */
export async function sample(page, id) {
  const response = await page.request.get(`/support/samples/${id}`);
  assert.equal(response.status(), 200, id);
  return unzip(await response.body());
}

/** Drops files on the page as from a folder window. */
export async function drop(page, files) {
  const given = files.map((file) => ({ name: file.name, base64: file.buffer.toString("base64") }));
  const transfer = await page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const { name, base64 } of given) {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      transfer.items.add(new File([bytes], name));
    }
    return transfer;
  }, given);
  const zone = page.locator(".drop");
  await zone.dispatchEvent("dragenter", { dataTransfer: transfer });
  assert.ok(await zone.evaluate((zone) => zone.classList.contains("over")), "the zone lights up");
  await zone.dispatchEvent("dragover", { dataTransfer: transfer });
  await turn(page, () => zone.dispatchEvent("drop", { dataTransfer: transfer }));
}

/** Fills in fields by their labels. */
export async function fill(page, fields) {
  for (const [label, value] of Object.entries(fields)) {
    await page.getByLabel(label, { exact: true }).fill(value);
  }
}

/** Logs in on a site that asks for the KJ ID. */
export async function enter(page, site, account, password = account.kj_password) {
  await page.goto(`/${site}/login`);
  await page.locator("#user_id").fill(account.kj_id);
  await page.locator("#password").fill(password);
  await press(page, "ログイン");
}

/** Both stages of the login on a terminal. */
export async function sit_down(page, account, terminal = account.office, password = account.kj_password) {
  await page.goto(`/client/${terminal}/login`);
  await page.locator("#user_id").fill(account.c_id);
  await page.locator("#password").fill(account.c_password);
  await press(page, "ログイン");
  await page.locator("#user_id").fill(account.kj_id);
  await page.locator("#password").fill(password);
  await press(page, "ログイン");
}

/** Installs the certificate of an office on a terminal: the shortcut of a trainer. */
export async function install(page, terminal) {
  await page.goto(`/client/${terminal}/certificate`);
  await page.locator("#shortcut summary").click();
  await turn(page, () => page.locator("#shortcut button").first().click());
}

/** Sets a scene of the console. */
export async function set_scene(page, id) {
  await page.goto(`/console/scene/${id}`);
  await press(page, /^この場面を(もう一度)?準備する$/);
  await press(page, "準備する");
}
