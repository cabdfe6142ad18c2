import { expect, test } from "vitest";
import { changeName, mayDecide, type Proposal, short, summary } from "./words";

const proposal: Proposal = {
  id: "p",
  hash: "0123456789abcdef",
  name: "stricter",
  note: "",
  status: "proposed",
  proposed_by: "una",
  proposed_at: "2026-11-21T20:00:00Z",
};

test("nobody approves what they proposed, and only administrators decide", () => {
  expect(mayDecide(proposal, { id: "una", role: "admin" })).toEqual({ approve: false, reject: true });
  expect(mayDecide(proposal, { id: "ben", role: "admin" })).toEqual({ approve: true, reject: true });
  expect(mayDecide(proposal, { id: "ben", role: "auditor" })).toEqual({ approve: false, reject: false });
  const decided = { ...proposal, status: "live" };
  expect(mayDecide(decided, { id: "ben", role: "admin" })).toEqual({ approve: false, reject: false });
});

test("a backtest is told in a sentence", () => {
  const found = { events: 1200, changed: 0, stricter: 0, milder: 0, changes: [], found_out: [], policy: "" };
  expect(summary({ ...found, events: 0 })).toMatch(/nothing to decide/);
  expect(summary(found)).toBe("Of 1,200 decisions, none would have been another.");
  expect(summary({ ...found, changed: 5, stricter: 4, milder: 1 })).toMatch(
    /5 would .* 4 stricter, 1 milder/,
  );
  const change = { kind: "sign_in", was: "allow", would_be: "second_factor", times: 4, examples: [] };
  expect(changeName(change)).toBe("Sign-in: allowed \u2192 second factor asked");
  expect(short(proposal.hash)).toHaveLength(12);
});
