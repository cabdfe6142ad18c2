// Where a deposit or a withdrawal stands, in words.

import type { Schemas } from "../../api/client";
import { shortly } from "../../ui/format";

export type Transfer = Schemas["TransferView"];

const STATUSES: Record<string, { label: string; color: string }> = {
  pending_review: { label: "Held for review", color: "yellow" },
  pending: { label: "Under way", color: "brand" },
  settled: { label: "Done", color: "teal" },
  failed: { label: "Sent back", color: "red" },
  canceled: { label: "Canceled", color: "gray" },
  rejected: { label: "Rejected", color: "red" },
  expired: { label: "Expired", color: "gray" },
};

export function statusOf(transfer: Transfer): { label: string; color: string } {
  if (isHeldBack(transfer)) return { label: "Held back", color: "yellow" };
  return STATUSES[transfer.status] ?? { label: transfer.status, color: "gray" };
}

/** Why it waits or went wrong, and what happens next; nothing where all goes its way. */
export function nextStep(transfer: Transfer): string | null {
  const { status, held_until, failure } = transfer;
  if (isHeldBack(transfer) && held_until) {
    return `Your password, address or second factor was changed shortly before. It goes to the bank on ${shortly(held_until)}, unless you cancel it.`;
  }
  if (status === "failed" && failure) {
    return `The bank sent it back: ${failure.replaceAll("_", " ")}. The cash is yours again.`;
  }
  if (status === "rejected") return "Whoever reviewed it said no. The cash is yours again.";
  if (status === "expired") return "Nobody decided in time. The cash is yours again.";
  return null;
}

/** Whether the bank does not have it yet. */
export function isStillMine(transfer: Transfer): boolean {
  return transfer.kind === "withdrawal" && (transfer.status === "pending_review" || isHeldBack(transfer));
}

function isHeldBack({ status, held_until }: Transfer): boolean {
  return status === "pending" && held_until !== null && held_until !== undefined;
}
