// Cash that goes out: what another program asks for is on the page at once, says why it waits, and can be taken back.

import { expect, expectAccessible, test } from "./support/fixtures";
import { addCash, join, newAddress, PASSWORD, signInAnew } from "./support/people";
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
  await expect(row.getByText(/changed less than a day before/)).toBeVisible();
  await expectAccessible(page, "a withdrawal that is held back");
  await row.getByRole("button", { name: "Cancel" }).click();
  await expect(row.getByText("Canceled")).toBeVisible();
  await expect(row.getByRole("button", { name: "Cancel" })).toHaveCount(0);
});
