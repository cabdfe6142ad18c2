// Those who work at the desk: made on the command line, signed in at the page.

import { type Browser, expect, type Page } from "@playwright/test";
import { newAddress, PASSWORD } from "./people";
import type { Server } from "./server";

/** Somebody of the staff in a browser of their own, at the sign-in feed. */
export async function atTheDesk(
  browser: Browser,
  server: Server,
  role: "analyst" | "auditor" | "admin",
): Promise<{ page: Page; address: string }> {
  const context = await browser.newContext({ baseURL: server.url, locale: "en-US" });
  const page = await context.newPage();
  const address = newAddress(role);
  await signInAtTheDesk(page, server, address, role);
  return { page, address };
}

export async function signInAtTheDesk(page: Page, server: Server, address: string, role: string) {
  await server.hire(address, role, PASSWORD);
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(address);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Sign-ins", exact: true })).toBeVisible();
}
