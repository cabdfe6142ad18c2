// What a ticket's draft asks for.

import { expect, test } from "vitest";
import { draftOf, inWords, priceInWords, requestOf, timesOf } from "./terms";

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

test("a stop needs its price, and time to wait for it", () => {
  const stop = { ...draftOf("KO"), type: "stop" as const, size: "2" };
  expect(requestOf(stop)).toBeNull();
  const asked = { symbol: "KO", side: "buy", type: "stop", time_in_force: "day", qty: "2", stop_price: "70" };
  expect(requestOf({ ...stop, stop: "70", limit: "71" })).toEqual(asked);
  expect(requestOf({ ...stop, type: "stop_limit", stop: "70" })).toBeNull();
  expect(requestOf({ ...stop, type: "stop_limit", stop: "70", limit: "71" })).toEqual({
    ...asked,
    type: "stop_limit",
    limit_price: "71",
  });
  expect(timesOf("stop").map((time) => time.value)).toEqual(["day", "gtc"]);
  expect(timesOf("market")).toHaveLength(4);
});

test("an order's price is told in a sentence", () => {
  const order = { side: "sell", time_in_force: "gtc", limit_price: "69.50", stop_price: "70" };
  expect(priceInWords({ ...order, type: "stop_limit" })).toBe(
    "Once the price is down to $70.00, at $69.50 or better, until canceled.",
  );
  expect(priceInWords({ ...order, type: "market", time_in_force: "fok" })).toBe(
    "At the market's price, all at once or not at all.",
  );
});
