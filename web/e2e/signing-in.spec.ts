// Signing in and out, the second factor, and what an attacker's page could try.

import { expect, test } from "./support/fixtures";
import { join, newAddress, PASSWORD, signIn } from "./support/people";

test("a wrong password is told, the right one leads where one wanted to go", async ({ page, request }) => {
  const address = newAddress();
  await join(request, address);
  await page.goto("/orders?tab=open");
  await page.getByLabel("E-mail address").fill(address);
  await page.getByLabel("Password", { exact: true }).fill("something else entirely");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("The address or the password is wrong.");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("No open orders")).toBeVisible();

  await page.reload();
  await expect(page.getByText("No open orders")).toBeVisible();
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.goto("/orders");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("no script can read the tokens or the signing key", async ({ page, request }) => {
  const address = newAddress();
  await join(request, address);
  await signIn(page, address);
  const seen = await page.evaluate(
    () => `${document.cookie} ${JSON.stringify({ ...localStorage, ...sessionStorage })}`,
  );
  expect(seen).not.toMatch(/stockade-(access|refresh)/);
  expect(seen).not.toMatch(/eyJ/);
});

test("markup made of text is refused by the page's policy", async ({ page }) => {
  await page.goto("/sign-in");
  const refused = await page.evaluate(() => {
    try {
      document.createElement("div").innerHTML = "<img src=x>";
      return "accepted";
    } catch (error) {
      return String(error);
    }
  });
  expect(refused).toContain("markup made of text is refused");
});
