// Signing in and out, the second factor, and what an attacker's page could try.

import type { APIRequestContext, Page } from "@playwright/test";
import { addAuthenticator } from "./support/authenticator";
import { addFirstPasskey, turnOnApp, typeCode } from "./support/factors";
import { expect, test } from "./support/fixtures";
import { join, mailedCode, mailTo, newAddress, PASSWORD, paste, signIn, signOut } from "./support/people";
import { nextTotp } from "./support/totp";

test("a wrong password is told, the right one leads where one wanted to go", async ({ page, request }) => {
  const address = newAddress();
  await join(request, address);
  await page.goto("/orders?tab=open");
  await page.getByLabel("E-mail address").fill(address);
  await page.getByLabel("Password", { exact: true }).fill("something else entirely");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText(
    "The address or the password is wrong.",
  );
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByText("No open orders")).toBeVisible();

  await page.reload();
  await expect(page.getByText("No open orders")).toBeVisible();
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in", exact: true })).toBeVisible();
  await page.goto("/orders");
  await expect(page.getByRole("heading", { name: "Sign in", exact: true })).toBeVisible();
});

test("a passkey signs in alone, and as a second factor", async ({ page, request }) => {
  const address = newAddress();
  await join(request, address);
  await addAuthenticator(page);
  await signIn(page, address);
  await addFirstPasskey(page, "Ana's laptop");
  await signOut(page);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByText("Portfolio value")).toBeVisible();

  await signOut(page);
  await page.getByLabel("E-mail address").fill(address);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Confirm it is you" })).toBeVisible();
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await expect(page.getByText("Portfolio value")).toBeVisible();
});

test("a passkey that nobody has is refused in words", async ({ page }) => {
  await addAuthenticator(page);
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("No passkey was used");
});

test("a code of the app or of paper finishes a sign-in, pasted or typed", async ({ page, request }) => {
  const address = newAddress();
  await join(request, address);
  await signIn(page, address);
  const { secret, codes } = await turnOnApp(page);
  await signOut(page);
  await page.getByLabel("E-mail address").fill(address);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await typeCode(page, "000000");
  await expect(page.getByRole("main").getByRole("alert")).toContainText("The code is wrong");
  await page.getByLabel("Digit 1 of 6").focus();
  await paste(page, nextTotp(secret));
  await expect(page.getByText("Portfolio value")).toBeVisible();

  await signOut(page);
  await page.getByLabel("E-mail address").fill(address);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("button", { name: "Use a backup code" }).click();
  await page.getByLabel("One of your backup codes").fill(codes[3] ?? "");
  await page.getByRole("button", { name: "Use this code" }).click();
  await expect(page.getByText("Portfolio value")).toBeVisible();
  await page.goto("/security");
  await expect(page.getByText("9 left. Each works once.")).toBeVisible();
});

test("five wrong passwords lock the account, and its owner is told", async ({ page, request }) => {
  const address = newAddress("locked");
  await join(request, address);
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(address);
  for (let wrong = 1; wrong <= 5; wrong += 1) {
    await page.getByLabel("Password", { exact: true }).fill(`not the password ${wrong}`);
    const answered = page.waitForResponse("**/api/v1/auth/login*");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    expect((await answered).status()).toBe(401);
  }
  await expect(page.getByText(/After several wrong passwords an account takes none/)).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText(
    "The address or the password is wrong.",
  );
  await page.goto("/dev/mailbox");
  await expect(
    mailTo(page, address)
      .filter({ hasText: /locked/i })
      .first(),
  ).toBeVisible();
});

test("a provider that does not answer leads back, and says so", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Continue with Google" }).click();
  await expect(page).toHaveURL(/\/sign-in\?error=oidc\.provider_unavailable/);
  await expect(page.getByRole("main").getByRole("alert")).toContainText(
    "The provider does not answer as it should.",
  );
  await page.goto("/sign-in?error=call%20555-0100%20now");
  await expect(page.getByRole("main").getByRole("alert")).toHaveText(
    "That did not work. Try again, or sign in another way.",
  );
});

test("a sign-in that a provider began goes on with its second factor", async ({ page, request }) => {
  const address = newAddress();
  await join(request, address);
  await signIn(page, address);
  const { codes } = await turnOnApp(page);
  await signOut(page);
  const waiting = await page.evaluate(
    async (body) => {
      const init = { method: "POST", headers: { "content-type": "application/json" }, body };
      return (await fetch("/api/v1/auth/login?session=cookie", init)).json();
    },
    JSON.stringify({ email: address, password: PASSWORD }),
  );
  await page.goto("/");
  await page.goto(`/login/second-factor#challenge=${waiting.challenge}&methods=${waiting.methods.join(",")}`);
  await expect(page).toHaveURL(/\/login\/second-factor$/);
  await page.getByRole("button", { name: "Use a backup code" }).click();
  await page.getByLabel("One of your backup codes").fill(codes[0] ?? "");
  await page.getByRole("button", { name: "Use this code" }).click();
  await expect(page.getByText("Portfolio value")).toBeVisible();
});

test("a used-up link of a mail says so, and nothing happens by opening it", async ({ page }) => {
  await page.goto("/not-me?token=AAAA");
  await page.getByRole("button", { name: "It was not me" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText(
    "This link was used before or has expired",
  );
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

test("an account at a provider is linked, signs in, and is unlinked", async ({ page, request, context }) => {
  // The provider's own page asks for things from elsewhere, which it can do without.
  await context.route(/^https?:\/\/(?!localhost|127\.0\.0\.1)/, (route) => route.abort());
  const address = newAddress();
  await join(request, address);
  await signIn(page, address);
  await page.goto("/security");
  await page.getByRole("button", { name: "Link Acme", exact: true }).click();
  const code = await proveByMail(page, request, address);
  await atTheProvider(page, address);
  await expect(page.getByRole("button", { name: "Unlink Acme" })).toBeVisible();
  await signOut(page);

  await page.getByRole("link", { name: "Continue with Acme" }).click();
  await expect(page.getByText("Portfolio value")).toBeVisible();

  await page.goto("/security");
  await page.getByRole("button", { name: "Unlink Acme" }).click();
  await proveByMail(page, request, address, code);
  await expect(page.getByRole("button", { name: "Link Acme", exact: true })).toBeVisible();
});

/** Proves who one is by password and a mailed code that is not the one before; answers the code. */
async function proveByMail(
  page: Page,
  request: APIRequestContext,
  address: string,
  before = "",
): Promise<string> {
  const dialog = page.getByRole("dialog", { name: "Confirm it is you" });
  await dialog.getByLabel("Your password").fill(PASSWORD);
  let code = before;
  const isNew = async () => {
    code = await mailedCode(request, address);
    return code !== before;
  };
  await expect.poll(isNew, { timeout: 15_000 }).toBe(true);
  await dialog.getByLabel("The code we just mailed you").fill(code);
  return code;
}

/** Signs in at the provider and agrees. */
async function atTheProvider(page: Page, address: string): Promise<void> {
  await page.locator("input[name=login]").fill(address);
  await page.locator("input[name=password]").fill("anything");
  await page.locator("button[type=submit]").click();
  await page.getByRole("button", { name: "Continue" }).click();
}
