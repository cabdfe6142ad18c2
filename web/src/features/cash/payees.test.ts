import { expect, test } from "vitest";
import { accountWords, type Payee, shortWords, waitOf } from "./payees";

const NOW = Date.parse("2026-05-01T10:00:00Z");

const payee = (usable_from: string | null): Payee => ({
  id: "01900000-0000-7000-8000-000000000000",
  name: "My account",
  bank_account: { routing_number: "021001208", account_number: "XXXXXXXX6789", kind: "savings" },
  created_at: "2026-05-01T09:00:00Z",
  usable_from,
});

test("an account is named by its kind and its last digits", () => {
  expect(accountWords(payee(null).bank_account)).toBe("Savings account ending in 6789");
  expect(shortWords(payee(null))).toBe("My account, ending in 6789");
  const short = { routing_number: "021001208", account_number: "XXXX", kind: "checking" };
  expect(accountWords(short)).toBe("Checking account");
});

test("an account that must wait says until when, and no other does", () => {
  expect(waitOf(payee("2026-05-02T10:00:00Z"), NOW)).toContain("nothing is paid to it before May 2");
  expect(waitOf(payee("2026-05-01T09:30:00Z"), NOW)).toBeNull();
  expect(waitOf(payee(null), NOW)).toBeNull();
});
