import { expect, test } from "vitest";
import { signInsSearch } from "./search";

test("what the address says is kept when it means something", () => {
  const search = { outcome: "blocked", user: "u", score: 50, attempt: "a" };
  expect(signInsSearch(search)).toEqual(search);
  expect(signInsSearch({ outcome: "toString", score: "50", user: 1, more: true })).toEqual({});
  expect(signInsSearch({ score: 101 })).toEqual({});
});
