// What a ticket's draft asks for.

import { expect, test } from "vitest";
import { draftOf, inWords, requestOf } from "./terms";

test("a draft without a size or a limit asks for nothing", () => {
  expect(requestOf(draftOf("KO"))).toBeNull();
  expect(requestOf({ ...draftOf("KO"), size: "0.00" })).toBeNull();
  expect(requestOf({ ...draftOf("KO"), type: "limit", size: "2" })).toBeNull();
});

test("shares, cash and limits are asked for as they were typed", () => {
  const market = { symbol: "KO", side: "buy", type: "market", time_in_force: "day" };
  expect(requestOf({ ...draftOf("KO"), size: "25" })).toEqual({ ...market, qty: "25" });
  expect(requestOf({ ...draftOf("KO"), sizeIn: "cash", size: "100.50" })).toEqual({
    ...market,
    notional: "100.50",
  });
  const limit = requestOf({
    ...draftOf("KO", "sell"),
    type: "limit",
    sizeIn: "cash",
    size: "2",
    limit: "70.01",
  });
  expect(limit).toEqual({ ...market, side: "sell", type: "limit", qty: "2", limit_price: "70.01" });
});

test("an order's button says what it does", () => {
  expect(inWords({ side: "buy", qty: "25", symbol: "KO" })).toBe("Buy 25 KO");
  expect(inWords({ side: "sell", notional: "500", symbol: "KO" })).toBe("Sell $500.00 of KO");
});
