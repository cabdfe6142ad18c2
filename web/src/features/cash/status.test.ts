import { expect, test } from "vitest";
import { isStillMine, nextStep, statusOf, type Transfer } from "./status";

const transfer = (given: Partial<Transfer>): Transfer => ({
  amount: "100.00",
  created_at: "2026-05-01T10:00:00Z",
  currency: "USD",
  id: "01900000-0000-7000-8000-000000000000",
  kind: "withdrawal",
  simulated: true,
  status: "settled",
  updated_at: "2026-05-01T10:00:00Z",
  ...given,
});

test("a withdrawal can be taken back until the bank has it", () => {
  expect(isStillMine(transfer({ status: "pending_review" }))).toBe(true);
  expect(isStillMine(transfer({ status: "pending", held_until: "2026-05-02T10:00:00Z" }))).toBe(true);
  expect(isStillMine(transfer({ status: "pending" }))).toBe(false);
  expect(isStillMine(transfer({ kind: "deposit", status: "pending" }))).toBe(false);
});

test("what waits or went wrong says why", () => {
  const held = transfer({ status: "pending", held_until: "2026-05-02T10:00:00Z" });
  expect(statusOf(held).label).toBe("Held back");
  expect(nextStep(held)).toContain("changed shortly before");
  expect(nextStep(transfer({ status: "failed", failure: "account_closed" }))).toContain("account closed");
  expect(nextStep(transfer({}))).toBeNull();
});
