// What every browser story stands on: a server of the worker's own, a page whose complaints fail the story, and people.

import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { type Server, startServer } from "./server";

export { expect } from "@playwright/test";

/** Refusals and a lost network are told in the browser's console, too; a fault of the server is something else. */
const REFUSED =
  /^Failed to load resource: (the server responded with a status of 4\d\d|net::ERR_(INTERNET_DISCONNECTED|FAILED))/;

interface WorkerFixtures {
  server: Server;
}

interface Fixtures {
  /** Fails the story if the page complained. */
  quiet: void;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures out of the pattern
    async ({}, use) => {
      const server = await startServer();
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  baseURL: ({ server }, use) => use(server.url),
  quiet: [
    async ({ context }, use) => {
      const complaints: string[] = [];
      context.on("console", (message) => {
        const text = message.text();
        if (message.type() === "error" && !REFUSED.test(text)) complaints.push(text);
      });
      context.on("weberror", (error) => complaints.push(String(error.error())));
      await context.addInitScript(() => {
        addEventListener("securitypolicyviolation", (event) => {
          console.error(
            `policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
          );
        });
      });
      await use();
      expect(complaints, "the page complained").toEqual([]);
    },
    { auto: true },
  ],
});

export type Theme = "light" | "dark";

export async function setTheme(page: Page, theme: Theme): Promise<void> {
  await page.evaluate((value) => {
    localStorage.setItem("stockade-colors", value);
    document.documentElement.setAttribute("data-mantine-color-scheme", value);
  }, theme);
}

/** No violation of WCAG 2.2 A and AA, nor of axe's own good practice. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary ?? ""}`).join("; ")}`,
  );
  expect.soft(told, `axe on ${what}`).toEqual([]);
}
