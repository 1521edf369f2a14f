// The page that the checker writes: it folds, filters and jumps, and needs neither scripts nor a network.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { suite } from "../browser.mjs";
import { program } from "../server.mjs";

const { test } = suite("report");

const NAME = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";

/** Writes a report about two records of the wrong form and a name in small letters. */
function report(folder) {
  writeFileSync(join(folder, NAME.replace(".CSV", ".csv")), '"202407","1"\r\n"202407","2"\r\n');
  const page = join(folder, "report.html");
  const checker = program("CAREPLAN_CONFORMANCE", "careplan-conformance");
  try {
    execFileSync(checker, ["--lang", "en", "check", folder, "--quiet", "--scope", "file", "--report", `html=${page}`]);
  } catch (error) {
    // 1: there are findings.
    if (error.status !== 1) throw error;
  }
  return pathToFileURL(page).href;
}

const rows = (page) => page.locator(".findings tbody tr").evaluateAll((all) => all.filter((row) => row.checkVisibility()).length);

test("a report folds, filters and jumps", async (page) => {
  const folder = mkdtempSync(join(tmpdir(), "careplan-report-"));
  try {
    await page.goto(report(folder));
    assert.equal(await rows(page), 3);
    await page.getByLabel("errors").uncheck();
    assert.equal(await rows(page), 1);
    await page.getByLabel("errors").check();
    await page.getByLabel("Find").fill("record 2");
    assert.equal(await rows(page), 1);
    await page.getByLabel("Find").fill("");
    await page.getByRole("button", { name: "Close all" }).click();
    assert.equal(await rows(page), 0);
    await page.locator("#files").getByRole("link", { name: "S007" }).click();
    assert.equal(await rows(page), 2);
    await page.locator("#S007").getByText("Text for a ticket, without values").click();
    await page.locator("#S007").getByRole("button", { name: "Copy" }).click();
    await page.locator("#S007").getByRole("button", { name: "Copied" }).waitFor();
    const ticket = await page.locator("#S007 textarea").inputValue();
    assert.match(ticket, /^S007 the number of columns is wrong \(error 2\)\n/);
    assert.match(ticket, /\n- UPPLAN_.*\.csv: record 1 \(line 1\); record 2 \(line 2\)\n/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test(
  "a report filters without scripts",
  async (page) => {
    const folder = mkdtempSync(join(tmpdir(), "careplan-report-"));
    try {
      await page.goto(report(folder));
      assert.equal(await page.getByRole("button", { name: "Close all" }).isVisible(), false);
      await page.getByLabel("errors").uncheck();
      assert.equal(await page.locator("#S007").isVisible(), false);
      assert.equal(await page.locator("#L002").isVisible(), true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  { javaScriptEnabled: false },
);
