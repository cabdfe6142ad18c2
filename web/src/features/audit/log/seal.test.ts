import { expect, test } from "vitest";
import { sealOf } from "./Seal";

const NOW = Date.parse("2026-05-01T12:00:00Z");
const at = "2026-05-01T11:55:00Z";
const idle = { running: false, checked: 0, of: 0 };

test("the seal says nothing that was not verified", () => {
  expect(sealOf({ ...idle, last: null }, NOW)).toMatchObject({ state: "unknown", title: "Not verified yet" });
  expect(sealOf({ ...idle, running: true, last: null }, NOW).state).toBe("unknown");
});

test("the seal says what was found, and when", () => {
  const whole = { at, valid: true, entries: 1234, problems: 0 };
  expect(sealOf({ ...idle, last: whole }, NOW)).toMatchObject({
    title: "Chain intact",
    about: "Verified 5 minutes ago",
  });
  const broken = { ...whole, valid: false, problems: 2 };
  expect(sealOf({ ...idle, last: broken }, NOW)).toMatchObject({
    state: "broken",
    about: "2 problems, 5 minutes ago",
  });
});
