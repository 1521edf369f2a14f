// axe-core on every page: in both languages, logged in and out, and where something went wrong.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Findings } from "../axe.mjs";
import { crawl } from "../crawl.mjs";
import { enter, path, press, sample, set_scene, sit_down, turn } from "../desk.mjs";
import { suite } from "../browser.mjs";
import { program } from "../server.mjs";

const { test } = suite("accessibility");

const ROOTS = ["/", "/billing", "/usage", "/client", "/support", "/console"];

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };

/** In a narrow window only what is inside a frame of its own scrolls sideways: too wide, or nothing. */
async function too_wide(page) {
  await page.setViewportSize(NARROW);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  await page.setViewportSize(WIDE);
  return width > NARROW.width ? [`${path(page)}: ${width} pixels`] : [];
}

/** Nothing grave; the rest is listed. */
function judge(findings, t) {
  for (const line of findings.lesser()) t.diagnostic(line);
  assert.deepEqual(findings.grave(), []);
}

for (const lang of ["ja", "en"]) {
  test(`every page, logged out (${lang})`, async (page, { t }) => {
    const findings = new Findings();
    await page.goto(`/?lang=${lang}`);
    const look = async () => {
      assert.equal(await page.locator("html").getAttribute("lang"), lang);
      await findings.look(page);
    };
    // The other sites ask nobody to log in: they are looked at below.
    const seen = await crawl(page, ["/", "/billing", "/usage", "/client"], look, { within: /^\/($|billing|usage|client)/, enough: 1 });
    for (const wanted of ["/billing/login", "/usage/login"]) assert.ok(seen.has(wanted), wanted);
    assert.ok([...seen].some((path) => /^\/client\/\w+\/login$/.test(path)), [...seen].join(" "));
    judge(findings, t);
  });

  test(`every page, logged in (${lang})`, async (page, { server, t }) => {
    const findings = new Findings();
    await set_scene(page, "exchange");
    const helper = await server.account("11");
    await enter(page, "billing", helper);
    await enter(page, "usage", helper);
    await sit_down(page, helper);
    // One message was fetched, one is a draft, one is in a bulk send.
    await page.goto(`/client/${helper.office}/inbox`);
    await page.getByRole("checkbox").first().check();
    await press(page, "データ取得");
    await press(page, "フォルダーの選択");
    await page.goto(`/client/${helper.office}/new`);
    const files = await sample(page, "valid-S1");
    await page.locator("#files").setInputFiles(files);
    await press(page, "一時保存");
    await page.goto(`/client/${helper.office}/bulk`);
    await page.locator("#files").setInputFiles(files);
    await press(page, "振り分ける");
    await page.goto(`/?lang=${lang}`);
    const at = `/client/${helper.office}`;
    const wide = [];
    const seen = await crawl(page, [...ROOTS, at, "/billing/certificate/dx/before", "/billing/issue-password/done"], async () => {
      assert.equal(await page.locator("html").getAttribute("lang"), lang);
      await findings.look(page);
      wide.push(...(await too_wide(page)));
    }, { enough: lang === "ja" ? 2 : 1 });
    for (const screen of ["", "/inbox", "/outbox", "/new", "/drafts", "/bulk", "/bulk/1", "/files", "/files/1/forms", "/certificate"]) {
      assert.ok(seen.has(at + screen), `${at}${screen} was seen`);
    }
    for (const screen of ["/billing/notices", "/billing/account", "/usage/licence", "/console/faults", "/support/check"]) {
      assert.ok(seen.has(screen), `${screen} was seen`);
    }
    assert.deepEqual(wide, []);
    judge(findings, t);
  });

  test(`where something went wrong (${lang})`, async (page, { server, t }) => {
    const findings = new Findings();
    const look = (state) => findings.look(page, state);
    await set_scene(page, "exchange");
    const planner = await server.account("43");
    await sit_down(page, planner);
    await page.goto(`/support/nothing?lang=${lang}`);
    await look("not found");
    await page.goto("/billing/login");
    const log_in = lang === "ja" ? "ログイン" : "Log in";
    await page.locator("#user_id").fill(planner.kj_id);
    await page.locator("#password").fill("Chigau123");
    await press(page, log_in);
    await look("wrong password");
    for (const id of ["table-6-alone", "copied-in-the-explorer", "two-months-in-one-file"]) {
      await page.goto(`/client/${planner.office}/new`);
      await page.locator("#files").setInputFiles(await sample(page, id));
      await press(page, lang === "ja" ? "送信" : "Send");
      await look(`refused: ${id}`);
      await press(page, lang === "ja" ? "クリア" : "Clear");
    }
    for (const id of ["valid-K1", "valid-Y2", "leading-zero-lost", "same-kind-twice"]) {
      await page.goto("/support/check");
      await page.locator("#files").setInputFiles(await sample(page, id));
      await press(page, lang === "ja" ? "検査する" : "Check");
      await look(`checked: ${id}`);
    }
    await page.goto(`/client/${planner.office}/trouble`);
    await look("trouble");
    await page.goto(`/client/${planner.office}/bulk`);
    await page.locator("#files").setInputFiles([
      ...(await sample(page, "bulk")),
      { name: "memo.txt", mimeType: "text/plain", buffer: Buffer.from("x") },
    ]);
    await press(page, lang === "ja" ? "振り分ける" : "Sort");
    await look("a file without a destination");
    await press(page, lang === "ja" ? "一括送信" : "Send all");
    await look("a bulk send that is over");
    // A form of another session.
    await page.goto("/console/clock");
    await page.locator("input[name=csrf]").first().evaluate((input) => (input.value = "x"));
    await turn(page, () => page.locator("form button").first().click());
    await look("a form that is none of ours");
    judge(findings, t);
  });
}

