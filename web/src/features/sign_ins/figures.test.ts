import { expect, test } from "vitest";
import { attempts, besideUsual, isUnusual, passedShare } from "./figures";

test("a number is told beside what is usual, and said to be unusual only when there is enough of it", () => {
  expect(besideUsual(104, 100)).toBe("4% above usual");
  expect(besideUsual(96, 100)).toBe("4% below usual");
  expect(besideUsual(320, 100)).toBe("3.2x usual");
  expect(besideUsual(100, 100)).toBe("as usual");
  expect(besideUsual(3, undefined)).toBeUndefined();
  expect(besideUsual(3, 0)).toBeUndefined();
  expect(isUnusual(30, 10)).toBe(true);
  expect(isUnusual(4, 0)).toBe(false);
  expect(isUnusual(400, undefined)).toBe(false);
});

test("who was asked for more and came in tried once", () => {
  const counts = { allowed: 5, stepped_up: 4, passed: 3, blocked: 1 };
  expect(attempts(counts)).toBe(10);
  expect(passedShare(counts)).toBe("75.0%");
  expect(passedShare({ ...counts, stepped_up: 0 })).toBe("\u2014");
});
