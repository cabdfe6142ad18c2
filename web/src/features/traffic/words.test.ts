import { expect, test } from "vitest";
import { codeName, type Endpoint, hourSlots, total, worstFirst } from "./words";

const at = "2026-11-21T20:00:00Z";

test("an hour without numbers is a gap, and an hour without refusals is not", () => {
  const hours = [
    { at, rate_limited: null, failed_authentications: null, invalid_tokens: null },
    { at, rate_limited: 0, failed_authentications: 0, invalid_tokens: 0 },
    { at, rate_limited: 1, failed_authentications: 2, invalid_tokens: 3 },
  ];
  expect(hourSlots(hours).map(({ values }) => values)).toEqual([null, [0, 0, 0], [1, 2, 3]]);
  expect(total(hours, "invalid_tokens")).toBe(3);
});

test("what fails most comes first, what nobody calls last", () => {
  const endpoint = (path: string, failed: number, refused: number, served: number): Endpoint => ({
    path,
    failed,
    refused,
    served,
    method: "GET",
    class: "read",
    rate_limited: 0,
  });
  const sorted = worstFirst([
    endpoint("/d", 0, 0, 0),
    endpoint("/c", 0, 0, 9),
    endpoint("/b", 0, 4, 0),
    endpoint("/a", 1, 0, 0),
    endpoint("/0", 0, 0, 0),
  ]);
  expect(sorted.map(({ path }) => path)).toEqual(["/a", "/b", "/c", "/0", "/d"]);
});

test("codes are readable", () => {
  expect(codeName("token.expired")).toBe("Token expired");
});
