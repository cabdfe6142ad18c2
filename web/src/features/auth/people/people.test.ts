import { expect, test } from "vitest";
import { distinct, portions } from "./people";

test("the same people are the same question, whatever their order", () => {
  expect(distinct(["b", null, "a", undefined, "b"])).toEqual(["a", "b"]);
});

test("portions hold everything once", () => {
  expect(portions([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(portions([], 2)).toEqual([]);
});
