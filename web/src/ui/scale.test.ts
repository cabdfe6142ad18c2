import { expect, test } from "vitest";
import { steps } from "./scale";

test("steps are round, begin at nothing and reach the highest", () => {
  expect(steps(0)).toEqual([0, 1]);
  expect(steps(1)).toEqual([0, 1]);
  expect(steps(3)).toEqual([0, 1, 2, 3]);
  expect(steps(7)).toEqual([0, 2, 4, 6, 8]);
  expect(steps(323)).toEqual([0, 100, 200, 300, 400]);
  expect(steps(10_671)).toEqual([0, 5_000, 10_000, 15_000]);
});

test("whatever the highest, there are few steps, and none is a fraction", () => {
  for (let most = 0; most < 5_000; most += 7) {
    const found = steps(most);
    expect(found.length).toBeLessThanOrEqual(6);
    expect(found.at(-1)).toBeGreaterThanOrEqual(most);
    expect(found.every(Number.isInteger)).toBe(true);
  }
});
