// The newcomer's path in one go, through the pages alone.

import { addAuthenticator } from "./support/authenticator";
import { typeCode } from "./support/factors";
import { expect, test } from "./support/fixtures";
import { addCash, newAddress, PASSWORD } from "./support/people";
import { nextTotp, totp } from "./support/totp";

test("a newcomer joins, turns on an app and a passkey, adds cash, buys, and proves it", async ({ page }) => {
  const address = newAddress("newcomer");
  const main = page.getByRole("navigation", { name: "Main", exact: true });
  await page.goto("/");
  await page.getByRole("link", { name: "Open an account" }).click();
  await page.getByLabel("Your name").fill("Ana Lindqvist");
  await page.getByLabel("E-mail address").fill(address);
  await page.getByLabel("Password", { exact: true }).fill("password1");
  await expect(page.getByText("Very weak.")).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await expect(page.getByText("Strong.")).toBeVisible();
  await page.getByRole("button", { name: "Open an account" }).click();

  await page.getByRole("link", { name: "Open the development mailbox" }).click();
  const mail = page
    .getByRole("region")
    .filter({ hasText: address })
    .or(page.locator("section", { hasText: address }));
  await mail.first().getByRole("link", { name: "Confirm my address" }).click();
  await page.getByLabel("The password you chose").fill(PASSWORD);
  await page.getByRole("button", { name: "Confirm my address" }).click();

  await page.getByLabel("Your password").fill(PASSWORD);
  await page.getByRole("button", { name: "Go on" }).click();
  const secret = await page.locator("code").innerText();
  await expect(page.getByRole("img", { name: "QR code of the key below" })).toBeVisible();
  await typeCode(page, totp(secret));
  const codes = page.getByRole("list", { name: "Your backup codes" }).getByRole("listitem");
  await expect(codes).toHaveCount(10);
  const kept = await codes.nth(3).innerText();
  await page.getByLabel(/Type one of them/).fill("nothing like it");
  await page.getByRole("button", { name: "I kept them" }).click();
  await expect(page.getByText("That is none of them.")).toBeVisible();
  await page.getByLabel(/Type one of them/).fill(kept);
  await page.getByRole("button", { name: "I kept them" }).click();

  await expect(page.getByText("Your account is ready")).toBeVisible();
  await addAuthenticator(page);
  await main.getByRole("link", { name: "Security and passkeys" }).click();
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByLabel("What to call it").fill("Ana's laptop");
  await page.getByRole("button", { name: "Go on" }).click();
  const stepUp = page.getByRole("dialog", { name: "Confirm it is you" });
  await expect(stepUp).toContainText("You are about to add a passkey");
  await typeCode(page, nextTotp(secret));
  await expect(page.getByText("Ana's laptop", { exact: true })).toBeVisible();
  await expect(page.getByText("4 of 4 done")).toBeVisible();

  await main.getByRole("link", { name: "Portfolio", exact: true }).click();
  await addCash(page, "5000");
  await expect(page.getByText("$5,000.00 ready to invest")).toBeVisible();

  await page.keyboard.press("Control+k");
  await page.keyboard.type("KO");
  await page.getByRole("option", { name: /^KO / }).click();
  await page.getByLabel("Shares").fill("25");
  await page.getByRole("button", { name: "Review buy order" }).click();
  await page.getByRole("button", { name: "Buy 25 KO" }).dblclick();
  await expect(page.getByText("On record, and proved")).toBeVisible();
  await page.getByRole("button", { name: "Done" }).click();

  await main.getByRole("link", { name: "Portfolio", exact: true }).click();
  const row = page.getByRole("row", { name: /KO/ });
  await expect(row).toContainText("25");
  await main.getByRole("link", { name: "Orders" }).click();
  await expect(page.getByRole("link", { name: "Buy 25 KO" })).toHaveCount(1);
  await page.getByText("Record", { exact: true }).click();
  await page.getByRole("button", { name: /^Prove: Buy 25 KO/ }).click();
  await expect(page.getByText("On record, and proved")).toBeVisible();
});
