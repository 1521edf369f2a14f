// Holds the WebAssembly module against the program: the same files must give the same report.
//
//   node check.mjs MODULE PROGRAM [FOLDER…]
//
// MODULE is careplan_conformance_wasm.wasm, PROGRAM the native careplan-conformance. Besides a few
// files of its own it checks every FOLDER, with all folders below it, as one run each. Prints size
// and speed; ends with 1 where anything differs.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

const LANGS = ["ja", "en"];
const PURPOSES = ["vendor", "relay", "lenient"];
const SCOPES = ["unit", "file"];

/** The module, as a page would use it. */
class Checker {
  constructor(bytes) {
    const module = new WebAssembly.Module(bytes);
    const imports = WebAssembly.Module.imports(module);
    if (imports.length > 0) {
      throw new Error(`the module wants ${imports.map(({ name }) => name).join(", ")}`);
    }
    this.exports = new WebAssembly.Instance(module).exports;
  }

  check(files, { lang = 0, purpose = 0, scope = 0, showValues = 0 } = {}) {
    const { memory, add_file, check, report_length, clear } = this.exports;
    for (const { name, content } of files) {
      const encoded = new TextEncoder().encode(name);
      const address = add_file(encoded.length, content.length) >>> 0;
      const room = new Uint8Array(memory.buffer, address, encoded.length + content.length);
      room.set(encoded);
      room.set(content, encoded.length);
    }
    const address = check(lang, purpose, scope, showValues) >>> 0;
    const report = new Uint8Array(memory.buffer, address, report_length() >>> 0);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(report);
    clear();
    return text;
  }
}

/** What the program prints for the same files. */
function native(program, files, { lang = 0, purpose = 0, scope = 0, showValues = 0 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "careplan-wasm-"));
  try {
    for (const { name, content } of files) {
      writeFileSync(join(folder, name), content);
    }
    const options = ["--lang", LANGS[lang], "check", "--quiet", "--report", "json"];
    options.push("--profile", PURPOSES[purpose], "--scope", SCOPES[scope]);
    if (showValues) {
      options.push("--show-values");
    }
    options.push("--", ...files.map(({ name }) => name));
    return run(program, options, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(program, options, cwd) {
  try {
    const stdio = ["ignore", "pipe", "pipe"];
    return execFileSync(program, options, { cwd, encoding: "utf8", stdio, maxBuffer: 2 ** 30 });
  } catch (error) {
    // 1 is a report with errors, 3 one without a single file of the standard; both are reports.
    if (error.status === 1 || error.status === 3) {
      return error.stdout;
    }
    throw error;
  }
}

const text = (content) => new TextEncoder().encode(content);
const OFFICES = "4770190017_43_4771190024_11_20260525103000";
const deletion = (record) => ({
  name: `DLTPLAN_202606_${OFFICES}.CSV`,
  content: text(`${record}\r\n`),
});
const weekly = (content) => ({ name: `UP3KYO_000000_${OFFICES}.CSV`, content });
const VALID = "202407,479014,0000123456,202606";

/** Sets of files, what they show, and the verdict they must get. */
function samples() {
  const row = (service) =>
    `202407,479014,0000123456,20260520,20260520,"${service}",1,0900,1000,,,,\r\n`;
  return [
    ["a valid deletion", [deletion(VALID)], "accepted"],
    ["a column too many", [deletion(`${VALID},`)], "rejected"],
    ["a month that is none", [deletion("202407,479014,0000123456,202613")], "rejected"],
    ["UTF-8, and a character without MS932 form", [weekly(text(row("訪問介護𠮷")))], "rejected"],
    ["an open quote", [weekly(text(row('a"b').repeat(3)))], "rejected"],
    ["bytes that are no text", [weekly(Uint8Array.from({ length: 4096 }, (_, at) => at))], "rejected"],
    ["a name of no kind", [{ name: "memo.txt", content: text("-") }], "rejected"],
    ["nothing in the file", [weekly(new Uint8Array())], "rejected"],
    ["two files", [deletion(VALID), weekly(text(row("掃除")))], "rejected"],
  ];
}

/** Every folder that holds files, as a set of its own. */
function* sets(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  if (files.length > 0) {
    files.sort();
    yield [
      folder,
      files.map((name) => ({ name, content: new Uint8Array(readFileSync(join(folder, name))) })),
    ];
  }
  for (const entry of entries.filter((entry) => entry.isDirectory())) {
    yield* sets(join(folder, entry.name));
  }
}

function difference(a, b) {
  let at = 0;
  while (at < a.length && a[at] === b[at]) {
    at += 1;
  }
  const around = (report) => JSON.stringify(report.slice(Math.max(0, at - 60), at + 60));
  return `at ${at}\n  module  ${around(a)}\n  program ${around(b)}`;
}

function speed(checker) {
  const content = text(`${VALID}\r\n`.repeat(500_000));
  const start = process.hrtime.bigint();
  const report = JSON.parse(checker.check([{ ...deletion(VALID), content }], { scope: 1 }));
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (report.files[0].records !== 500_000) {
    throw new Error(`${report.files[0].records} records of 500000`);
  }
  return content.length / seconds / 1e6;
}

function main([modulePath, programPath, ...folders]) {
  if (!programPath) {
    console.error("usage: node check.mjs MODULE PROGRAM [FOLDER…]");
    return 2;
  }
  const bytes = readFileSync(modulePath);
  const checker = new Checker(bytes);
  const program = resolve(programPath);
  let compared = 0;
  let failed = 0;
  const compare = (what, files, options, verdict) => {
    const ours = checker.check(files, options);
    const theirs = native(program, files, options);
    compared += 1;
    const found = JSON.parse(ours).verdict;
    if (ours !== theirs) {
      failed += 1;
      console.error(`${what} ${JSON.stringify(options)}: reports differ ${difference(ours, theirs)}`);
    } else if (verdict && found !== verdict) {
      failed += 1;
      console.error(`${what} ${JSON.stringify(options)}: ${found}, not ${verdict}`);
    }
  };
  for (const [what, files, verdict] of samples()) {
    compare(what, files, {}, verdict);
    compare(what, files, { lang: 1, scope: 1, showValues: 1 });
    compare(what, files, { purpose: 1 });
    compare(what, files, { lang: 1, purpose: 2 });
  }
  for (const folder of folders) {
    for (const [what, files] of sets(folder)) {
      compare(what, files, {});
    }
  }
  const kilobytes = (length) => `${Math.round(length / 1000)} kB`;
  console.log(`${compared} reports compared, ${failed} wrong`);
  console.log(`size ${kilobytes(bytes.length)}, gzip ${kilobytes(gzipSync(bytes).length)}`);
  console.log(`speed ${Math.round(speed(checker))} MB/s`);
  return failed > 0 ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
