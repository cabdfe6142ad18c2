// The first run: the link that the server prints makes an administrator, who has a second factor from the first day.

import { keepCodes, typeCode } from "./support/factors";
import { expect, expectAccessible, test } from "./support/fixtures";
import { PASSWORD } from "./support/people";
import { startServer } from "./support/server";
import { totp } from "./support/totp";

test("the one-time link leads the first administrator to the desk, and works once", async ({ page }) => {
  test.setTimeout(300_000);
  const server = await startServer();
  try {
    await page.goto(server.setupLink);
    await page.getByLabel("E-mail address").fill("first@example.com");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Make the administrator" }).click();
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await page.getByLabel("E-mail address").fill("first@example.com");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByLabel("Your password").fill(PASSWORD);
    await page.getByRole("button", { name: "Go on" }).click();
    await typeCode(page, totp(await page.locator("code").innerText()));
    await keepCodes(page);
    await expect(page.getByRole("heading", { name: "How do you want to begin?" })).toBeVisible();
    await expectAccessible(page, "the first choice");
    await page.getByRole("button", { name: "Start empty" }).click();
    await expect(page.getByRole("heading", { name: "Sign-ins", exact: true })).toBeVisible();
    await expect(page.getByRole("link", { name: "Administration" })).toBeVisible();

    await page.keyboard.press("Control+k");
    await page.getByLabel("What to find").fill("audit");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Audit log" })).toBeVisible();

    // A debug build would live through the usual hundred customers for too long.
    await page.route("**/api/admin/demo", (route) =>
      route.request().method() === "POST"
        ? route.continue({ postData: JSON.stringify({ customers: 12, days: 21 }) })
        : route.continue(),
    );
    await page.goto(`${server.url}/desk/admin?tab=server`);
    const load = page.getByRole("button", { name: "Load demo data" });
    await expect(load).toBeVisible({ timeout: 30_000 });
    await load.click();
    // In the page, not in sight: at 0 % the bar has no width yet.
    await expect(page.getByRole("progressbar", { name: /^(Beginning|Living)/ })).toBeAttached();
    await expect(page.getByText("The demo data is there.")).toBeVisible({ timeout: 180_000 });
    await page.getByRole("button", { name: "Show who can sign in" }).click();
    await expect(page.getByRole("cell", { name: /Analyst$/ }).first()).toBeVisible();
    await expectAccessible(page, "who can sign in");
    await page.getByRole("link", { name: "Incidents" }).click();
    await expect(page.getByRole("table").getByRole("row").nth(1)).toBeVisible();

    await page.goto(server.setupLink);
    await page.getByLabel("E-mail address").fill("second@example.com");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Make the administrator" }).click();
    await expect(page.getByRole("alert")).toContainText("used before");
  } finally {
    await page.goto("about:blank");
    await server.stop();
  }
});
