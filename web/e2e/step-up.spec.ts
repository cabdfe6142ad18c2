// Step-up: whatever asks for a fresh proof opens the dialog, and goes on by itself once it has one.

import { readFileSync } from "node:fs";
import { addAuthenticator } from "./support/authenticator";
import { addFirstPasskey, keepCodes, turnOnApp, typeCode } from "./support/factors";
import { expect, test } from "./support/fixtures";
import { addCash, join, mailedCode, newAddress, PASSWORD, paste, signIn } from "./support/people";
import { nextTotp } from "./support/totp";

const dialogOf = "Confirm it is you";

test("identity data is shown in full for the password and a mailed code", async ({ page, request }) => {
  const address = newAddress();
  await join(request, address);
  await signIn(page, address);
  await page.goto("/profile");
  await page.getByRole("button", { name: "Add identity data" }).click();
  await page.getByLabel("Social Security number").fill("536-90-4399");
  await page.getByLabel("Date of birth").fill("2020-01-31");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(/18 years/)).toBeVisible();
  await page.getByLabel("Date of birth").fill("1990-01-31");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("XXX-XX-4399")).toBeVisible();
  await expect(page.getByText("536-90-4399")).toHaveCount(0);

  await page.getByRole("button", { name: "Show in full" }).click();
  const dialog = page.getByRole("dialog", { name: dialogOf });
  await expect(dialog).toContainText("You are about to see your identity data in full");
  const code = await mailedCode(request, address);
  await dialog.getByLabel("Your password").fill(PASSWORD);
  await dialog.getByLabel("The code we just mailed you").fill(code === "00000000" ? "11111111" : "00000000");
  await expect(dialog.getByRole("alert")).toContainText("The code is wrong");
  await dialog.getByLabel("The code we just mailed you").fill(code);
  await expect(page.getByText("536-90-4399")).toBeVisible();
  await expect(dialog).toHaveCount(0);
  await page.getByRole("button", { name: "Mask again" }).click();
  await expect(page.getByText("536-90-4399")).toHaveCount(0);
});

test("one's data comes out for a pasted code of the app, and not for a closed dialog", async ({
  page,
  request,
}) => {
  const address = newAddress();
  await join(request, address);
  await signIn(page, address);
  const { secret, codes } = await turnOnApp(page);
  await page.goto("/profile");
  await page.getByRole("button", { name: "Export" }).click();
  const dialog = page.getByRole("dialog", { name: dialogOf });
  await expect(dialog).toContainText("You are about to take out all your data");
  await page.keyboard.press("Escape");
  await expect(page.getByText("Your data was not taken out")).toBeVisible();

  await page.getByRole("button", { name: "Export" }).click();
  await page.getByLabel("Digit 1 of 6").focus();
  const [file] = await Promise.all([page.waitForEvent("download"), paste(page, nextTotp(secret))]);
  expect(file.suggestedFilename()).toBe("stockade-export.json");
  const taken = JSON.parse(readFileSync(await file.path(), "utf8"));
  expect(taken.account.email).toBe(address);

  await page.getByRole("button", { name: "Export" }).click();
  await dialog.getByRole("button", { name: "Use a backup code" }).click();
  await dialog.getByLabel("One of your backup codes").fill(codes[5] ?? "");
  await Promise.all([
    page.waitForEvent("download"),
    dialog.getByRole("button", { name: "Use this code" }).click(),
  ]);
});

test("a passkey confirms new backup codes, and its own removal", async ({ page, request }) => {
  const address = newAddress();
  await join(request, address);
  await addAuthenticator(page);
  await signIn(page, address);
  await addFirstPasskey(page, "Key ring");
  await page.getByRole("button", { name: "New codes: backup codes" }).click();
  await page.getByRole("button", { name: "Make new codes" }).click();
  await page.getByRole("dialog", { name: dialogOf }).getByRole("button", { name: "Use a passkey" }).click();
  await keepCodes(page);
  await page.getByRole("button", { name: "Change passkey Key ring" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Drawer");
  await page.getByRole("button", { name: "Rename" }).click();
  await page.getByRole("button", { name: "Change passkey Drawer" }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await page.getByLabel("Your password").fill(PASSWORD);
  await page.getByRole("button", { name: "Remove" }).click();
  const dialog = page.getByRole("dialog", { name: dialogOf });
  await expect(dialog).toContainText("You are about to remove a passkey");
  await dialog.getByRole("button", { name: "Use a passkey" }).click();
  await expect(page.getByText("You have none yet.")).toBeVisible();
});

test("an account that is not empty says what is left", async ({ page, request }) => {
  const address = newAddress("stayer");
  await join(request, address);
  await addAuthenticator(page);
  await signIn(page, address);
  await addCash(page, "50");
  await addFirstPasskey(page, "Laptop");
  await page.goto("/profile");
  await page.getByRole("button", { name: "Erase" }).click();
  await page.getByLabel(`Type ${address} to confirm`).fill(address);
  await page.getByRole("button", { name: "Erase my account" }).click();
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await expect(page.getByText("Your account is not empty; nothing was erased.")).toBeVisible();
  await expect(page.getByText("50.00 USD left; withdraw it first")).toBeVisible();
});

test("an account is erased once it is empty and its owner has proven themselves", async ({
  page,
  request,
}) => {
  const address = newAddress("leaver");
  await join(request, address);
  await signIn(page, address);
  const { secret } = await turnOnApp(page);
  await page.goto("/profile");
  await page.getByRole("button", { name: "Erase" }).click();
  await page.getByLabel(`Type ${address} to confirm`).fill(address);
  await page.getByRole("button", { name: "Erase my account" }).click();
  await expect(page.getByRole("dialog", { name: dialogOf })).toContainText("erase your account for good");
  await typeCode(page, nextTotp(secret));
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.getByLabel("E-mail address").fill(address);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByText("The address or the password is wrong.")).toBeVisible();
});
