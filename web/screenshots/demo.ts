// A server with demonstration data in a folder of its own, and people who sign in to it.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, type Page } from "@playwright/test";
import { typeCode } from "../e2e/support/factors";
import { giveMailedCode } from "../e2e/support/people";
import { totp } from "../e2e/support/totp";

const BINARY = process.env.STOCKADE_BIN ?? resolve(import.meta.dirname, "../../target/debug/stockade");
const PORT = 8123;

export const HOME = `http://localhost:${PORT}`;

export interface SignIn {
  role: "customer" | "analyst" | "auditor" | "admin";
  email: string;
  password: string;
  totp_secret: string | null;
}

export interface Demo {
  people: SignIn[];
  stop: () => Promise<void>;
}

/** Lives the history, which takes minutes with a debug build, and serves it. */
export async function startDemo(): Promise<Demo> {
  const data = mkdtempSync(join(tmpdir(), "stockade-demo-"));
  const env = {
    ...process.env,
    STOCKADE_DATA_DIR: data,
    STOCKADE_SERVER__BIND: `127.0.0.1:${PORT}`,
    STOCKADE_SERVER__PUBLIC_URL: HOME,
    STOCKADE_RATE_LIMIT__SCALE: "100",
    STOCKADE_LOG__LEVEL: "error",
    STOCKADE_NEWS__FEEDS: "",
  };
  const told = execFileSync(BINARY, ["demo", "--json"], {
    cwd: data,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { sign_ins: people } = JSON.parse(told.toString()) as { sign_ins: SignIn[] };
  const server = spawn(BINARY, ["serve"], { cwd: data, env, stdio: "ignore" });
  await expect
    .poll(async () => (await fetch(`${HOME}/health/ready`).catch(() => null))?.ok, { timeout: 60_000 })
    .toBe(true);
  return {
    people,
    stop: async () => {
      await ended(server);
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Signs in with whatever is asked for. */
export async function enter(page: Page, who: SignIn): Promise<void> {
  await page.goto(`${HOME}/sign-in`);
  await page.getByLabel("E-mail address").fill(who.email);
  await page.getByLabel("Password", { exact: true }).fill(who.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  const digits = page.getByLabel("Digit 1 of 6");
  const mailed = page.getByLabel("The code we just mailed you");
  const inside = page.getByRole("button", { name: /^Account of/ });
  if (who.totp_secret) {
    await expect(digits).toBeVisible();
    await typeCode(page, totp(who.totp_secret));
    await expect(digits).toBeHidden();
  }
  // A device that was never there takes the code of a mail as well.
  await expect(mailed.or(inside)).toBeVisible();
  if (await mailed.isVisible()) await giveMailedCode(page, page.request, who.email);
  await expect(inside).toBeVisible();
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null) return done();
    child.once("exit", () => done());
    child.kill("SIGTERM");
  });
}
