// Cash that goes out: what another program asks for is on the page at once, says why it waits, and can be taken back.

import { expect, expectAccessible, test } from "./support/fixtures";
import { addCash, join, mailedCode, newAddress, PASSWORD, signIn, signInAnew } from "./support/people";
import { programOf } from "./support/signed";

const NEXT = "a long and winding sentence";

test("a withdrawal that is held back says why, comes by itself, and is taken back", async ({
  page,
  request,
}) => {
  test.setTimeout(120_000);
  const address = newAddress("cash");
  await join(request, address);
  await programOf(request, address);
  await signInAnew(page, request, address);
  await addCash(page, "400");
  await page.goto("/security");
  await page.getByRole("button", { name: "Change: password" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Present password").fill(PASSWORD);
  await dialog.getByLabel("New password").fill(NEXT);
  await dialog.getByRole("button", { name: "Change the password" }).click();
  await expect(dialog).toBeHidden();

  await page.goto("/orders?tab=cash");
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await expect(page.getByRole("row", { name: /Deposit/ })).toBeVisible();
  const program = await programOf(request, address, NEXT);
  const bank_account = { routing_number: "021001208", account_number: "12345678", kind: "checking" };
  const payee = await program.send("POST", "/api/v1/cash/payees", { name: "My account", bank_account });
  const asked = { amount: "150.00", currency: "USD", destination: payee.id };
  await program.send("POST", "/api/v1/cash/withdrawals", asked);

  const row = page.getByRole("row", { name: /Withdrawal/ });
  await expect(row.getByText("Held back")).toBeVisible();
  await expect(row.getByText(/changed shortly before/)).toBeVisible();
  await expectAccessible(page, "a withdrawal that is held back");
  await row.getByRole("button", { name: "Cancel" }).click();
  await expect(row.getByText("Canceled")).toBeVisible();
  await expect(row.getByRole("button", { name: "Cancel" })).toHaveCount(0);
});

test("cash goes out to a bank account of one's own, and a large amount asks who one is", async ({
  page,
  request,
}) => {
  test.setTimeout(120_000);
  const address = newAddress("payout");
  await join(request, address);
  await signIn(page, address);
  await addCash(page, "30000");
  await page.goto("/orders?tab=cash");
  await page.getByRole("button", { name: "Withdraw" }).click();

  const dialog = page.getByRole("dialog", { name: "Withdraw cash" });
  await dialog.getByLabel("What you call it").fill("My account");
  await dialog.getByLabel("Routing number").fill("021001209");
  await dialog.getByLabel("Account number").fill("12345678");
  await dialog.getByRole("button", { name: "Add the account" }).click();
  await expect(dialog.getByText("a digit of the routing number is wrong")).toBeVisible();
  await dialog.getByLabel("Routing number").fill("021001208");
  await dialog.getByRole("button", { name: "Add the account" }).click();

  await expect(dialog.getByLabel("To", { exact: true })).toHaveValue(/.+/);
  await expect(dialog.getByText("$30,000.00 can be withdrawn.")).toBeVisible();
  await dialog.getByLabel("Amount").fill("30000.01");
  await expect(dialog.getByText(/more than can be withdrawn/)).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Withdraw", exact: true })).toBeDisabled();
  await dialog.getByLabel("Amount").fill("120");
  await expectAccessible(page, "the form of a withdrawal");
  await dialog.getByRole("button", { name: "Withdraw $120.00" }).click();
  await expect(dialog.getByText("$120.00 to My account")).toBeVisible();
  await expect(dialog.getByText("On record, and proved")).toBeVisible();
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("row", { name: /Withdrawal.*To My account/ })).toBeVisible();

  await page.getByRole("button", { name: "Withdraw" }).click();
  await dialog.getByLabel("Amount").fill("25000");
  await dialog.getByRole("button", { name: "Withdraw $25,000.00" }).click();
  const asked = page.getByRole("dialog", { name: "Confirm it is you" });
  await expect(asked).toContainText("You are about to withdraw cash");
  await asked.getByLabel("Your password").fill(PASSWORD);
  await asked.getByLabel("The code we just mailed you").fill(await mailedCode(request, address));
  await expect(dialog.getByText("$25,000.00 to My account")).toBeVisible();
  await dialog.getByRole("button", { name: "Done" }).click();

  await page.getByRole("button", { name: "Remove the bank account My account" }).click();
  await expect(page.getByText("None yet.")).toBeVisible();
});
