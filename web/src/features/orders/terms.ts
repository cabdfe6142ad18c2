// An order as it is being written: what the person has typed, and the request it makes.

import type { Schemas } from "../../api/client";
import { compare, decimal, ZERO } from "../../ui/decimal";
import { money, quantity } from "../../ui/format";

export type Side = "buy" | "sell";
export type SizeIn = "shares" | "cash";

export interface Draft {
  symbol: string;
  side: Side;
  type: "market" | "limit";
  sizeIn: SizeIn;
  size: string;
  limit: string;
  timeInForce: "day" | "gtc";
}

export type PlaceOrder = Schemas["PlaceOrder"];

export function draftOf(symbol: string, side: Side = "buy"): Draft {
  return { symbol, side, type: "market", sizeIn: "shares", size: "", limit: "", timeInForce: "day" };
}

/** The request of a draft, or null while something is missing. */
export function requestOf(draft: Draft): PlaceOrder | null {
  const positive = (text: string) => {
    const value = decimal(text);
    return value !== null && compare(value, ZERO) > 0;
  };
  const limited = draft.type === "limit";
  if (!positive(draft.size) || (limited && !positive(draft.limit))) return null;
  // Only a market order may be sized in cash.
  const inCash = draft.sizeIn === "cash" && !limited;
  return {
    symbol: draft.symbol,
    side: draft.side,
    type: draft.type,
    time_in_force: draft.timeInForce,
    ...(inCash ? { notional: draft.size } : { qty: draft.size }),
    ...(limited ? { limit_price: draft.limit } : {}),
  };
}

/** "Buy 25 KO", "Sell $500.00 of KO" */
export function inWords(order: {
  side: string;
  qty?: string | null;
  notional?: string | null;
  symbol: string;
}): string {
  const verb = order.side === "buy" ? "Buy" : "Sell";
  if (order.qty) return `${verb} ${quantity(order.qty)} ${order.symbol}`;
  if (order.notional) return `${verb} ${money(order.notional)} of ${order.symbol}`;
  return `${verb} ${order.symbol}`;
}
