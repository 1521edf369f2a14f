// axe-core on a page.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What may not be. The rest is listed. */
const GRAVE = new Set(["serious", "critical"]);

/** What axe-core finds on pages, by rule. */
export class Findings {
  #grave = new Map();
  #lesser = new Map();
  #pages = 0;

  /**
   * Looks at a page with every rule of axe-core.
   *
   * @param {import("playwright-core").Page} page
   * @param {string} [state] what is special about it
   */
  async look(page, state = "") {
    this.#pages += 1;
    // A string is run as it stands; the policy of the page is about what the page itself loads.
    await page.evaluate(SOURCE);
    const violations = await page.evaluate(async () => {
      const { violations } = await axe.run(document, { resultTypes: ["violations"] });
      return violations.map(({ id, impact, help, nodes }) => ({
        id,
        impact,
        help,
        nodes: nodes.slice(0, 3).map((node) => `${node.html.slice(0, 200)} ${node.failureSummary ?? ""}`),
      }));
    });
    const { pathname, search } = new URL(page.url());
    for (const { id, impact, help, nodes } of violations) {
      const found = GRAVE.has(impact) ? this.#grave : this.#lesser;
      const entry = found.get(id) ?? { impact, help, pages: [], nodes };
      entry.pages.push(`${pathname}${search}${state && ` (${state})`}`);
      found.set(id, entry);
    }
  }

  /** How many pages were looked at. */
  get pages() {
    return this.#pages;
  }

  /** What may not be, as lines; nothing where all is well. */
  grave() {
    return this.#lines(this.#grave);
  }

  /** What is less. */
  lesser() {
    return this.#lines(this.#lesser);
  }

  #lines(found) {
    return [...found].map(
      ([id, { impact, help, pages, nodes }]) =>
        `${impact} ${id}: ${help}\n  on ${pages.length} pages: ${pages.slice(0, 8).join(" ")}\n  ${nodes.join("\n  ")}`,
    );
  }
}
