// People: how one joins through the browser, and how one is made quickly through the API for stories about other things.

import { type APIRequestContext, type Browser, expect, type Page } from "@playwright/test";

export const PASSWORD = "quartz lantern meadow thirteen";

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
  await givePassword(page, address);
  await expect(page.getByText("Portfolio value")).toBeVisible();
}

/** The same on a device that was never there, which also takes the code of a mail. */
export async function signInAnew(page: Page, request: APIRequestContext, address: string): Promise<void> {
  await page.goto("/sign-in");
  await givePassword(page, address);
  await giveMailedCode(page, request, address);
  await expect(page.getByText("Portfolio value")).toBeVisible();
}

async function givePassword(page: Page, address: string): Promise<void> {
  await page.getByLabel("E-mail address").fill(address);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Types the code of the newest mail. */
export async function giveMailedCode(page: Page, request: APIRequestContext, address: string): Promise<void> {
  await expect(page.getByRole("heading", { name: "Confirm it is you" })).toBeVisible();
  await page.getByLabel("The code we just mailed you").fill(await mailedCode(request, address));
  await page.getByRole("button", { name: "Go on" }).click();
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

/** Another browser, which calls itself Firefox. */
export async function elsewhere(browser: Browser, baseURL: string | undefined): Promise<Page> {
  const userAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
  const context = await browser.newContext({ baseURL, userAgent, locale: "en-US" });
  return context.newPage();
}

/** Some identity data, given on the profile's page. */
export async function giveIdentity(page: Page): Promise<void> {
  await page.goto("/profile");
  await page.getByRole("button", { name: "Add identity data" }).click();
  const given: Record<string, string> = {
    "Social Security number": "536-90-4399",
    "Date of birth": "1990-01-31",
    Telephone: "+1 202 555 0143",
    "Street and number": "742 Evergreen Terrace",
    City: "Springfield",
    "State or region": "IL",
    "Postal code": "62701",
    "Country, two letters": "US",
    "Routing number": "021000021",
    "Account number": "123456789",
  };
  for (const [label, value] of Object.entries(given)) await page.getByLabel(label).fill(value);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("XXX-XX-4399")).toBeVisible();
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
