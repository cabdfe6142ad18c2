import { expect, test } from "vitest";
import { type Account, lockName, reasonOf, restoring } from "./words";

const account: Account = {
  account: { id: "ana", email: "ana@example.com", name: null },
  states: ["restricted"],
  restricted_at: "2026-11-21T20:00:00Z",
  restricted_why: "indicators",
  indicators: [],
  locks: [],
  restoration: null,
};

test("a restoration needs two people: whoever asked cannot finish it", () => {
  const me = { id: "una" };
  expect(restoring(account, me)).toBe("ask");
  const asked = (id: string) => ({
    ...account,
    restoration: {
      asked_by: { id, email: null, name: null },
      identity_check: "Rang them.",
      asked_at: "2026-11-21T20:00:00Z",
      expires_at: "2026-11-22T20:00:00Z",
    },
  });
  expect(restoring(asked("una"), me)).toBe("another");
  expect(restoring(asked("ben"), me)).toBe("finish");
});

test("evidence is told in words", () => {
  const lock = { authenticator: "password", failures: 5, strangers: true, locked_until: null };
  expect(lockName(lock)).toBe("Password: 5 failures on devices not known");
  expect(lockName({ ...lock, authenticator: "retina_scan", failures: 1, strangers: false })).toBe(
    "Retina scan: 1 failure on a device of theirs",
  );
  expect(reasonOf(account)).toBe("By rule: two signs of a stranger within 24 hours");
  expect(reasonOf({ ...account, restricted_why: "Asked by phone." })).toBe("The desk: Asked by phone.");
});
