// Policies and what they would change, in words.

import type { Schemas } from "../../../api/client";
import { count } from "../../../ui/format";
import { actionName } from "../words";

export type Proposal = Schemas["ProposalView"];
export type Backtested = Schemas["Backtested"];

const STATES: Record<string, { label: string; color: string }> = {
  proposed: { label: "Waits for approval", color: "yellow" },
  live: { label: "Live", color: "teal" },
  replaced: { label: "Replaced", color: "gray" },
  rejected: { label: "Rejected", color: "gray" },
};

export function stateOf(status: string): { label: string; color: string } {
  return STATES[status] ?? { label: status, color: "gray" };
}

/** The first letters of a hash, enough to tell policies apart. */
export function short(hash: string): string {
  return hash.slice(0, 12);
}

export function kindName(kind: string): string {
  return kind === "sign_in" ? "Sign-in" : "Transaction";
}

/** "Sign-in: Allowed \u2192 Second factor asked" */
export function changeName({ kind, was, would_be }: Backtested["changes"][number]): string {
  return `${kindName(kind)}: ${actionName(was).toLowerCase()} \u2192 ${actionName(would_be).toLowerCase()}`;
}

/** What a backtest found, in a sentence. */
export function summary({ events, changed, stricter, milder }: Backtested): string {
  if (events === 0) return "There was nothing to decide anew in that time.";
  if (changed === 0) return `Of ${count(events)} decisions, none would have been another.`;
  return `Of ${count(events)} decisions, ${count(changed)} would have been others: ${count(stricter)} stricter, ${count(milder)} milder.`;
}

/** "3 of 4" */
export function ofAll(some: number, all: number): string {
  return `${count(some)} of ${count(all)}`;
}

/** Who may do what with a proposal: nobody approves what they proposed. */
export function mayDecide(proposal: Proposal, me: { id: string; role: string }) {
  const isOpen = proposal.status === "proposed" && me.role === "admin";
  return { approve: isOpen && proposal.proposed_by !== me.id, reject: isOpen };
}
