import { expect, test } from "vitest";
import { factName, factValue } from "./facts";

const RATIO = "the amount over what is usual for this person, in thousandths";

test("a ratio is written as itself, and its label does not speak of thousandths", () => {
  expect(factName(RATIO)).toBe("the amount over what is usual for this person");
  expect(factValue(RATIO, 111883)).toBe("111.883");
  expect(factValue(RATIO, 2000)).toBe("2");
});

test("other facts are written as they are", () => {
  expect(factName("failures in ten minutes")).toBe("failures in ten minutes");
  expect(factValue("failures in ten minutes", 1200)).toBe("1,200");
  expect(factValue("whether the hour was seen", true)).toBe("Yes");
  expect(factValue("where", "Oslo, NO")).toBe("Oslo, NO");
});
