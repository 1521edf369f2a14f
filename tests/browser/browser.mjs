// Chromium, and a test that watches it: what a page logs, what it asks for, and what it looked like
// when something failed.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { Server, target } from "./server.mjs";

const CHROMIUM = process.env.CHROMIUM || "/usr/bin/chromium";

/** How long a page may take before a test gives up on it. Not a measurement. */
const PATIENCE_MS = 20_000;

/** Starts Chromium, which finds no address but this machine. */
export function launch() {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // Grey edges of letters, the same on every machine.
      "--disable-lcd-text",
      "--font-render-hinting=none",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
}

/** Everything pages do that they never should. */
class Watch {
  #strange = [];

  /** Watches every page of a context. */
  over(context) {
    context.on("console", (message) => {
      if (!["error", "warning"].includes(message.type())) return;
      // Chromium logs the status of every page that is an error page on purpose.
      if (/Failed to load resource: the server responded with a status of 4\d\d/.test(message.text())) return;
      this.#strange.push(`console: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (error) => this.#strange.push(`script: ${error.error()}`));
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (["data:", "blob:"].includes(url.protocol)) return;
      // A report is opened from the disk; what it would load from there is not.
      if (url.protocol === "file:" && request.isNavigationRequest()) return;
      if (url.hostname !== "127.0.0.1") this.#strange.push(`asks for ${url}`);
    });
    context.on("requestfailed", (request) => {
      const failure = request.failure()?.errorText;
      // A download is a navigation that does not arrive.
      if (failure === "net::ERR_ABORTED" && request.isNavigationRequest()) return;
      this.#strange.push(`${request.url()}: ${failure}`);
    });
    context.on("response", (response) => {
      const of_page = response.request().isNavigationRequest();
      if (response.status() >= (of_page ? 500 : 400)) {
        this.#strange.push(`${response.url()}: ${response.status()}`);
      }
    });
  }

  /** Nothing strange has happened. */
  check() {
    assert.deepEqual(this.#strange, []);
  }
}

/**
 * Registers a suite: a server and a browser of its own, started before and ended after its tests.
 *
 * @param {string} name names the folder of what failed
 * @param {{args?: string[]}} [options] arguments of the server
 * @returns {{server: Server, browser: import("playwright-core").Browser, test: Function}}
 */
export function suite(name, { args = [] } = {}) {
  const bed = {};
  before(async () => {
    bed.server = await Server.start(args);
    bed.browser = await launch();
  });
  after(async () => {
    await bed.browser?.close();
    await bed.server?.stop();
  });

  /**
   * A test with a fresh browser profile.
   *
   * @param {string} title
   * @param {(page: import("playwright-core").Page, bed: object) => Promise<void>} body
   * @param {object} [options] of the browser context
   */
  bed.test = (title, body, options = {}) =>
    test(title, async (t) => {
      const watch = new Watch();
      const contexts = [];
      const open = async (more = {}) => {
        const context = await bed.browser.newContext({
          baseURL: bed.server.sites,
          locale: "ja-JP",
          timezoneId: "Asia/Tokyo",
          acceptDownloads: true,
          ...options,
          ...more,
        });
        context.setDefaultTimeout(PATIENCE_MS);
        watch.over(context);
        contexts.push(context);
        return context;
      };
      try {
        const context = await open();
        await body(await context.newPage(), { ...bed, context, open, t });
        watch.check();
      } catch (error) {
        await keep(join(target, "browser", name, title.replaceAll(/[^\w]+/g, "-")), contexts);
        throw error;
      } finally {
        for (const context of contexts) await context.close();
      }
    });
  return bed;
}

/** Keeps what every open page shows, and says where. */
async function keep(folder, contexts) {
  mkdirSync(folder, { recursive: true });
  let number = 0;
  for (const page of contexts.flatMap((context) => context.pages())) {
    number += 1;
    const file = join(folder, String(number));
    console.error(`page: ${page.url()}\n      ${file}.png ${file}.html`);
    try {
      writeFileSync(`${file}.html`, await page.content());
      await page.screenshot({ path: `${file}.png`, fullPage: true });
    } catch (error) {
      console.error(`      not kept: ${error.message}`);
    }
  }
}
