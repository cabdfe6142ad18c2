// Second factors, turned on through the pages.

import { expect, type Page } from "@playwright/test";
import { PASSWORD } from "./people";
import { totp } from "./totp";

/** The authenticator app; answers its key and the backup codes. */
export async function turnOnApp(page: Page): Promise<{ secret: string; codes: string[] }> {
  await page.goto("/security/authenticator");
  await page.getByLabel("Your password").fill(PASSWORD);
  await page.getByRole("button", { name: "Go on" }).click();
  const secret = await page.locator("code").innerText();
  await typeCode(page, totp(secret));
  return { secret, codes: await keepCodes(page) };
}

/** Six digits, the last of which sends them. */
export async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByLabel("Digit 1 of 6").focus();
  await page.keyboard.type(code);
}

/** Types one of the codes back, as the sheet asks for. */
export async function keepCodes(page: Page): Promise<string[]> {
  const list = page.getByRole("list", { name: "Your backup codes" }).getByRole("listitem");
  await expect(list).toHaveCount(10);
  const codes = await list.allInnerTexts();
  await page.getByLabel(/Type one of them/).fill(codes[0] ?? "");
  await page.getByRole("button", { name: "I kept them" }).click();
  await expect(list).toHaveCount(0);
  return codes;
}

/** The first passkey of somebody without a second factor; answers the backup codes. */
export async function addFirstPasskey(page: Page, name: string): Promise<string[]> {
  await page.goto("/security");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a passkey" });
  await dialog.getByLabel("What to call it").fill(name);
  await dialog.getByLabel("Your password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Go on" }).click();
  const codes = await keepCodes(page);
  await expect(page.getByText(name, { exact: true })).toBeVisible();
  return codes;
}
