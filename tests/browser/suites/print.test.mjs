// The forms on paper: A4, one page a form, nothing of the screen around them, all of the text.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { enter, follow, press, sample, shows } from "../desk.mjs";
import { suite } from "../browser.mjs";

const { test } = suite("print");

/** Sides of A4 in points. */
const A4 = [595.28, 841.89];

/** Prints the page; sizes of the sheets in points, and their text. */
async function print(page) {
  const folder = mkdtempSync(join(tmpdir(), "careplan-print-"));
  try {
    const path = join(folder, "page.pdf");
    await page.pdf({ path, preferCSSPageSize: true, printBackground: true });
    const info = execFileSync("pdfinfo", ["-f", "1", "-l", "999", path], { encoding: "utf8" });
    const sizes = [...info.matchAll(/^Page +\d+ size: +([\d.]+) x ([\d.]+)/gm)].map(([, w, h]) => [Number(w), Number(h)]);
    const text = execFileSync("pdftotext", ["-raw", path, "-"], { encoding: "utf8" });
    return { sizes, sheets: text.split("\f").slice(0, sizes.length) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Every sheet is A4, upright or lying; how many of each. */
function orientations(sizes) {
  return sizes.map((size) => {
    const sides = [...size].sort((a, b) => a - b);
    sides.forEach((side, index) => assert.ok(Math.abs(side - A4[index]) < 2, `${size} is no A4`));
    return size[0] < size[1] ? "portrait" : "landscape";
  });
}

/** Letters and digits alone: spaces and signs are set apart, or drawn, in a PDF. */
const squeezed = (text) => text.normalize("NFKC").replaceAll(/[^\p{L}\p{N}]/gu, "");

for (const [id, wanted] of [
  ["valid-K1", ["第1表", "第2表", "第3表"]],
  ["valid-K2", ["第6表", "第7表"]],
  ["valid-Y1", ["利用者基本情報"]],
  ["valid-Y3", ["介護予防サービス・支援計画書"]],
]) {
  test(`${id} is printed on A4`, async (page) => {
    await page.goto("/support/check");
    await page.locator("#files").setInputFiles(await sample(page, id));
    await press(page, "検査する");
    await shows(page, wanted[0]);
    const forms = page.locator(".cp-forms .cp-form");
    const cells = await forms.locator("td:not(:has(.cp-sr))").allInnerTexts();
    const count = await forms.count();
    const { sizes, sheets } = await print(page);
    orientations(sizes);
    const text = squeezed(sheets.join(""));
    for (const title of wanted) assert.ok(text.includes(squeezed(title)), `${title} is on paper`);
    for (const cell of cells) {
      const line = squeezed(cell.split("\n")[0]);
      if (line.length > 1 && line.length < 12) assert.ok(text.includes(line), `“${line}” is on paper`);
    }
    assert.ok(!text.includes("検査する"), "no buttons on paper");
    assert.ok(sizes.length >= count, "a sheet for every form");
    assert.ok(sizes.length <= 3 * count + 4, `${sizes.length} sheets for ${count} forms`);
  });
}

test("the receipt of an application is one sheet", async (page, { server }) => {
  await enter(page, "usage", await server.account("43"));
  await page.goto("/usage/apply");
  await follow(page, "申請内容の確認（印刷用）");
  const { sizes, sheets } = await print(page);
  assert.equal(sizes.length, 1);
  assert.ok(squeezed(sheets[0]).includes("この画面を印刷または保存をして大切に保管してください"));
  assert.ok(!squeezed(sheets[0]).includes("ログアウト"));
});
