import { expect, test } from "vitest";
import { deviceOf, placeOf } from "./from";

test("a place is said as far as it is known", () => {
  expect(placeOf({ country: "NO", region: "Oslo" })).toBe("Oslo, Norway");
  expect(placeOf({ country: "NO" })).toBe("Norway");
  expect(placeOf({ country: "not a code" })).toBe("not a code");
  expect(placeOf({})).toBe("Unknown place");
  expect(placeOf({ country: "NO", anonymiser: true })).toBe("Hides where it is");
});

test("a device is said as far as it is known", () => {
  expect(deviceOf({ browser: "Firefox", system: "Linux" })).toBe("Firefox on Linux");
  expect(deviceOf({ system: "Linux" })).toBe("Linux");
  expect(deviceOf({})).toBe("Unknown program");
});
