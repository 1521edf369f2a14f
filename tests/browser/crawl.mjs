// Every page that links lead to.

/** What is a file and no page. */
const FILES = [
  /^\/support\/samples\/./,
  /^\/billing\/p12\//,
  /^\/client\/[^/]+\/files\/\d+\/(zip|\d+)$/,
  /^\/assets\//,
  // The API description is drawn by a program of others.
  /^\/docs/,
  /^\/openapi\.json/,
  /^\/ca\.crt$/,
];

/** The form of a page: numbers of offices and identifiers taken out. */
function form(path) {
  return path
    .replaceAll(/\d\w\d{8}(-\d)?/g, "#")
    .replaceAll(/[0-9a-f]{8,}|[A-Z0-9]{20,}/g, "#")
    .replaceAll(/\/(notices|inbox|outbox|scene)\/[^/?]+/g, "/$1/#");
}

/**
 * Goes from page to page within the sites and shows each to `look`.
 *
 * @param {import("playwright-core").Page} page
 * @param {string[]} starts
 * @param {(page: import("playwright-core").Page) => Promise<void>} look
 * @param {{within?: RegExp, enough?: number}} [options] only paths like this; how many of the pages
 *     that differ in what they are about, but not in their form
 * @returns {Promise<Set<string>>} the paths that were seen
 */
export async function crawl(page, starts, look, { within = /^/, enough = 2 } = {}) {
  const queue = [...starts];
  const met = new Set(queue);
  const seen = new Set();
  const forms = new Map();
  while (queue.length) {
    const next = queue.shift();
    const kind = form(next);
    if ((forms.get(kind) ?? 0) >= enough) continue;
    forms.set(kind, (forms.get(kind) ?? 0) + 1);
    await page.goto(next);
    const { pathname, search, origin } = new URL(page.url());
    if (seen.has(pathname + search)) continue;
    seen.add(pathname + search);
    await look(page);
    const links = await page.locator("a[href]").evaluateAll((links) => links.map((link) => link.href));
    for (const link of links) {
      const url = new URL(link);
      if (url.origin !== origin || url.searchParams.has("lang")) continue;
      if (!within.test(url.pathname) || FILES.some((file) => file.test(url.pathname))) continue;
      const path = url.pathname + url.search;
      if (!met.has(path)) {
        met.add(path);
        queue.push(path);
      }
    }
  }
  return seen;
}
