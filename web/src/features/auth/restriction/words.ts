// What keeps somebody out of their account, in words.

import type { Schemas } from "../../../api/client";
import { capital } from "../../risk/words";

export type Account = Schemas["Page_ClosedAccount"]["items"][number];
type Lock = Schemas["LockView"];

const AUTHENTICATORS: Record<string, string> = {
  password: "Password",
  totp: "Authenticator app",
  backup_code: "Backup code",
  mailed_code: "Mailed code",
  passkey: "Passkey",
};

export function authenticatorName(authenticator: string): string {
  return AUTHENTICATORS[authenticator] ?? capital(authenticator.replaceAll("_", " "));
}

const INDICATORS: Record<string, string> = {
  stolen_token: "A session turned up on another device",
  reused_token: "A used-up session token came back",
  copied_device: "A device\u2019s id turned up on another system",
  copied_passkey: "A copied passkey was used",
  not_me: "The owner said that a sign-in was not theirs",
  unproven_session: "Somebody in a session could not prove that it is theirs",
};

export function indicatorName(indicator: string): string {
  return INDICATORS[indicator] ?? capital(indicator.replaceAll("_", " "));
}

/** "Password: 5 failures on devices not known" */
export function lockName({ authenticator, failures, strangers }: Lock): string {
  const where = strangers ? "on devices not known" : "on a device of theirs";
  return `${authenticatorName(authenticator)}: ${failures} ${failures === 1 ? "failure" : "failures"} ${where}`;
}

const STATES: Record<Account["states"][number], { label: string; color: string }> = {
  locked: { label: "Locked", color: "yellow" },
  restricted: { label: "Restricted", color: "red" },
  recovery: { label: "Waits for a new password", color: "gray" },
};

export const stateOf = (state: Account["states"][number]) => STATES[state];

/** Why it was restricted, when somebody wrote that down. */
export function reasonOf({ restricted_why }: Account): string {
  return restricted_why && restricted_why !== "indicators"
    ? `The desk: ${restricted_why}`
    : "By rule: two signs of a stranger within 24 hours";
}

/** What the next person can do about a restriction. */
export function restoring(account: Account, me: { id: string }): "ask" | "finish" | "another" {
  const asked = account.restoration;
  if (!asked) return "ask";
  if (asked.asked_by?.id === me.id) return "another";
  return "finish";
}