test("the way through the applications", async (page, { server, t }) => {
  const findings = new Findings();
  await set_scene(page, "first-setup");
  const planner = await server.account("43");
  const look = () => findings.look(page);
  await page.goto(`/console/letter/${planner.office}`);
  await look();
  await enter(page, "billing", planner);
  await look();
  await page.goto("/billing/password/terms");
  await look();
  await press(page, "利用規約に同意して次へ");
  await look();
  await page.locator("#current").fill(planner.kj_password);
  await page.locator("#new").fill("Careplan2");
  await page.locator("#again").fill("Careplan2");
  await press(page, "変更");
  await look();
  await page.locator("#address").fill("a@example.jp");
  await page.locator("#again").fill("a@example.jp");
  await press(page, "変更");
  await look();
  await page.goto("/billing/mailbox");
  await look();
  await page.goto("/billing/certificate/dx/before");
  await press(page, "内容を確認しました");
  await page.locator("[value=apply]").check();
  await press(page, "次へ");
  await look();
  await page.locator("#password").fill(planner.certificate_password);
  await press(page, "次へ");
  await look();
  await press(page, "利用規約に同意して送信");
  await look();
  await page.goto("/billing/certificate/dx/download");
  await look();
  await enter(page, "usage", { ...planner, kj_password: "Careplan2" });
  await page.goto("/usage/apply");
  await look();
  await press(page, "申請");
  await look();
  // Nothing is filled in: every field says what is wrong.
  await press(page, "申請");
  await look();
  for (const [id, text] of Object.entries({ rf: "見", rg: "本", cf: "見", cg: "本", phone: "0980000000", mail: "a@example.jp", mail_again: "a@example.jp" })) {
    await page.locator(`#${id}`).fill(text);
  }
  await page.locator("[name=accept_terms]").check();
  await page.locator("[name=accept_privacy]").check();
  await press(page, "申請");
  await look();
  await press(page, "はい");
  await look();
  await page.goto("/usage/apply/done");
  await look();
  await page.goto("/usage/licence/renewal");
  await look();
  judge(findings, t);
});

test("reports and forms of the checker", async (page, { t }) => {
  const findings = new Findings();
  const checker = program("CAREPLAN_CONFORMANCE", "careplan-conformance");
  const folder = mkdtempSync(join(tmpdir(), "careplan-axe-"));
  try {
    const units = {};
    for (const id of ["valid-K2", "leading-zero-lost", "table-6-alone"]) units[id] = await sample(page, id);
    for (const [id, files] of Object.entries(units)) {
      const unit = join(folder, id);
      rmSync(unit, { recursive: true, force: true });
      execFileSync("mkdir", [unit]);
      for (const file of files) writeFileSync(join(unit, file.name), file.buffer);
      for (const lang of ["ja", "en"]) {
        for (const what of ["report", "forms"]) {
          const out = join(folder, `${id}-${what}-${lang}.html`);
          const args = what === "report" ? ["check", unit, "--report", `html=${out}`] : ["render", unit, "--out", out];
          try {
            execFileSync(checker, [...args, "--lang", lang], { stdio: "pipe" });
          } catch (error) {
            // 1: there are findings.
            if (error.status !== 1) throw error;
          }
          await page.goto(pathToFileURL(out).href);
          await findings.look(page, `${what} of ${id}, ${lang}`);
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  judge(findings, t);
});
