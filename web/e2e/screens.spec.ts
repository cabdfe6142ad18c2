// Every screen in both themes: axe finds nothing, nothing scrolls sideways, and a picture of each at three widths is kept
// in e2e/artifacts.

import type { Page } from "@playwright/test";
import { addAuthenticator } from "./support/authenticator";
import { addFirstPasskey } from "./support/factors";
import { expect, expectAccessible, setTheme, type Theme, test } from "./support/fixtures";
import {
  addCash,
  buy,
  elsewhere,
  giveIdentity,
  join,
  newAddress,
  PASSWORD,
  signIn,
  signInAnew,
} from "./support/people";
import { signInAtTheDesk } from "./support/staff";

const WIDTHS = [390, 768, 1440] as const;
const THEMES: readonly Theme[] = ["light", "dark"];

const OUTSIDE: Record<string, string> = {
  "sign-in": "/sign-in",
  "sign-up": "/sign-up",
  "forgot-password": "/forgot-password",
  confirm: "/confirm?token=x",
  "reset-password": "/reset-password?token=x",
  "not-me": "/not-me?token=x",
  "second-factor-gone": "/login/second-factor",
  "sign-in-refused": "/sign-in?error=oidc.not_linked",
  setup: "/setup?token=x",
  mailbox: "/dev/mailbox",
  "not-found": "/no/such/place",
};

const INSIDE: Record<string, string> = {
  portfolio: "/",
  markets: "/markets",
  instrument: "/markets/KO",
  orders: "/orders",
  "orders-open": "/orders?tab=open",
  cash: "/orders?tab=cash",
  record: "/orders?tab=record",
  security: "/security",
  authenticator: "/security/authenticator",
  devices: "/devices",
  profile: "/profile",
  notifications: "/notifications",
  news: "/news",
  forecasts: "/forecasts",
  performance: "/performance",
};

const DESK: Record<string, string> = {
  "sign-ins": "/desk/sign-ins",
  "sign-ins-blocked": "/desk/sign-ins?outcome=blocked",
  accounts: "/desk/accounts",
  review: "/desk/review",
  incidents: "/desk/incidents",
  "api-security": "/desk/api-security",
  "audit-log": "/desk/audit-log",
  policies: "/desk/policies",
  "policy-new": "/desk/policies/new",
  "admin-people": "/desk/admin",
  "admin-webhooks": "/desk/admin?tab=webhooks",
  "admin-assets": "/desk/admin?tab=assets",
  "admin-server": "/desk/admin?tab=server",
};

/** Each screen is opened once in each theme, and looked at in all widths. */
async function lookAll(page: Page, screens: Record<string, string>): Promise<void> {
  await page.goto(Object.values(screens)[0] ?? "/");
  for (const theme of THEMES) {
    await setTheme(page, theme);
    for (const [name, path] of Object.entries(screens)) await look(page, `${name}-${theme}`, path);
  }
}

async function look(page: Page, name: string, path: string): Promise<void> {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(path);
  await settled(page);
  await expectAccessible(page, name);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    await settled(page);
    const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(wide, `${name} at ${width} px scrolls sideways`).toBeLessThanOrEqual(room ?? 0);
    await page.screenshot({ path: `e2e/artifacts/${name}-${width}.png`, fullPage: true });
  }
}

