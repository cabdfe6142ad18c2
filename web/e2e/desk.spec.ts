// The operations desk: what comes in is seen as it comes, who is kept out is let in again, the log is checked, and two
// people change a policy.

import { expect, expectAccessible, setTheme, test } from "./support/fixtures";
import { elsewhere, giveMailedCode, join, newAddress, PASSWORD, signIn } from "./support/people";
import { atTheDesk, signInAtTheDesk } from "./support/staff";

test("an attempt arrives at the feed by itself, and says how its score was built", async ({
  page,
  request,
  browser,
  server,
}) => {
  test.setTimeout(120_000);
  await signInAtTheDesk(page, server, newAddress("analyst"), "analyst");
  await expect(page.getByText("Updating as attempts arrive")).toBeVisible();
  const address = newAddress("live");
  await join(request, address);
  const hers = await elsewhere(browser, server.url);
  await signIn(hers, address);
  const row = page.getByRole("row", { name: new RegExp(address) });
  await expect(row).toHaveCount(1);
  await expect(row.getByText("Allowed")).toBeVisible();

  await page.getByRole("button", { name: "Pause" }).click();
  const other = await (await browser.newContext({ baseURL: server.url, locale: "en-US" })).newPage();
  await other.goto("/sign-in");
  await other.getByLabel("E-mail address").fill(address);
  await other.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await other.getByRole("button", { name: "Sign in", exact: true }).click();
  await giveMailedCode(other, request, address);
  await expect(page.getByText(/Paused, [1-9]/)).toBeVisible();
  await expect(row).toHaveCount(1);
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(row).toHaveCount(3);

  await page.getByRole("radiogroup", { name: "Outcome" }).getByText("Step-up").click();
  await expect(page).toHaveURL(/outcome=step-up/);
  await expect(row).toHaveCount(1);
  await row.getByRole("link", { name: address }).click();
  const panel = page.getByRole("dialog", { name: "Sign-in attempt" });
  await expect(panel.getByText("Unknown device")).toBeVisible();
  await expect(panel.getByText("Decided anew from what is stored, it comes out the same.")).toBeVisible();
  await expectAccessible(page, "attempt");
  await setTheme(page, "dark");
  await expectAccessible(page, "attempt-dark");
  await page.reload();
  await expect(panel.getByText("Unknown device")).toBeVisible();
  await panel.getByRole("button", { name: "Close" }).click();
  await expect(page).not.toHaveURL(/attempt=/);
});

test("guesses lock an account, and an analyst who sees the evidence unlocks it", async ({
  page,
  request,
  server,
}) => {
  const address = newAddress("locked");
  await join(request, address);
  for (let guess = 0; guess < 5; guess++) {
    const data = { email: address, password: `not the password ${guess}` };
    await request.post("/api/v1/auth/login", { data });
  }
  await signInAtTheDesk(page, server, newAddress("analyst"), "analyst");
  await page.getByRole("link", { name: "Locked accounts" }).first().click();
  const hers = page.getByRole("region", { name: address });
  await expect(hers.getByText(/Password: 5 failures on devices not known/)).toBeVisible();
  await expectAccessible(page, "accounts");
  await hers.getByRole("button", { name: `Unlock ${address}` }).click();
  await expect(page.getByText(`${address} may try again`)).toBeVisible();
  await expect(hers).toHaveCount(0);
});

test("an account is restricted, and two people give it back", async ({ page, request, browser, server }) => {
  test.setTimeout(120_000);
  const address = newAddress("frozen");
  await join(request, address);
  const hers = await elsewhere(browser, server.url);
  await signIn(hers, address);
  await signInAtTheDesk(page, server, newAddress("analyst"), "analyst");
  await page.getByRole("link", { name: address }).first().click();
  await page.getByRole("button", { name: "Restrict account" }).click();
  await page.getByLabel("Why").fill("She rang: her laptop was stolen.");
  await page.getByRole("button", { name: "Restrict", exact: true }).click();
  await expect(page.getByText(`${address} is restricted`)).toBeVisible();
  await page.goto("/desk/accounts?state=restricted");
  const account = page.getByRole("region", { name: address });
  await expect(account.getByText("The desk: She rang: her laptop was stolen.")).toBeVisible();
  await account.getByRole("button", { name: /^Restore/ }).click();
  await page.getByLabel("How you made sure that it is the owner").fill("Video call, passport and face.");
  await page.getByRole("button", { name: "Ask for the restoration" }).click();
  await expect(account.getByText(/Another person finishes it/)).toBeVisible();

  const admin = await atTheDesk(browser, server, "admin");
  await admin.page.goto("/desk/accounts?state=restricted");
  const same = admin.page.getByRole("region", { name: address });
  await same.getByRole("button", { name: "Finish the restoration" }).click();
  await expect(admin.page.getByText("Video call, passport and face.")).toBeVisible();
  await admin.page.getByLabel("How you made sure that it is the owner").fill("Rang the number on file.");
  await admin.page.getByRole("button", { name: "Give the account back" }).click();
  await expect(admin.page.getByText(`${address} has their account back`)).toBeVisible();
  await expect(same).toHaveCount(0);
});

