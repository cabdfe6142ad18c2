// A list of thousands stays small on the page, and scrolls to its end.

import { expect, expectAccessible, test } from "./support/fixtures";
import { newAddress } from "./support/people";
import { signInAtTheDesk } from "./support/staff";

const ENTRIES = 1_200;
const MOST_ROWS = 100;

test("the log's entries are read far back without all of them on the page", async ({ page, server }) => {
  test.setTimeout(240_000);
  const address = newAddress("auditor");
  await signInAtTheDesk(page, server, address, "auditor");
  // Reading the log is on record, so whoever reads often makes it long.
  for (let portion = 0; portion < ENTRIES / 50; portion++) {
    await page.evaluate(async () => {
      const path = "/api/admin/security/audit-logs?limit=1&kind=audit.read";
      await Promise.all(Array.from({ length: 50 }, () => fetch(path)));
    });
  }
  await page.goto("/desk/audit-log");
  const rows = page.locator("tbody tr:not([data-space])");
  await page.getByRole("button", { name: "Show more" }).click();
  await page.getByRole("button", { name: "Show more" }).click();
  await expect(page.locator("table[aria-rowcount]")).toBeVisible();
  const known = async () => Number(await page.locator("table").getAttribute("aria-rowcount"));
  await expect
    .poll(
      async () => {
        await page.mouse.wheel(0, 4_000);
        expect(await rows.count()).toBeLessThan(MOST_ROWS);
        return known();
      },
      { timeout: 120_000, intervals: [50] },
    )
    .toBeGreaterThan(1_000);
  await expect(rows.first()).toBeVisible();
  await expectAccessible(page, "a long list");
});
