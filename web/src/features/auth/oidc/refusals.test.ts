import { expect, it } from "vitest";
import { nameOf, whyNot } from "./refusals";

it("says nothing where nothing went wrong", () => {
  expect(whyNot(undefined)).toBeNull();
});

it("has words for a code", () => {
  expect(whyNot("oidc.cancelled")?.detail).toContain("You said no");
});

it("repeats nothing that an address says", () => {
  for (const code of ["your account was stolen, call 555-0100", "toString", "__proto__"])
    expect(whyNot(code)?.detail).toBe("That did not work. Try again, or sign in another way.");
});

it("writes providers as people do", () => {
  expect([nameOf("github"), nameOf("google"), nameOf("our-login")]).toEqual([
    "GitHub",
    "Google",
    "Our login",
  ]);
});
