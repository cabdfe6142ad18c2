// Prices as they move, and what somebody keeps an eye on.

import { expect, test } from "./support/fixtures";
import { join, newAddress, signIn } from "./support/people";

test("prices come by the stream, and the page says when it is lost", async ({ page, request }) => {
  const address = newAddress();
  await join(request, address);
  let cut = () => {};
  let isDown = false;
  await page.routeWebSocket("**/api/v1/stream", (socket) => {
    if (isDown) return void socket.close();
    socket.connectToServer();
    cut = () => void socket.close();
  });
  const asked: string[] = [];
  page.on("request", (each) => each.url().includes("/market/overview") && asked.push(each.url()));
  await signIn(page, address);
  await page.getByRole("link", { name: "Markets" }).first().click();
  // The index moves by a hundredth within seconds; shares may stand still for a minute.
  const price = page.getByRole("row", { name: /SP500/ }).getByRole("cell").nth(2);
  await expect(price).toBeVisible();
  await expect(page.getByText("Replayed market")).toBeVisible();
  const before = asked.length;
  const first = await price.innerText();
  await expect(price).not.toHaveText(first, { timeout: 20_000 });
  expect(asked.length, "nobody asks while the stream tells").toBeLessThanOrEqual(before + 1);
  isDown = true;
  cut();
  await expect(page.getByText("Reconnecting to the market")).toBeVisible();
  await expect.poll(() => asked.length, { timeout: 20_000 }).toBeGreaterThan(before + 1);
  isDown = false;
  await expect(page.getByText("Replayed market")).toBeVisible({ timeout: 30_000 });
});

test("a list of one's own, and a price to be told of", async ({ page, request }) => {
  const address = newAddress();
  await join(request, address);
  await signIn(page, address);
  await page.getByRole("link", { name: "Markets" }).first().click();
  await page.getByRole("button", { name: "New list" }).click();
  await page.getByLabel("Name").fill("Drinks");
  await page.getByRole("button", { name: "Make the list" }).click();
  await expect(page.getByText("Nothing on Drinks yet")).toBeVisible();
  await page.goto("/markets/KO");
  await page.getByLabel("Drinks").click();
  await expect(page.getByLabel("Drinks")).toBeChecked();
  await page.getByLabel("Price", { exact: true }).fill("90000");
  await page.getByRole("button", { name: "Tell me" }).click();
  await expect(page.getByText("KO rises to 90,000.00")).toBeVisible();
  await page.getByRole("button", { name: /Delete the alert/ }).click();
  await expect(page.getByText("KO rises to 90,000.00")).toHaveCount(0);
  await page.getByRole("link", { name: "Markets" }).first().click();
  await page.getByText("Drinks", { exact: true }).click();
  await expect(page.getByRole("link", { name: "KO", exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "AAPL", exact: true })).toHaveCount(0);
});
