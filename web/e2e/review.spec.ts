// An order that is unlike its owner: they read why it waits and say that it was them, an analyst sees the evidence and
// lets it through.

import { expect, expectAccessible, setTheme, test } from "./support/fixtures";
import { addCash, buy, elsewhere, join, newAddress, signIn } from "./support/people";
import { signInAtTheDesk } from "./support/staff";

test("a held order says why and what next, and goes on once somebody approved it", async ({
  page,
  request,
  browser,
  server,
}) => {
  test.setTimeout(240_000);
  const address = newAddress("held");
  await join(request, address);
  const hers = await elsewhere(browser, server.url);
  await signIn(hers, address);
  await addCash(hers, "9500");
  for (let order = 0; order < 8; order++) await buy(hers, "KO", "1");
  await hers.goto("/markets/KO");
  await hers.getByLabel("Shares").fill("200");
  await hers.getByRole("button", { name: "Review buy order" }).click();
  await hers.getByRole("button", { name: "Buy 200 KO" }).click();
  await expect(hers.getByText(/review/i).first()).toBeVisible();
  await hers.goto("/orders");
  const order = hers.getByRole("row", { name: /200 KO/ });
  await expect(order.getByText(/It is unlike you: .*more than 5 within an hour/)).toBeVisible();
  await expect(order.getByRole("button", { name: "Cancel" })).toBeVisible();
  await expectAccessible(hers, "held order");
  await order.getByRole("button", { name: "It was me" }).click();
  await expect(order.getByText("You said that it was you.")).toBeVisible();

  await signInAtTheDesk(page, server, newAddress("analyst"), "analyst");
  await page.getByRole("link", { name: "Review queue" }).first().click();
  const row = page.getByRole("row", { name: new RegExp(address) });
  await expect(row.getByText(/It was me/)).toBeVisible();
  await expectAccessible(page, "review queue");
  await row.getByRole("link").first().click();
  await expect(page.getByText("Many in an hour")).toBeVisible();
  await expect(page.getByText("It would have passed")).toBeVisible();
  for (const theme of ["light", "dark"] as const) {
    await setTheme(page, theme);
    await expectAccessible(page, `case-${theme}`);
  }
  await expect(page.getByRole("button", { name: "Approve" })).toBeDisabled();
  await page.getByLabel("Why", { exact: true }).fill("Rang her; she bought for a birthday.");
  await page.getByRole("button", { name: "Approve" }).click();
  await expect(page.getByText("Approved.", { exact: true })).toBeVisible();
  await expect(hers.getByRole("row", { name: /200 KO/ }).getByText("Filled")).toBeVisible({
    timeout: 20_000,
  });
});
