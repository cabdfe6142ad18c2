// Devices and sessions: what one sees of the others, and what one can do about a stranger.

import { expect, test } from "./support/fixtures";
import { elsewhere, join, mailedLink, newAddress, PASSWORD, signIn, signInAnew } from "./support/people";

test("a stranger's device is ended and forgotten, and the password changed", async ({
  page,
  request,
  browser,
  baseURL,
}) => {
  const address = newAddress();
  await join(request, address);
  await signIn(page, address);
  const other = await elsewhere(browser, baseURL);
  await signInAnew(other, request, address);
  await page.goto("/devices");
  const rows = page.getByRole("main").getByRole("listitem");
  await expect(rows.first()).toContainText("This device");
  await page.getByRole("button", { name: /^This wasn’t me: Firefox/ }).click();
  await page.getByRole("button", { name: "End it and forget it" }).click();
  await page.getByLabel("Present password").fill(PASSWORD);
  await page.getByLabel("New password", { exact: true }).fill(`${PASSWORD} again`);
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page.getByText("Only this one.")).toBeVisible();
  await expect(page.getByText(/Firefox/)).toHaveCount(0);

  await expect(other.getByText("You were signed out. Sign in to go on where you were.")).toBeVisible({
    timeout: 20_000,
  });
  await other.getByLabel("E-mail address").fill(address);
  await other.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await other.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(other.getByRole("main").getByRole("alert")).toContainText(
    "The address or the password is wrong.",
  );
  await other.context().close();
});

test("a session that was ended elsewhere says so and comes back where it was", async ({
  page,
  request,
  browser,
  baseURL,
}) => {
  const address = newAddress();
  await join(request, address);
  const other = await elsewhere(browser, baseURL);
  await signIn(other, address);
  await other.goto("/orders?tab=open");
  await signInAnew(page, request, address);
  await page.goto("/devices");
  await page.getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(page.getByText("Only this one.")).toBeVisible();
  await expect(other.getByText("You were signed out. Sign in to go on where you were.")).toBeVisible({
    timeout: 20_000,
  });
  await other.getByLabel("E-mail address").fill(address);
  await other.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await other.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(other.getByText("No open orders")).toBeVisible();
  await other.context().close();
});

test("a device is named and trusted by its owner", async ({ page, request }) => {
  const address = newAddress();
  await join(request, address);
  await signIn(page, address);
  await page.goto("/devices");
  await page.getByRole("button", { name: /^Change / }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Kitchen laptop");
  await page.getByRole("button", { name: "Rename" }).click();
  await expect(page.getByText("Kitchen laptop").first()).toBeVisible();
  await page.getByRole("button", { name: "Change Kitchen laptop" }).click();
  await page.getByRole("menuitem", { name: "Trust it" }).click();
  await expect(page.getByRole("dialog", { name: "Confirm it is you" })).toContainText("trust a device");
});

test("the link in the mail about a new device ends the stranger's session", async ({
  page,
  request,
  browser,
  baseURL,
}) => {
  const address = newAddress();
  await join(request, address);
  await signIn(page, address);
  const other = await elsewhere(browser, baseURL);
  await signInAnew(other, request, address);
  await page.goto(await mailedLink(request, address, "/not-me"));
  await page.getByRole("button", { name: "It was not me" }).click();
  await expect(page.getByRole("heading", { name: "Your account is closed to everybody" })).toBeVisible();
  await other.goto("/orders");
  await expect(other.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await other.context().close();
});
