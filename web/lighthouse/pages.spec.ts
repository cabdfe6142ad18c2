// Sign-in, portfolio, sign-in feed and audit log: at least 95 of 100 for accessibility and for best practices.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as pathOf } from "node:path";
import { chromium, type Page } from "@playwright/test";
import lighthouse from "lighthouse";
import { expect, test } from "../e2e/support/fixtures";
import { addCash, buy, join, newAddress, signIn } from "../e2e/support/people";
import { freePort, type Server } from "../e2e/support/server";
import { signInAtTheDesk } from "../e2e/support/staff";
import stories from "../playwright.config";

const LEAST = 95;

test("a stranger's page", async ({ server }) => {
  await inABrowser(server, async (_, measure) => measure("/sign-in"));
});

test("an investor's page", async ({ server, request }) => {
  const address = newAddress("investor");
  await join(request, address);
  await inABrowser(server, async (page, measure) => {
    await signIn(page, address);
    await addCash(page, "5000");
    await buy(page, "KO", "12");
    await measure("/");
  });
});

test("the desk's pages", async ({ server }) => {
  await inABrowser(server, async (page, measure) => {
    await signInAtTheDesk(page, server, newAddress("analyst"), "analyst");
    await measure("/desk/sign-ins");
    await measure("/desk/audit-log");
  });
});

type Measure = (path: string) => Promise<void>;

/** A browser with a profile of its own, which Lighthouse can be let into. */
async function inABrowser(server: Server, story: (page: Page, measure: Measure) => Promise<void>) {
  const profile = mkdtempSync(pathOf(tmpdir(), "stockade-lighthouse-"));
  const port = await freePort();
  const { launchOptions } = stories.use ?? {};
  const context = await chromium.launchPersistentContext(profile, {
    ...launchOptions,
    args: [...(launchOptions?.args ?? []), `--remote-debugging-port=${port}`],
    baseURL: server.url,
    locale: "en-US",
    viewport: { width: 1350, height: 940 },
  });
  try {
    const page = await context.newPage();
    await story(page, (path) => expectGood(server.url + path, port));
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

async function expectGood(url: string, port: number): Promise<void> {
  const result = await lighthouse(url, {
    port,
    output: "json",
    logLevel: "error",
    onlyCategories: ["accessibility", "best-practices"],
    formFactor: "desktop",
    screenEmulation: { disabled: true },
    // Nothing is measured, so nothing is slowed down; with `provided` it waits for a silence that live pages never keep.
    throttlingMethod: "simulate",
    // Whoever is signed in stays so.
    disableStorageReset: true,
    maxWaitForLoad: 45_000,
  });
  if (!result) throw new Error(`no report of ${url}`);
  const { audits, categories, finalDisplayedUrl, runtimeError } = result.lhr;
  expect(runtimeError, url).toBeUndefined();
  expect(finalDisplayedUrl).toBe(url);
  for (const { title, score, auditRefs } of Object.values(categories)) {
    const found = auditRefs
      .map(({ id }) => audits[id])
      .filter((audit) => audit?.score !== null && (audit?.score ?? 1) < 1)
      .map((audit) => `${audit?.title}: ${JSON.stringify(audit?.details).slice(0, 600)}`);
    const points = Math.round((score ?? 0) * 100);
    process.stdout.write(`${title} of ${new URL(url).pathname}: ${points}\n`);
    expect.soft(points, `${title} of ${url}\n${found.join("\n")}`).toBeGreaterThanOrEqual(LEAST);
  }
}
