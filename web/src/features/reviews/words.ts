// Held transactions in words.

import type { Schemas } from "../../api/client";
import { money } from "../../ui/format";
import type { RiskLevel } from "../../ui/Risk";
import { capital } from "../risk/words";

export type Notable = Schemas["Page_NotableView"]["items"][number];
export type Held = Schemas["CaseView"];
export type State = Schemas["HeldState"];

const STATES: Record<State, { label: string; color: string }> = {
  open: { label: "Waits", color: "yellow" },
  approved: { label: "Approved", color: "teal" },
  rejected: { label: "Rejected", color: "red" },
  canceled: { label: "Canceled by its owner", color: "gray" },
  expired: { label: "Expired, given back", color: "gray" },
};

/** Where it stands; what was never held was only shown as high risk. */
export function stateOf(state: State | null | undefined): { label: string; color: string } {
  return state ? STATES[state] : { label: "Let through", color: "gray" };
}

export function operationName(operation: string): string {
  return capital(operation.replaceAll("_", " "));
}

/** "Order, $4,000.00" */
export function titleOf({ operation, amount }: Pick<Notable, "operation" | "amount">): string {
  return amount ? `${operationName(operation)}, ${money(amount)}` : operationName(operation);
}

/** A score of 0 to 1 in a word, by the thresholds that the server uses for its words. */
export function levelOf(score: number): RiskLevel {
  if (score <= 0.5) return "low";
  if (score <= 0.7) return "medium";
  return score <= 0.8 ? "high" : "critical";
}

/** What the next analyst can do about it: nobody approves twice. */
export function deciding(
  held: Pick<Held, "state" | "approvals" | "approvals_needed" | "user_id">,
  me: string,
): "decide" | "wait" | "own" | "over" {
  if (held.state !== "open") return "over";
  if (held.user_id === me) return "own";
  return held.approvals.some(({ by }) => by === me) ? "wait" : "decide";
}

/** "23 hours left", "4 minutes left", "time is over" */
export function timeLeft(expiresAt: string, now: number): string {
  const minutes = Math.floor((Date.parse(expiresAt) - now) / 60_000);
  if (minutes < 0) return "time is over";
  if (minutes < 1) return "less than a minute left";
  const [value, unit] = minutes < 90 ? [minutes, "minute"] : [Math.floor(minutes / 60), "hour"];
  return `${value} ${unit}${value === 1 ? "" : "s"} left`;
}

/** In the order of a bar's parts. */
export const SERIES = [
  { label: "As usual", color: "var(--allow)" },
  { label: "High risk", color: "var(--step-up)" },
  { label: "Held", color: "var(--block)" },
] as const;

type Hour = Schemas["RiskHourView"];

/** Every hour of the day that the figures are about, also those without any transaction. */
export function hourSlots(since: string, hours: readonly Hour[], now: number) {
  const known = new Map(hours.map((hour) => [Date.parse(hour.from), hour]));
  const slots = [];
  for (let at = Date.parse(since); at <= now; at += 3_600_000) {
    const { assessed = 0, high_risk = 0, held = 0 } = known.get(at) ?? {};
    const values = [assessed - Math.max(high_risk, held), Math.max(high_risk - held, 0), held];
    slots.push({ from: new Date(at).toISOString(), values: values.map((value) => Math.max(value, 0)) });
  }
  return slots;
}
