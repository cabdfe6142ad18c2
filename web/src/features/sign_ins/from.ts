// Where a sign-in came from, in words.

import type { Schemas } from "../../api/client";

export type From = Schemas["SignInFrom"];

const countries = new Intl.DisplayNames("en", { type: "region" });

/** "Oslo, Norway"; what is not known is said so. */
export function placeOf(from: From): string {
  if (from.anonymiser === true) return "Hides where it is";
  const country = from.country ? countryName(from.country) : undefined;
  const known = [from.region, country].filter(Boolean);
  return known.length > 0 ? known.join(", ") : "Unknown place";
}

/** "Firefox on Linux" */
export function deviceOf({ browser, system }: From): string {
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? system ?? "Unknown program";
}

function countryName(code: string): string {
  try {
    return countries.of(code) ?? code;
  } catch {
    return code;
  }
}
