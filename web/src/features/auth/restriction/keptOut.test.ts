import { expect, test } from "vitest";
import { keptOut } from "./keptOut";
import type { Account } from "./words";

const account = (states: Account["states"]): Account => ({
  account: { id: "01900000-0000-7000-8000-000000000000", email: "ana@example.test", name: "Ana" },
  states,
  indicators: [],
  locks: [],
});

test("an account in two states is one account", () => {
  const found = keptOut([account(["locked", "restricted"]), account(["locked"])], false);
  expect(found.all).toBe("2");
  expect(found.of).toEqual({ locked: 2, restricted: 1, recovery: 0 });
});

test("what lies beyond the first page is hinted at", () => {
  expect(keptOut([account(["recovery"])], true).all).toBe("1+");
});
