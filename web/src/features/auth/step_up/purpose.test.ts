import { expect, it } from "vitest";
import { purposeOf } from "./purpose";

it("says what a request does", () => {
  expect(purposeOf("POST", "/api/v1/profile/reveal")).toBe("see your identity data in full");
  expect(purposeOf("DELETE", "/api/v1/profile")).toBe("erase your account for good");
  expect(purposeOf("DELETE", "/api/v1/auth/passkeys/018f")).toBe("remove a passkey");
});

it("has a word for what it does not know", () => {
  expect(purposeOf("PUT", "/api/v1/profile")).toBe("do something that only you may do");
});
