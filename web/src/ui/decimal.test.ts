// Decimal strings as exact numbers.

import { expect, test } from "vitest";
import { add, compare, decimal, exact, multiply, ratio, round, sign, subtract, text } from "./decimal";

test("what is read is written back", () => {
  for (const written of ["0", "1.50", "-0.000001", "123456789012345678901234567890.12"]) {
    expect(text(exact(written))).toBe(written);
  }
  for (const wrong of ["", ".", "1,000", "1e3", "NaN", "--1", "1.2.3", "0x10"])
    expect(decimal(wrong)).toBeNull();
});

test("sums that floats get wrong are right", () => {
  expect(text(add(exact("0.1"), exact("0.2")))).toBe("0.3");
  expect(text(subtract(exact("90071992547409.93"), exact("0.01")))).toBe("90071992547409.92");
  expect(text(round(multiply(exact("62.55"), exact("0.333333333")), 2))).toBe("20.85");
});

test("rounding is half to even, on both sides of zero", () => {
  const cents = (value: string) => text(round(exact(value), 2));
  expect(["0.005", "0.015", "0.025", "-0.005", "-0.015", "0.0051"].map(cents)).toEqual([
    "0.00",
    "0.02",
    "0.02",
    "0.00",
    "-0.02",
    "0.01",
  ]);
  expect(cents("3")).toBe("3.00");
});

test("numbers compare whatever their scale", () => {
  expect(compare(exact("1.0"), exact("1"))).toBe(0);
  expect(compare(exact("-2"), exact("1.99"))).toBeLessThan(0);
  expect(sign(exact("-0.00"))).toBe(0);
  const part = ratio(exact("1"), exact("3"), 6);
  expect(part && text(part)).toBe("0.333333");
  expect(ratio(exact("1"), exact("0.00"), 6)).toBeNull();
});
