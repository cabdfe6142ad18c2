// The README's pictures: what a customer sees, and what the desk does.

import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { setTheme, type Theme } from "../e2e/support/fixtures";
import { type Demo, enter, HOME, startDemo } from "./demo";

const PICTURES = resolve(import.meta.dirname, "../../docs/images");

let demo: Demo;

test.beforeAll(async () => {
  test.setTimeout(1_800_000);
  mkdirSync(PICTURES, { recursive: true });
  demo = await startDemo();
});

test.afterAll(async () => {
  await demo.stop();
});

test("what a customer sees", async ({ browser }) => {
  const page = await pageOf(browser, "customer", "light");
  await picture(page, "portfolio", "/");
  await picture(page, "orders", "/orders");
  await picture(page, "devices", "/devices");
});

test("what the desk does", async ({ browser }) => {
  const page = await pageOf(browser, "admin", "dark");
  await picture(page, "sign-ins", "/desk/sign-ins");
  await page.goto(`${HOME}/desk/review`);
  await page.locator("tbody").getByRole("link").first().click();
  await expect(page.getByText("It would have passed")).toBeVisible();
  await picture(page, "case");
  await page.goto(`${HOME}/desk/audit-log`);
  await page.getByRole("button", { name: "Verify the whole log" }).click();
  await expect(page.getByText("Not altered", { exact: true })).toBeVisible();
  await picture(page, "audit-log");
});

/** A page of the first who holds this role. */
async function pageOf(browser: Browser, role: "customer" | "admin", theme: Theme): Promise<Page> {
  const who = demo.people.find((one) => one.role === role);
  if (who === undefined) throw new Error(`nobody is ${role}`);
  const page = await (
    await browser.newContext({ baseURL: HOME, locale: "en-US", viewport: { width: 1440, height: 900 } })
  ).newPage();
  await enter(page, who);
  await setTheme(page, theme);
  return page;
}

/** Takes a picture of what is in the window, once nothing moves any more. */
async function picture(page: Page, name: string, path?: string): Promise<void> {
  if (path !== undefined) await page.goto(HOME + path);
  await expect(page.locator("h1:visible, h2:visible").first()).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await expect(page.locator(".mantine-Skeleton-root")).toHaveCount(0);
  // A chart comes after its card.
  if (path === "/") await expect(page.locator("svg[role=img] path").nth(3)).toBeAttached();
  await page.evaluate(async () => {
    await document.fonts.ready;
    const ending = document
      .getAnimations()
      .filter((each) => each.effect?.getTiming().iterations !== Infinity);
    await Promise.all(ending.map((animation) => animation.finished.catch(() => {})));
  });
  await page.screenshot({ path: resolve(PICTURES, `${name}.png`) });
}
