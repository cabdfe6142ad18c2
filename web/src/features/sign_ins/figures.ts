// What the figures of sign-ins say beside the numbers.

import type { Schemas } from "../../api/client";

export type Figures = Schemas["SignInFigures"];
type Counts = Schemas["SignInCounts"];

/** Everybody who tried. Who was asked for more and then came in tried once. */
export function attempts({ allowed, stepped_up, blocked }: Counts): number {
  return allowed + stepped_up + blocked;
}

/** "4% above usual", "3.2x usual", "as usual"; nothing while nothing is usual. */
export function besideUsual(now: number, usual: number | undefined): string | undefined {
  if (usual === undefined || usual === 0) return undefined;
  const ratio = now / usual;
  if (ratio >= 2) return `${ratio.toFixed(1)}x usual`;
  const percent = Math.round(Math.abs(ratio - 1) * 100);
  if (percent === 0) return "as usual";
  return `${percent}% ${ratio > 1 ? "above" : "below"} usual`;
}

/** Twice the usual is a reason to look, once there is enough to tell. */
export function isUnusual(now: number, usual: number | undefined): boolean {
  return usual !== undefined && now >= 10 && now >= 2 * Math.max(usual, 1);
}

/** The share of those asked for more who then came in: "91.4%". */
export function passedShare({ passed, stepped_up }: Counts): string {
  if (stepped_up === 0) return "\u2014";
  return `${((passed / stepped_up) * 100).toFixed(1)}%`;
}

/** In the order of a bar's parts. */
export const OUTCOMES = [
  { name: "allowed", label: "Allowed", color: "var(--allow)" },
  { name: "stepped_up", label: "Step-up", color: "var(--step-up)" },
  { name: "blocked", label: "Blocked", color: "var(--block)" },
] as const;
