import { expect, test } from "vitest";
import { matching } from "./find";

const places = [{ label: "Audit log" }, { label: "API security" }, { label: "Security and passkeys" }];
const found = (typed: string) => matching(places, typed).map(({ label }) => label);

test("words are found by their beginnings, in any order", () => {
  expect(found("sec")).toEqual(["API security", "Security and passkeys"]);
  expect(found("log aud")).toEqual(["Audit log"]);
  expect(found("udit")).toEqual([]);
  expect(found("  ")).toEqual([]);
});
