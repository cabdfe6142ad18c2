// What an investor reads before buying: news, and forecasts with their record.

import { expect, test } from "./support/fixtures";
import { join, newAddress, signIn } from "./support/people";

test("news are read as text, about one instrument too, and samples say that they are", async ({
  page,
  request,
}) => {
  const address = newAddress("reader");
  await join(request, address);
  await signIn(page, address);
  await page.getByRole("link", { name: "News" }).first().click();
  await expect(page.getByText("Sample: Coca-Cola (NYSE: KO) opens a bottling plant")).toBeVisible();
  await expect(page.getByText("Sample", { exact: true })).toHaveCount(8);
  await expect(page.getByText("Samples", { exact: true }).last()).toBeVisible();
  await expect(page.getByText("Working")).toBeVisible();
  await page.getByRole("link", { name: "KO", exact: true }).click();
  const about = page.getByRole("region", { name: "News about KO" });
  await expect(about.getByText("Sample: Coca-Cola (NYSE: KO) opens a bottling plant")).toBeVisible();
  await expect(about.getByRole("listitem")).toHaveCount(1);
});

test("a forecast shows its fan, its record and why the other models lost", async ({ page, request }) => {
  test.setTimeout(240_000);
  const address = newAddress("forecast");
  await join(request, address);
  await signIn(page, address);
  await page.goto("/markets/AAPL");
  const card = page.getByRole("region", { name: "Forecast of AAPL" });
  await expect(
    card.getByRole("img", { name: /^Forecast of AAPL in 5 days: .* with 95 % between/ }),
  ).toBeVisible({
    timeout: 120_000,
  });
  await expect(card.getByText("Inside 95 %")).toBeVisible();
  await card.getByText("Why this model, and not another").click();
  await expect(card.getByRole("row")).toHaveCount(6);
  await card.getByText("10 days").click();
  await expect(card.getByRole("img", { name: /^Forecast of AAPL in 10 days/ })).toBeVisible();

  await card.getByRole("link", { name: "All forecasts' record" }).click();
  await expect(page.getByRole("heading", { name: "Forecasts" })).toBeVisible();
  await expect(page.getByRole("row", { name: /^Last price/ })).toBeVisible();
  await page.getByRole("link", { name: "AAPL" }).click();
  await expect(page).toHaveURL(/\/markets\/AAPL$/);
});
