// Everybody's entries in words: what the desk sees besides what people see of themselves.

import type { Schemas } from "../../../api/client";
import { capital } from "../../risk/words";
import { inWords, kindName as ownKindName } from "../words";

export type Entry = Schemas["EntryView"];

const WORDS: Record<string, string> = {
  "access.refused": "Somebody was turned away from what they may not do",
  "account.confirmation_refused": "A confirmation of sign-ins was refused",
  "account.confirmation_required": "Sign-ins must be confirmed by mail",
  "account.not_me_refused": "A \u201cthis wasn\u2019t me\u201d was refused",
  "account.restoration_requested": "Restoration of an account asked for",
  "account.restored": "Account given back to its owner",
  "account.restricted": "Account restricted",
  "api_key.created": "API key made",
  "api_key.refused": "API key refused",
  "api_key.revoked": "API key ended",
  "audit.exported": "Audit log exported",
  "audit.followed": "Live feed followed",
  "audit.proved": "An entry was proved to staff",
  "audit.read": "Audit log searched",
  "audit.reanchored": "A restored log was anchored anew",
  "audit.verified": "Audit log verified",
  "backup.made": "Backup made",
  "backup_codes.refused": "New backup codes refused",
  "deposit.requested": "Deposit asked for",
  "device.distrusted": "Device no longer trusted",
  "email.change_refused": "Change of address refused",
  "incident.assigned": "Incident assigned",
  "incident.escalated": "Incident became more severe",
  "incident.noted": "Note on an incident",
  "incident.opened": "Incident opened by rule",
  "incident.read": "Incident looked at",
  "incident.resolved": "Incident resolved",
  "keys.rotated": "Keys renewed",
  "mail_link.mailed": "Link mailed",
  "mail_link.requested": "Link asked for",
  "mail_link.withheld": "Link not mailed, too many were",
  "oidc.link_refused": "Linking a sign-in refused",
  "oidc.recognised": "Recognised by a linked sign-in",
  "oidc.refused": "Linked sign-in refused",
  "passkey.not_added": "Passkey not added",
  "password.change_refused": "Change of password refused",
  "payee.added": "Payee added",
  "payee.removed": "Payee removed",
  "person.erased": "Person erased",
  "portfolio.imported": "Portfolio imported",
  "portfolio.lot_method_chosen": "Method of lots chosen",
  "price_alert.created": "Price alert made",
  "price_alert.deleted": "Price alert deleted",
  "price_alert.fired": "Price alert told",
  "profile.duplicate_identity": "The same identity data as another account\u2019s",
  "registration.address_taken": "Registration with an address that is taken",
  "registration.confirmation_refused": "Confirmation of a registration refused",
  "registration.requested": "Registration asked for",
  "review.approval_given": "Held transaction approved, another approval needed",
  "review.approved": "Held transaction approved",
  "review.expired": "Held transaction released, nobody decided in time",
  "review.own_refused": "Decision on one\u2019s own case refused",
  "review.read": "Held transaction looked at",
  "review.rejected": "Held transaction rejected",
  "risk.decision_read": "Evidence of a decision read",
  "risk.line_added": "Line added to a list",
  "risk.line_removed": "Line removed from a list",
  "risk.policy_approved": "Policy approved; it decides now",
  "risk.policy_proposed": "Policy proposed",
  "risk.policy_refused": "Decision on a policy refused",
  "risk.policy_rejected": "Policy rejected",
  "risk.shadow_set": "Shadow policy set",
  "second_factor.disable_refused": "Turning a second factor off refused",
  "session.refresh_refused": "Renewal of a session refused",
  "setup.link_made": "Link for the first administrator made",
  "setup.refused": "Link for the first administrator refused",
  "sign_in.refused": "Sign-in refused as too risky",
  "vault.tampered": "A sealed field was changed behind the program\u2019s back",
  "watchlist.changed": "Watchlist changed",
  "watchlist.created": "Watchlist made",
  "watchlist.deleted": "Watchlist deleted",
  "webhook.created": "Webhook made",
  "webhook.deleted": "Webhook deleted",
  "webhook.disabled": "Webhook switched off",
  "webhook.tested": "Webhook tried",
  "withdrawal.canceled": "Withdrawal canceled",
  "withdrawal.failed": "Withdrawal came back from the bank",
  "withdrawal.held": "Withdrawal held for review",
  "withdrawal.requested": "Withdrawal asked for",
  "withdrawal.settled": "Withdrawal paid out",
};

/** A kind of entry in a few words. */
export function kindName(kind: string): string {
  return WORDS[kind] ?? ownKindName(kind);
}

/** An entry in a few words. */
export function said(entry: Entry): string {
  return WORDS[entry.kind] ?? inWords(entry);
}

const REASONS: Record<string, string> = {
  unknown_account: "Nobody has this address",
  wrong_password: "The password was wrong",
  account_closed: "The account is closed, or waits for a new password",
  locked: "Too many failures before it",
  password_replaced: "The password was changed meanwhile",
  unknown_passkey: "The passkey is not known here",
  wrong_passkey: "The passkey did not prove itself",
  wrong_second_factor: "The second factor was wrong, after a right password",
};

/** Why something failed or was refused, where the entry says so. */
export function reasonOf({ details }: Entry): string | null {
  const reason = (details as { reason?: unknown } | null | undefined)?.reason;
  if (typeof reason !== "string") return null;
  return REASONS[reason] ?? capital(reason.replaceAll("_", " "));
}

/** The id behind `user:<id>`, if a person acted. */
export function actorId({ actor }: Entry): string | undefined {
  return actor?.startsWith("user:") ? actor.slice("user:".length) : undefined;
}

/** Who acted, when it was no person whose name must be found. */
export function actorName(entry: Entry, nameOf: (id: string) => string): string {
  const id = actorId(entry);
  if (id !== undefined) return nameOf(id);
  const { actor } = entry;
  if (!actor) return entry.erased ? "erased" : "\u2014";
  if (actor === "stranger") return "Not signed in";
  if (actor.startsWith("program:")) return `The program: ${actor.slice("program:".length)}`;
  return capital(actor);
}

/** Families of kinds, to narrow a search down. */
export const FAMILIES = [
  { value: "sign_in.*", label: "Sign-ins" },
  { value: "account.*", label: "Locks and restrictions" },
  { value: "session.*", label: "Sessions" },
  { value: "device.*", label: "Devices" },
  { value: "step_up.*", label: "Confirmations" },
  { value: "order.*", label: "Orders" },
  { value: "withdrawal.*", label: "Withdrawals" },
  { value: "review.*", label: "Reviews" },
  { value: "incident.*", label: "Incidents" },
  { value: "risk.*", label: "Risk: decisions read, policies, lists" },
  { value: "audit.*", label: "Who read the log" },
  { value: "access.*", label: "Who was turned away" },
];

const FINDINGS: Record<string, string> = {
  altered_entry: "An entry was altered",
  missing_entry: "An entry is missing",
  truncated_tail: "The end of the log is gone",
  reordered_or_doubled: "Entries are out of order or doubled",
  rewritten_history: "The past was rewritten",
  fork: "Two different pasts were signed",
  bad_signature: "A signature is not by the log\u2019s key",
};

/** A kind of damage in words. */
export function findingName(kind: string): string {
  return FINDINGS[kind] ?? capital(kind.replaceAll("_", " "));
}
