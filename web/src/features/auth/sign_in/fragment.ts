// The waiting sign-in in an address's fragment.

import type { Challenge } from "./SecondFactor";

/** Null when there is none. */
export function challengeOf(fragment: string): Challenge | null {
  const words = new URLSearchParams(fragment.replace(/^#/, ""));
  const challenge = words.get("challenge");
  const methods = (words.get("methods") ?? "").split(",").filter(Boolean);
  return challenge && methods.length > 0 ? { challenge, methods } : null;
}
