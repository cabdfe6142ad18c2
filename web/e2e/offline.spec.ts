// When the server cannot be reached: what is on the page stays, says how old it is, and comes back by itself.

import { expect, test } from "./support/fixtures";
import { join, newAddress, signIn } from "./support/people";

test("a lost connection leaves the last good data with its age", async ({ page, request, context }) => {
  const address = newAddress();
  await join(request, address);
  await signIn(page, address);
  await expect(page.getByText("Your account is ready")).toBeVisible();
  await context.setOffline(true);
  await expect(
    page.getByText(/Could not refresh your portfolio: The server cannot be reached. This is from/),
  ).toBeVisible({
    timeout: 20_000,
  });
  await expect(page.getByText("Your account is ready")).toBeVisible();
  await context.setOffline(false);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText(/Could not refresh/)).toHaveCount(0);
});

test("a screen that never loaded says what failed and tries again", async ({ page, request }) => {
  const address = newAddress();
  await join(request, address);
  await signIn(page, address);
  let down = true;
  await page.route("**/api/v1/market/overview*", (route) => (down ? route.abort() : route.continue()));
  await page.getByRole("link", { name: "Markets" }).first().click();
  await expect(page.getByText("Could not load the market")).toBeVisible({ timeout: 20_000 });
  down = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("link", { name: "KO" })).toBeVisible();
});
