// The API's defences in words.

import type { Schemas } from "../../api/client";
import { capital } from "../risk/words";

export type ApiSecurityView = Schemas["ApiSecurity"];
export type Endpoint = Schemas["EndpointView"];

/** A code such as `token.expired`. */
export function codeName(code: string): string {
  return capital(code.replaceAll(/[._]/g, " "));
}

const SCOPES: Record<string, string> = {
  address: "of an address",
  account: "of a person",
  global: "of everybody together",
};

export function scopeName(scope: string): string {
  return SCOPES[scope] ?? scope;
}

/** In the order of a bar's parts. */
export const SERIES = [
  { name: "rate_limited", label: "Rate limited", color: "var(--step-up)" },
  { name: "failed_authentications", label: "Failed authentication", color: "var(--allow)" },
  { name: "invalid_tokens", label: "Invalid token", color: "var(--block)" },
] as const;

/** Bars of the hours; one in which this instance did not count yet is a gap. */
export function hourSlots(hours: ApiSecurityView["hours"]) {
  return hours.map((hour) => {
    const values = SERIES.map(({ name }) => hour[name] ?? null);
    return { from: hour.at, values: values.includes(null) ? null : values.map(Number) };
  });
}

/** Of the hours that were measured. */
export function total(hours: ApiSecurityView["hours"], name: (typeof SERIES)[number]["name"]): number {
  return hours.reduce((sum, hour) => sum + (hour[name] ?? 0), 0);
}

/** Endpoints with the most refusals and failures first; those that nobody called last. */
export function worstFirst(endpoints: readonly Endpoint[]): Endpoint[] {
  const rank = ({ failed, refused, served }: Endpoint) => [failed, refused, served] as const;
  return [...endpoints].sort((one, other) => {
    const [left, right] = [rank(one), rank(other)];
    const at = left.findIndex((value, index) => value !== right[index]);
    return at === -1 ? one.path.localeCompare(other.path) : (right[at] ?? 0) - (left[at] ?? 0);
  });
}
