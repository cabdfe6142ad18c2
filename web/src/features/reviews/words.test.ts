import { expect, test } from "vitest";
import { deciding, hourSlots, levelOf, stateOf, timeLeft, titleOf } from "./words";

const held = { state: "open", approvals: [], approvals_needed: 2, user_id: "ana" } as const;
const at = "2026-11-21T20:00:00Z";

test("nobody decides on their own case, or twice on another's", () => {
  const mine = { ...held, approvals: [...held.approvals] };
  expect(deciding(mine, "una")).toBe("decide");
  expect(deciding(mine, "ana")).toBe("own");
  expect(deciding({ ...mine, approvals: [{ by: "una", at }] }, "una")).toBe("wait");
  expect(deciding({ ...mine, approvals: [{ by: "una", at }] }, "ben")).toBe("decide");
  expect(deciding({ ...mine, state: "approved" }, "una")).toBe("over");
});

test("time left is told in its larger unit", () => {
  const now = Date.parse(at);
  const later = (seconds: number) => new Date(now + seconds * 1000).toISOString();
  expect(timeLeft(later(86_400), now)).toBe("24 hours left");
  expect(timeLeft(later(60), now)).toBe("1 minute left");
  expect(timeLeft(later(30), now)).toBe("less than a minute left");
  expect(timeLeft(later(-60), now)).toBe("time is over");
});

test("each hour is there, and each transaction counts once in its bar", () => {
  const hours = [{ from: at, assessed: 10, high_risk: 3, held: 1 }];
  const slots = hourSlots(at, hours, Date.parse(at) + 2 * 3_600_000);
  expect(slots.map(({ values }) => values)).toEqual([
    [7, 2, 1],
    [0, 0, 0],
    [0, 0, 0],
  ]);
});

test("words", () => {
  expect(levelOf(0.5)).toBe("low");
  expect(levelOf(0.75)).toBe("high");
  expect(levelOf(0.81)).toBe("critical");
  expect(stateOf(null).label).toBe("Let through");
  expect(titleOf({ operation: "order", amount: "4000.00" })).toBe("Order, $4,000.00");
  expect(titleOf({ operation: "payee", amount: null })).toBe("Payee");
});
