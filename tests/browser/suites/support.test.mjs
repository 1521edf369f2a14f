// サポートサイト: answers, directory, samples, and the check of files as forms.

import assert from "node:assert/strict";
import { drop, path, press, sample, save, shows } from "../desk.mjs";
import { suite } from "../browser.mjs";
import { unzip } from "../zip.mjs";

const { test } = suite("support");

test("the FAQ has every official message with cause and remedy", async (page) => {
  await page.goto("/support");
  await page.getByRole("navigation").getByRole("link", { name: "よくある質問・メッセージ" }).click();
  const official = [
    "ファイルの組み合わせが正しくありません。CSVファイルの組み合わせを確認してください。",
    "添付ファイル名の形式に誤りがあります。標準仕様の送信単位に従ったファイルを添付してください。",
    "ケアプランデータの書式フォーマットが正しくありません。ケアプランデータ内の書式を確認してください。",
    "正しい電子証明書をインストールしてください。",
    "パスワードの有効期限が切れています",
  ];
  for (const sentence of official) {
    const entry = page.locator("details[id]").filter({ has: page.locator("summary", { hasText: sentence }) }).first();
    await entry.locator("summary").click();
    await entry.getByText("対処", { exact: true }).waitFor();
    await entry.getByText("原因", { exact: true }).waitFor();
  }
  await page.getByLabel("言葉で探す").fill("組み合わせ");
  await press(page, "検索");
  assert.ok((await page.locator("details").count()) >= 1);
  assert.equal(await page.getByText("正しい電子証明書").count(), 0);
});

test("the directory is searched by name, number and service", async (page, { server }) => {
  const planner = await server.account("43");
  await page.goto("/support/offices");
  const search = async (words) => {
    await page.locator("input[type=search]").first().fill(words);
    await press(page, "検索");
    return page.locator("tbody tr").allInnerTexts();
  };
  const [row, ...more] = await search(planner.office);
  assert.equal(more.length, 0);
  assert.match(row, /利用中/);
  const by_kind = await search("訪問介護");
  assert.ok(by_kind.length >= 1 && by_kind.every((line) => line.includes("訪問介護")));
  await search("存在しない事業所");
  await shows(page, "0件が該当しています。");
  await search("<script>alert(1)</script>");
  await shows(page, "0件が該当しています。");
});

test("a valid sample is saved and has no error; its forms are shown", async (page) => {
  await page.goto("/support/samples");
  const zip = await save(page, page.getByRole("link", { name: "ZIP K2", exact: true }).first());
  const names = unzip(zip.buffer).map((file) => file.name);
  assert.equal(names.length, 3);
  await page.goto("/support/check");
  await page.locator("#files").setInputFiles(zip);
  await press(page, "検査する");
  assert.equal(await page.locator("#verdict").innerText(), "エラーはありません。");
  for (const title of ["第6表", "第7表"]) await shows(page, title);
  const contents = page.getByRole("navigation", { name: "様式の目次" });
  const first = contents.getByRole("link").first();
  await first.click();
  const id = decodeURIComponent(new URL(page.url()).hash.slice(1));
  assert.equal(await page.locator(`[id="${id}"]`).count(), 1, "the contents lead to the form");
});

test("a mistake of practice is dropped: the message of the relay, the findings, the marked cells", async (page) => {
  await page.goto("/support/check");
  await drop(page, await sample(page, "leading-zero-lost"));
  assert.equal(await page.locator("#verdict").innerText(), "エラーがあります。");
  await shows(page, "ケアプランデータの書式フォーマットが正しくありません。ケアプランデータ内の書式を確認してください。");
  const marked = page.locator(".cp-forms [class*=cp-error]");
  assert.ok((await marked.count()) >= 1, "a cell is marked");
});

test("every form has its sample", async (page) => {
  const forms = [
    ["valid-K1", ["第1表", "第2表", "第3表"]],
    ["valid-K2", ["第6表", "第7表"]],
    ["valid-Y1", ["利用者基本情報"]],
    ["valid-Y3", ["介護予防サービス・支援計画書"]],
  ];
  for (const [id, titles] of forms) {
    await page.goto("/support/check");
    await page.locator("#files").setInputFiles(await sample(page, id));
    await press(page, "検査する");
    for (const title of titles) await shows(page, title);
  }
});

test("hostile names and contents stay text", async (page) => {
  await page.goto("/support/check");
  const buffer = Buffer.from('"<img src=x onerror=alert(1)>"\r\n');
  await page.locator("#files").setInputFiles({ name: "<script>alert(1)</script>.CSV", mimeType: "text/csv", buffer });
  await press(page, "検査する");
  assert.equal(await page.locator("main script, main img").count(), 0);
  assert.equal(path(page), "/support/check");
});

test("all official questions are there, in their chapters, and found by a word", async (page) => {
  await page.goto("/support/faq");
  for (const [chapter, count] of [["システム全般", 8], ["システムの導入", 8], ["システムの操作", 8], ["フリーパス", 5]]) {
    const heading = page.getByRole("heading", { name: chapter, exact: true });
    const own = await heading.evaluate((heading) => {
      let count = 0;
      for (let next = heading.nextElementSibling; next?.tagName === "DETAILS"; next = next.nextElementSibling) count += 1;
      return count;
    });
    assert.equal(own, count, chapter);
  }
  await page.getByLabel("言葉で探す").fill("WAM");
  await press(page, "検索");
  await shows(page, "WAM NETに載っている情報を直したいです。");
  assert.equal(await page.getByText("ライセンス料はいくらですか。").count(), 0);
});

test("combinations are those the relay takes, and 2027 names its sources", async (page) => {
  await page.goto("/support/combinations");
  const row = page.getByRole("row").filter({ has: page.getByText("K2", { exact: true }) });
  assert.match(await row.innerText(), /UPPLAN[\s\S]*UPSIKYU/);
  await page.goto("/support/2027");
  for (const words of ["介護保険資格確認等WEBサービス", "2027年1月", "Vol.1529", "Vol.1539", "API仕様書 v1.0"]) await shows(page, words);
  for (const address of ["begin", "faq", "combinations", "contact", "numbers", "2027"]) {
    await page.goto(`/support/${address}?lang=en`);
    assert.doesNotMatch(await page.locator("h1").innerText(), /[ぁ-ん一-龠]/, address);
  }
});
