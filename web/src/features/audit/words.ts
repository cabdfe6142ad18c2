// What the entries of one's own record say, in words.

import type { Schemas } from "../../api/client";
import { money, price, quantity } from "../../ui/format";

type Entry = Schemas["EntryView"];
type Details = Record<string, unknown>;

const WORDS: Record<string, string | ((details: Details) => string)> = {
  "user.registered": "Account opened",
  "sign_in.succeeded": (details) =>
    device(details).status === "new" ? "Signed in from a new device" : "Signed in",
  "sign_in.challenged": "Password right, second factor asked",
  "sign_in.failed": "Sign-in failed",
  "session.refreshed": "Session renewed",
  "session.revoked": "Session ended",
  "session.reuse_detected": "A used-up token came back; the session was ended",
  "session.stolen": "A session turned up on another device and was ended",
  "account.locked": "Sign-in locked after failures",
  "account.unlocked": "Sign-in unlocked",
  "account.not_me_reported": "\u201cThis wasn\u2019t me\u201d reported",
  "device.added": "New device",
  "device.changed": "A device changed",
  "device.compromised": "A device was marked as compromised",
  "device.trusted": "Device trusted",
  "device.renamed": "Device renamed",
  "device.revoked": "Device removed",
  "device.expired": "Device forgotten, unused for long",
  "second_factor.enabled": "Second factor turned on",
  "second_factor.disabled": "Second factor turned off",
  "second_factor.pending": "Second factor begun",
  "second_factor.failed": "A wrong code for a second factor",
  "password.confirmed": "Password confirmed",
  "password.not_confirmed": "Password not confirmed",
  "passkey.cloned": "A copied passkey was refused",
  "step_up.asked": "Confirmation asked",
  "oidc.link_requested": "Linked sign-in begun",
  "oidc.linked": "Another sign-in linked",
  "oidc.unlinked": "Linked sign-in taken away",
  "notifications.chosen": "Choice of mails changed",
  "person.erasure_refused": "Erasure refused, the account is not empty",
  "backup_codes.created": "Backup codes made",
  "backup_code.used": (details) =>
    `Backup code used${typeof details.left === "number" ? `, ${details.left} left` : ""}`,
  "passkey.added": "Passkey added",
  "passkey.removed": "Passkey removed",
  "passkey.renamed": "Passkey renamed",
  "password.changed": (details) => (details.how === "reset" ? "Password reset" : "Password changed"),
  "password.rehashed": "Password stored anew",
  "password.reset_requested": "Password reset asked for",
  "email.change_requested": "Change of address asked for",
  "email.changed": "Address changed",
  "step_up.passed": "Confirmed with a second factor",
  "step_up.failed": "Confirmation failed",
  "profile.changed": "Profile changed",
  "profile.revealed": "Identity data shown",
  "profile.exported": "Data exported",
  "signing_key.created": "Signing key made",
  "signing_key.revoked": "Signing key ended",
  "signature.refused": "A badly signed request was refused",
  "request.refused": "A request was refused",
  "request.replayed": "A request was repeated; nothing happened twice",
  "deposit.settled": (details) => `Cash added: ${money(String(details.amount ?? "0"))}`,
  "order.accepted": (details) => `${placed(details)}, order placed`,
  "order.held_for_review": (details) => `${placed(details)}, held for review`,
  "order.partially_filled": (details) => `${placed(details)}, filled in part`,
  "order.filled": (details) => placed(details),
  "order.triggered": (details) => `${placed(details)}, stop price reached`,
  "order.canceled": (details) => `${placed(details)}, canceled`,
  "order.expired": (details) => `${placed(details)}, expired`,
  "order.replaced": (details) => `${placed(details)}, replaced by another order`,
  "order.rejected": (details) => `${placed(details)}, stopped`,
};

/** An entry in a few words. Kinds that are not known here are shown as they are. */
export function inWords(entry: Entry): string {
  const words = WORDS[entry.kind];
  if (words === undefined) return capital(entry.kind.replaceAll(/[._]/g, " "));
  return typeof words === "string" ? words : words((entry.details ?? {}) as Details);
}

/** A kind of entry, where no more is known of it. */
export function kindName(kind: string): string {
  const words = WORDS[kind];
  return typeof words === "string" ? words : capital(kind.replaceAll(/[._]/g, " "));
}

function placed(details: Details): string {
  const side = details.side === "sell" ? "Sell" : "Buy";
  const filled = details.fill as { qty?: string; price?: string } | undefined;
  const shares = details.qty ?? filled?.qty;
  const size = shares
    ? `${quantity(String(shares))} `
    : details.notional
      ? `${money(String(details.notional))} of `
      : "";
  const at = filled?.price ? ` at ${price(filled.price)}` : "";
  return `${side} ${size}${String(details.symbol ?? "")}${at}`;
}

function device(details: Details): { status?: string } {
  return (details.device ?? {}) as { status?: string };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Kinds that matter to whoever looks after their account. */
const SECURITY =
  /^(sign_in|account|device|second_factor|backup_code|backup_codes|passkey|password|email|step_up|oidc|session\.(revoked|reuse_detected|stolen)|profile|person|signing_key|signature)/;

export function isAboutSecurity(kind: string): boolean {
  return SECURITY.test(kind) && kind !== "password.rehashed";
}
