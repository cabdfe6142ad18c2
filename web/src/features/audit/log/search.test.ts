import { expect, test } from "vitest";
import { asked, logSearch } from "./search";

test("what the address says is kept when it means something", () => {
  const search = { kind: "order.*", user: "u", from: "2026-11-01", to: "2026-11-21", request: "r" };
  expect(logSearch(search)).toEqual(search);
  expect(logSearch({ kind: "", from: "yesterday", to: "2026-13-01", more: 1 })).toEqual({});
});

test("the last day is asked for to its end", () => {
  const { from, to } = asked({ from: "2026-11-21", to: "2026-11-21" });
  expect(Date.parse(to ?? "") - Date.parse(from ?? "")).toBe(86_400_000);
});
