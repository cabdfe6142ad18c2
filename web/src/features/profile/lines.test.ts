import { describe, expect, it } from "vitest";
import { linesOf, type ProfileData, presentFields } from "./lines";

const profile: ProfileData = {
  ssn: "XXX-XX-4399",
  birth_date: "1990-XX-XX",
  address: { line1: "X", city: "Springfield", region: "IL", postal_code: "627XX", country: "US" },
};

describe("identity data", () => {
  it("has the lines that were given, masked", () => {
    expect(presentFields(profile)).toEqual(["ssn", "birth_date", "address"]);
    expect(linesOf(profile, undefined).map(({ text }) => text)).toEqual([
      "XXX-XX-4399",
      "1990-XX-XX",
      "X, Springfield, IL 627XX, US",
    ]);
  });

  it("shows in clear what was revealed, and nothing else", () => {
    const lines = linesOf(profile, { ssn: "536-90-4399" });
    expect(lines.map(({ text }) => text)).toEqual([
      "536-90-4399",
      "1990-XX-XX",
      "X, Springfield, IL 627XX, US",
    ]);
  });
});
