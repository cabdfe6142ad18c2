// An order as it is being written: what the person has typed, and the request it makes.

import type { Schemas } from "../../api/client";
import { compare, decimal, ZERO } from "../../ui/decimal";
import { money, price, quantity } from "../../ui/format";

export type Side = "buy" | "sell";
export type SizeIn = "shares" | "cash";
export type OrderType = "market" | "limit" | "stop" | "stop_limit";
export type TimeInForce = "day" | "gtc" | "ioc" | "fok";

export interface Draft {
  symbol: string;
  side: Side;
  type: OrderType;
  sizeIn: SizeIn;
  size: string;
  limit: string;
  stop: string;
  timeInForce: TimeInForce;
}

export const TYPES: { value: OrderType; label: string }[] = [
  { value: "market", label: "Market" },
  { value: "limit", label: "Limit" },
  { value: "stop", label: "Stop" },
  { value: "stop_limit", label: "Stop limit" },
];

const TIMES: { value: TimeInForce; label: string; means: string }[] = [
  { value: "day", label: "Today", means: "good for today" },
  { value: "gtc", label: "Until canceled", means: "until canceled" },
  { value: "ioc", label: "Now, or in part", means: "what can be filled at once, the rest is canceled" },
  { value: "fok", label: "Now, all or none", means: "all at once or not at all" },
];

export function hasLimit(type: string): boolean {
  return type === "limit" || type === "stop_limit";
}

export function hasStop(type: string): boolean {
  return type === "stop" || type === "stop_limit";
}

/** How long an order of a type may be good for: a stop has to wait for its price. */
export function timesOf(type: string) {
  return hasStop(type) ? TIMES.slice(0, 2) : TIMES;
}

/** "At $60.00 or better, good for today." */
export function priceInWords(order: {
  type: string;
  side: string;
  time_in_force: string;
  limit_price?: string | null;
  stop_price?: string | null;
}): string {
  const stop = hasStop(order.type)
    ? `Once the price is ${order.side === "buy" ? "up" : "down"} to ${price(order.stop_price ?? "0")}, `
    : "";
  const at = hasLimit(order.type)
    ? `at ${price(order.limit_price ?? "0")} or better`
    : "at the market's price";
  const time = TIMES.find((time) => time.value === order.time_in_force)?.means ?? "";
  const sentence = `${stop}${at}, ${time}.`;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

export type PlaceOrder = Schemas["PlaceOrder"];

export function draftOf(symbol: string, side: Side = "buy"): Draft {
  return {
    symbol,
    side,
    type: "market",
    sizeIn: "shares",
    size: "",
    limit: "",
    stop: "",
    timeInForce: "day",
  };
}

/** The request of a draft, or null while something is missing. */
export function requestOf(draft: Draft): PlaceOrder | null {
  const positive = (text: string) => {
    const value = decimal(text);
    return value !== null && compare(value, ZERO) > 0;
  };
  const [limited, stopped] = [hasLimit(draft.type), hasStop(draft.type)];
  if (!positive(draft.size)) return null;
  if ((limited && !positive(draft.limit)) || (stopped && !positive(draft.stop))) return null;
  const inCash = draft.sizeIn === "cash" && canBeInCash(draft.type);
  return {
    symbol: draft.symbol,
    side: draft.side,
    type: draft.type,
    time_in_force: draft.timeInForce,
    ...(inCash ? { notional: draft.size } : { qty: draft.size }),
    ...(limited ? { limit_price: draft.limit } : {}),
    ...(stopped ? { stop_price: draft.stop } : {}),
  };
}

/** Only a market order may be sized in cash. */
export function canBeInCash(type: string): boolean {
  return type === "market";
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
