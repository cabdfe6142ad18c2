// Where a sign-in may lead.

import { expect, test } from "vitest";
import { safeNext } from "./session";

test("a sign-in leads only to pages of this site", () => {
  expect(safeNext("/orders?tab=open")).toBe("/orders?tab=open");
  for (const bad of [
    undefined,
    "",
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
  ]) {
    expect(safeNext(bad)).toBe("/");
  }
});
