// A server of the product, on ports of its own, with a state that is gone when it ends.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Root of the repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Where cargo builds. */
export const target = resolve(root, process.env.CARGO_TARGET_DIR || "target");

/** When the virtual clock starts, unless a suite says otherwise: a Monday of plain office hours. */
export const START = "2026-11-16T10:00:00+09:00";

/**
 * A program of this workspace: the one a variable names, or that of the debug build.
 *
 * @param {string} variable name of the environment variable
 * @param {string} name name of the program
 */
export function program(variable, name) {
  const path = process.env[variable] || join(target, "debug", name);
  if (!existsSync(path)) {
    throw new Error(`no ${path}: run \`cargo build -p ${name}\`, or set ${variable}`);
  }
  return path;
}

/** A running server. */
export class Server {
  #child;

  constructor(child, addresses) {
    this.#child = child;
    /** URL of the sites, without a slash at the end. */
    this.sites = addresses.sites;
    /** URL of the controls. */
    this.controls = addresses.controls;
    /** URL of the relay. */
    this.relay = addresses.relay;
  }

  /**
   * Starts one and waits until it serves.
   *
   * @param {string[]} more further arguments
   */
  static async start(more = []) {
    const given = ["--port-base", "0", "--print-config"];
    if (!more.includes("--clock")) given.push("--clock", START);
    const child = spawn(program("CAREPLAN_MOCK_SERVER", "careplan-mock-server"), [...given, ...more], {
      stdio: ["ignore", "pipe", "pipe"],
      // Settings of whoever runs the tests must not reach the server.
      env: Object.fromEntries(
        Object.entries(process.env).filter(([name]) => !name.startsWith("CAREPLAN_")),
      ),
    });
    let log = "";
    child.stderr.on("data", (bytes) => {
      log += bytes;
      if (process.env.CAREPLAN_TEST_LOG) process.stderr.write(bytes);
    });
    const end = () => child.kill("SIGKILL");
    process.once("exit", end);
    child.once("exit", () => process.removeListener("exit", end));
    const line = await new Promise((found, failed) => {
      createInterface({ input: child.stdout }).once("line", found);
      child.once("error", failed);
      child.once("exit", (code) => failed(new Error(`the server ended with ${code}: ${log}`)));
    });
    return new Server(child, JSON.parse(line));
  }

  /**
   * Asks the controls.
   *
   * @param {string} path below `/v1/controls`
   * @param {object} [body] posted where there is one
   */
  async control(path, body) {
    const response = await fetch(`${this.controls}/v1/controls${path}`, {
      method: body ? "POST" : "GET",
      headers: body ? { "content-type": "application/json" } : {},
      body: body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  }

  /**
   * The account of the first office whose main service kind this is, and that has a certificate
   * wherever any office of the kind has one.
   *
   * @param {string} kind two characters
   */
  async account(kind) {
    const { items } = await this.control("/accounts");
    const of_kind = items.filter((item) => item.kj_id && item.service_kinds[0] === kind);
    of_kind.sort((a, b) => b.certificates.length - a.certificates.length);
    if (!of_kind.length) throw new Error(`no office of kind ${kind}`);
    return of_kind[0];
  }

  /** Ends it and waits for that. */
  async stop() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((done) => this.#child.once("exit", done));
    this.#child.kill("SIGKILL");
    await ended;
  }
}
