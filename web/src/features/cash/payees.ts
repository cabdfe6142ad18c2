// Bank accounts that cash can be paid out to, in words.

import type { Schemas } from "../../api/client";
import { shortly } from "../../ui/format";

export type Payee = Schemas["PayeeView"];

/** `Checking account ending in 6789` */
export function accountWords({ kind, account_number }: Schemas["BankAccountView"]): string {
  const end = /\d+$/.exec(account_number)?.[0];
  return `${kind === "savings" ? "Savings" : "Checking"} account${end ? ` ending in ${end}` : ""}`;
}

/** What has to be known of an account before cash goes to it; nothing where it is paid at once. */
export function waitOf({ usable_from }: Payee, now: number): string | null {
  if (!usable_from || Date.parse(usable_from) <= now) return null;
  return `It was added soon after a change of your sign-in, so nothing is paid to it before ${shortly(usable_from, now)}.`;
}