/** Nothing on its way, fonts there, transitions over. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState("load");
  await expect(page.locator("h1:visible, h2:visible").first()).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await page.evaluate(async () => {
    await document.fonts.ready;
    // What turns for as long as something is on its way never ends.
    const ending = document
      .getAnimations()
      .filter((each) => each.effect?.getTiming().iterations !== Infinity);
    await Promise.all(ending.map((animation) => animation.finished.catch(() => {})));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
}

test("screens for strangers", async ({ page }) => {
  test.setTimeout(180_000);
  await lookAll(page, OUTSIDE);
});

test("screens of somebody who has just begun", async ({ page, request }) => {
  const address = newAddress("empty");
  await join(request, address);
  await signIn(page, address);
  await lookAll(page, { "portfolio-empty": "/", "orders-empty": "/orders", "profile-empty": "/profile" });
});

test("screens of an investor", async ({ page, request, browser, baseURL }) => {
  test.setTimeout(300_000);
  const address = newAddress("investor");
  await join(request, address);
  const phone = await elsewhere(browser, baseURL);
  await signIn(phone, address);
  await phone.context().close();
  await addAuthenticator(page);
  await signInAnew(page, request, address);
  await addFirstPasskey(page, "Work laptop");
  await page.goto("/");
  await addCash(page, "25000");
  for (const [symbol, shares] of [
    ["KO", "240"],
    ["MSFT", "112"],
    ["XOM", "90"],
  ] as const)
    await buy(page, symbol, shares);
  await page.goto("/markets/AAPL");
  await page.getByRole("combobox", { name: "Type" }).selectOption("Limit");
  await page.getByLabel("Shares").fill("5");
  await page.getByLabel("Limit price").fill("1.00");
  await page.getByRole("button", { name: "Review buy order" }).click();
  await page.getByRole("button", { name: "Buy 5 AAPL" }).click();
  await expect(page.getByText("Open. It waits for its price.")).toBeVisible();
  await giveIdentity(page);
  await lookAll(page, INSIDE);
});

test("screens of the desk", async ({ page, request, browser, server }) => {
  test.setTimeout(300_000);
  const address = newAddress("maya.okafor");
  await join(request, address, "Maya Okafor");
  const phone = await elsewhere(browser, server.url);
  await signIn(phone, address);
  await phone.context().close();
  const locked = newAddress("sam.whitlock");
  await join(request, locked, "Sam Whitlock");
  for (let guess = 0; guess < 5; guess++) {
    await request.post("/api/v1/auth/login", { data: { email: locked, password: `not the one ${guess}` } });
  }
  await signInAtTheDesk(page, server, newAddress("admin"), "admin");
  await lookAll(page, DESK);
});

test("dialogs, with what they hold", async ({ page, request }) => {
  test.setTimeout(240_000);
  const address = newAddress("dialogs");
  await join(request, address);
  await signIn(page, address);
  await addCash(page, "9000");
  for (const theme of THEMES) {
    await setTheme(page, theme);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto("/");
    await page.getByRole("button", { name: "Add cash" }).first().click();
    await page.getByLabel("Amount").fill("1250.5");
    await keep(page, `add-cash-${theme}`);
    await page.goto("/markets/KO");
    await page.getByLabel("Shares").fill("10");
    await page.getByRole("button", { name: "Review buy order" }).click();
    await expect(page.getByRole("button", { name: "Buy 10 KO" })).toBeVisible();
    await keep(page, `confirm-order-${theme}`);
    await page.getByRole("button", { name: "Buy 10 KO" }).click();
    await expect(page.getByText("On record, and proved")).toBeVisible();
    await page.getByRole("button", { name: "Show the numbers" }).click();
    await keep(page, `receipt-${theme}`);
    await page.goto("/security/authenticator");
    await page.getByLabel("Your password").fill(PASSWORD);
    await page.getByRole("button", { name: "Go on" }).click();
    await expect(page.getByRole("img", { name: /^QR code/ })).toBeVisible();
    await keep(page, `authenticator-qr-${theme}`);
    await page.goto("/security");
    await page.getByRole("button", { name: "Change: password" }).click();
    await page.getByLabel("New password", { exact: true }).fill("four plain words here");
    await expect(page.getByLabel("Strength of the password")).toBeVisible();
    await keep(page, `change-password-${theme}`);
    await page.goto("/security");
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await keep(page, `add-passkey-${theme}`);
    await page.goto("/profile");
    await page
      .getByRole("button", { name: /Add identity data|Change/ })
      .last()
      .click();
    await keep(page, `identity-${theme}`);
    await page.goto("/profile");
    await page.getByRole("button", { name: "Erase" }).click();
    await keep(page, `erase-${theme}`);
    await page.goto("/profile");
    await page.getByRole("button", { name: "Export" }).click();
    await expect(page.getByLabel("The code we just mailed you")).toBeVisible();
    await keep(page, `step-up-${theme}`);
  }
});

/** Axe, and pictures of a dialog as it stands. */
async function keep(page: Page, name: string): Promise<void> {
  await settled(page);
  await expectAccessible(page, name);
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    await settled(page);
    await page.screenshot({ path: `e2e/artifacts/${name}-${width}.png` });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}
