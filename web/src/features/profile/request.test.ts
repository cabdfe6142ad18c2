import { expect, it } from "vitest";
import { BLANK, requestOf } from "./request";

it("sends only what was typed", () => {
  expect(requestOf(BLANK)).toEqual({});
  expect(requestOf({ ...BLANK, ssn: " 536-90-4399 ", phone: "  " })).toEqual({ ssn: "536-90-4399" });
});

it("sends an address whole, so that the server can say what is missing", () => {
  const { address } = requestOf({ ...BLANK, line1: "1 Main St", country: "us" });
  expect(address).toEqual({
    line1: "1 Main St",
    line2: null,
    city: "",
    region: null,
    postal_code: null,
    country: "US",
  });
});

it("leaves a bank account out unless one was typed", () => {
  expect(requestOf({ ...BLANK, kind: "savings" })).toEqual({});
  expect(requestOf({ ...BLANK, account_number: "12345678" }).bank_account).toMatchObject({
    kind: "checking",
    account_number: "12345678",
  });
});
