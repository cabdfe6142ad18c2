// The README's pictures: what a customer sees, and what the desk does.

import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { type Demo, enter, HOME, type SignIn, startDemo } from "./demo";

const PICTURES = resolve(import.meta.dirname, "../../docs/images");

/** Each picture: its name, whose screen it is, and where that is. */
const SCREENS: readonly [string, SignIn["role"], string][] = [
  ["portfolio", "customer", "/"],
  ["instrument", "customer", "/markets/KO"],
  ["devices", "customer", "/devices"],
];

let demo: Demo;

test.beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  demo = await startDemo();
});

test.afterAll(async () => {
  await demo.stop();
});

for (const role of ["customer", "admin"] as const) {
  const screens = SCREENS.filter(([, whose]) => whose === role);
  if (screens.length === 0) continue;
  test(`screens of a ${role}`, async ({ page }) => {
    const who = demo.people.find((one) => one.role === role);
    if (who === undefined) throw new Error(`nobody is ${role}`);
    await enter(page, who);
    for (const [name, , path] of screens) await picture(page, name, path);
  });
}

async function picture(page: Page, name: string, path: string): Promise<void> {
  await page.goto(HOME + path);
  await expect(page.locator("h1:visible, h2:visible").first()).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await page.evaluate(async () => {
    await document.fonts.ready;
    const ending = document
      .getAnimations()
      .filter((each) => each.effect?.getTiming().iterations !== Infinity);
    await Promise.all(ending.map((animation) => animation.finished.catch(() => {})));
  });
  await page.screenshot({ path: resolve(PICTURES, `${name}.png`) });
}
