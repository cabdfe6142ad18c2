// People: how one joins through the browser, and how one is made quickly through the API for stories about other things.

import { type APIRequestContext, expect, type Page } from "@playwright/test";

export const PASSWORD = "correct horse battery staple";

let made = 0;

export function newAddress(name = "ana"): string {
  made += 1;
  return `${name}.${process.pid}.${made}@example.com`;
}

/** The newest link in the mails to an address. */
export async function mailedLink(request: APIRequestContext, address: string, path: string): Promise<string> {
  let link: string | undefined;
  await expect
    .poll(
      async () => {
        const answer = await request.get("/dev/mailbox", { headers: { accept: "application/json" } });
        const { items } = (await answer.json()) as { items: { to: string; links: string[] }[] };
        link = items
          .filter(({ to }) => to.includes(address))
          .flatMap(({ links }) => links)
          .find((each) => each.includes(path));
        return link;
      },
      { timeout: 15_000 },
    )
    .toBeTruthy();
  if (link === undefined) throw new Error("no link");
  return link;
}

/** The newest eight digits that were mailed to an address. */
export async function mailedCode(request: APIRequestContext, address: string): Promise<string> {
  let code: string | undefined;
  await expect
    .poll(
      async () => {
        const answer = await request.get("/dev/mailbox", { headers: { accept: "application/json" } });
        const { items } = (await answer.json()) as { items: { to: string; text: string }[] };
        const texts = items.filter(({ to }) => to.includes(address)).map(({ text }) => text);
        code = texts.map((text) => /\b\d{8}\b/.exec(text)?.[0]).find(Boolean);
        return code;
      },
      { timeout: 15_000 },
    )
    .toBeTruthy();
  return code ?? "";
}

/** Registers and confirms without the browser's pages. */
export async function join(
  request: APIRequestContext,
  address: string,
  name = "Ana Lindqvist",
): Promise<void> {
  const registered = await request.post("/api/v1/auth/register", {
    data: { email: address, password: PASSWORD, name },
  });
  expect(registered.status()).toBe(202);
  const token = new URL(await mailedLink(request, address, "/confirm")).searchParams.get("token");
  const confirmed = await request.post("/api/v1/auth/email/verify", { data: { token, password: PASSWORD } });
  expect(confirmed.status()).toBe(201);
}

/** Signs in at the sign-in page; answers once the portfolio is there. */
export async function signIn(page: Page, address: string): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(address);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByText("Portfolio value")).toBeVisible();
}

export async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
}

/** Pastes into what has the focus, as a person does. */
export async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", pasted);
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    document.activeElement?.dispatchEvent(event);
  }, text);
}

/** The mails to an address, on the page of the mailbox. */
export function mailTo(page: Page, address: string) {
  return page.locator("section", { hasText: address });
}

export async function addCash(page: Page, amount: string): Promise<void> {
  await page.getByRole("button", { name: "Add cash" }).first().click();
  await page.getByLabel("Amount").fill(amount);
  await page.getByRole("button", { name: /^Add \$/ }).click();
  await expect(page.getByText("On record, and proved")).toBeVisible();
  await page.getByRole("button", { name: "Done" }).click();
}

/** Buys at the market on the instrument's page; answers once the receipt is proved. */
export async function buy(page: Page, symbol: string, shares: string): Promise<void> {
  await page.goto(`/markets/${symbol}`);
  await page.getByLabel("Shares").fill(shares);
  await page.getByRole("button", { name: "Review buy order" }).click();
  await page.getByRole("button", { name: `Buy ${shares} ${symbol}` }).click();
  await expect(page.getByText("On record, and proved")).toBeVisible();
  await page.getByRole("button", { name: "Done" }).click();
}