test("the log is searched, an entry proved in the browser, and the whole verified", async ({
  page,
  request,
  browser,
  server,
}) => {
  test.setTimeout(120_000);
  const address = newAddress("logged");
  await join(request, address);
  const hers = await elsewhere(browser, server.url);
  await signIn(hers, address);
  await signInAtTheDesk(page, server, newAddress("auditor"), "auditor");
  await page.getByRole("link", { name: "Audit log" }).first().click();
  await page.getByRole("button", { name: "Verify the whole log" }).click();
  await expect(page.getByText("Not altered")).toBeVisible();
  await page.getByRole("combobox", { name: "Whose" }).fill(address);
  await page.getByRole("option", { name: address }).click();
  await expect(page).toHaveURL(/user=/);
  const row = page.getByRole("row", { name: /Signed in/ });
  await expect(row.first()).toContainText(address);
  await row.first().getByRole("button").click();
  const panel = page.getByRole("dialog");
  await panel.getByRole("button", { name: "Prove it in this browser" }).click();
  await expect(panel.getByText("On record, and proved")).toBeVisible();
  await panel.getByRole("button", { name: "Show the raw entry" }).click();
  await expect(panel.getByText(/"kind": "sign_in.succeeded"/)).toBeVisible();
  await expectAccessible(page, "record");
});

test("a policy is proposed by one, looked at, tried on the past, and approved by another", async ({
  page,
  browser,
  server,
}) => {
  test.setTimeout(120_000);
  await signInAtTheDesk(page, server, newAddress("admin"), "admin");
  await page.getByRole("link", { name: "Risk policies" }).first().click();
  await page.getByRole("link", { name: "Propose a policy" }).click();
  const text = page.getByLabel("The policy, as TOML");
  const live = await text.inputValue();
  await text.fill(live.replace("second_factor_over = 500", "second_factor_over = nonsense"));
  await page.getByLabel("Why", { exact: true }).fill("Ask for a second factor sooner.");
  await page.getByRole("button", { name: "Propose it" }).click();
  await expect(page.getByText("What is wrong with it")).toBeVisible();
  await text.fill(
    live
      .replace("second_factor_over = 500", "second_factor_over = 250")
      .replace('name = "default"', 'name = "sooner"'),
  );
  await expect(page.getByText("second_factor_over = 250").last()).toBeVisible();
  await page.getByRole("button", { name: "Propose it" }).click();
  await expect(page.getByRole("heading", { name: "sooner", level: 1 })).toBeVisible();
  await expect(page.getByText("You proposed it, so another administrator must approve it.")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Approve/ })).toHaveCount(0);
  await page.getByRole("button", { name: "Run the backtest" }).click();
  await expect(page.getByText(/^Of \d+ decisions/)).toBeVisible();
  await expectAccessible(page, "policy");

  const other = await atTheDesk(browser, server, "admin");
  await other.page.goto(new URL(page.url()).pathname);
  await other.page.getByRole("button", { name: /^Approve/ }).click();
  await expect(other.page.getByText("This proposal has been decided.")).toBeVisible();
  await page.goto("/desk/policies");
  await expect(page.getByRole("row", { name: /sooner/ }).getByText("Live")).toBeVisible();
});

test("what stands on a list is put there with a reason, and taken off by whoever means it", async ({
  page,
  server,
}) => {
  await signInAtTheDesk(page, server, newAddress("analyst"), "analyst");
  await page.goto("/desk/policies");
  await page.getByRole("button", { name: "Add to a list" }).click();
  await page.getByLabel("Which").fill("203.0.113.77");
  await page.getByLabel("Why").fill("It sprays passwords.");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const remove = page.getByRole("button", { name: "Remove 203.0.113.77" });
  await remove.click();
  await expect(page.getByText("is blocked no more")).toBeVisible();
  await expectAccessible(page, "remove-line");
  await page.getByRole("button", { name: "Keep it" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(remove).toBeFocused();
  await remove.click();
  await page.getByRole("button", { name: "Take it off" }).click();
  await expect(page.getByText("203.0.113.77 is on no list any more")).toBeVisible();
  await expect(remove).toHaveCount(0);
});

test("an administrator finds people, and gives a program its secret once", async ({
  page,
  request,
  server,
}) => {
  const address = newAddress("found");
  await join(request, address);
  await signInAtTheDesk(page, server, newAddress("admin"), "admin");
  await page.getByRole("link", { name: "Administration" }).first().click();
  await page.getByLabel("Name or address").fill(address);
  await expect(page.getByRole("row", { name: new RegExp(address) }).getByText("Customer")).toBeVisible();
  await page.getByText("Webhooks", { exact: true }).click();
  await page.getByRole("button", { name: "Add a webhook" }).click();
  await page.getByLabel("Address", { exact: true }).fill("https://example.com/hooks");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByText(/^whsec_/)).toBeVisible();
  await page.getByRole("button", { name: "I kept it" }).click();
  await expect(page.getByRole("row", { name: /example\.com\/hooks/ })).toBeVisible();
  await page.getByRole("button", { name: "Delete" }).click();
  const asked = page.getByRole("dialog", { name: "Delete the webhook" });
  await asked.getByRole("button", { name: "Keep it" }).click();
  await expect(asked).toBeHidden();
  await expect(page.getByRole("row", { name: /example\.com\/hooks/ })).toBeVisible();
  await page.getByRole("button", { name: "Delete" }).click();
  await asked.getByRole("button", { name: "Delete it" }).click();
  await expect(page.getByText("No program is told")).toBeVisible();
});
