// How amounts and times are written.

import { expect, test } from "vitest";
import {
  change,
  level,
  money,
  percentChange,
  price,
  quantity,
  quantityShortly,
  relative,
  share,
} from "./format";

test("money is written from its digits, whatever its size", () => {
  expect(money("1234.5")).toBe("$1,234.50");
  expect(money("-3")).toBe("\u2212$3.00");
  expect(money("9007199254740993.01")).toBe("$9,007,199,254,740,993.01");
  expect(change("978.15")).toBe("+$978.15");
  expect(change("0.00")).toBe("$0.00");
});

test("prices keep their decimals, quantities have no more than they need", () => {
  expect(price("62.5")).toBe("$62.50");
  expect(price("0.0312")).toBe("$0.0312");
  expect(level("4123.4")).toBe("4,123.40");
  expect(quantity("1.500000000")).toBe("1.5");
  expect(quantityShortly("15.562851775", 2)).toBe("15.56");
  expect(quantityShortly("0.000412", 2)).toBe("0.00041");
  expect(quantityShortly("1523", 2)).toBe("1,523");
});

test("shares of a whole and changes", () => {
  expect(share(3470)).toBe("34.7%");
  expect(percentChange("0.0043")).toBe("+0.43%");
  expect(percentChange("-0.0148")).toBe("\u22121.48%");
});

test("times are told from now", () => {
  const now = Date.parse("2026-11-21T12:00:00Z");
  expect(relative("2026-11-21T11:59:50Z", now)).toBe("just now");
  expect(relative("2026-11-21T11:55:00Z", now)).toBe("5 minutes ago");
  expect(relative("2026-11-20T11:00:00Z", now)).toBe("yesterday");
  expect(relative("2025-01-01T12:00:00Z", now)).toBe("Jan 1, 2025");
});
