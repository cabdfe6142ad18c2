// What a page really loads: every script, compressed as it came over the wire, once nothing is on its way any more, the
// cards that come after the first load included.

import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures";
import { addCash, buy, join, newAddress, signIn } from "./support/people";

const MOST = 270;

async function scripts(page: Page, path: string): Promise<number> {
  await page.goto(path);
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await page.waitForLoadState("load");
  return page.evaluate(() => {
    const loaded = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
    const bytes = loaded
      .filter(({ name }) => new URL(name).pathname.endsWith(".js"))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
    return bytes / 1000;
  });
}

test("no page loads more script than its budget", async ({ page, request }) => {
  const address = newAddress("budget");
  await join(request, address);
  expect(await scripts(page, "/sign-in"), "kB on the sign-in page").toBeLessThanOrEqual(200);
  await signIn(page, address);
  await addCash(page, "1000");
  await buy(page, "KO", "2");
  for (const path of [
    "/",
    "/markets/KO",
    "/security",
    "/orders",
    "/devices",
    "/profile",
    "/news",
    "/forecasts",
    "/performance",
  ]) {
    const size = await scripts(page, path);
    expect(size, `kB on ${path}`).toBeGreaterThan(100);
    expect(size, `kB on ${path}`).toBeLessThanOrEqual(MOST);
  }
});
