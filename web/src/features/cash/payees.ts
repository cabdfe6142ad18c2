// Bank accounts that cash can be paid out to, in words.

import type { Schemas } from "../../api/client";
import { shortly } from "../../ui/format";

export type Payee = Schemas["PayeeView"];

/** `My account, ending in 6789`: short enough for a list on a phone. */
export function shortWords({ name, bank_account }: Payee): string {
  const end = endOf(bank_account);
  return end ? `${name}, ending in ${end}` : name;
}

/** `Checking account ending in 6789` */
export function accountWords(account: Schemas["BankAccountView"]): string {
  const end = endOf(account);
  return `${account.kind === "savings" ? "Savings" : "Checking"} account${end ? ` ending in ${end}` : ""}`;
}

function endOf({ account_number }: Schemas["BankAccountView"]): string | undefined {
  return /\d+$/.exec(account_number)?.[0];
}

/** What has to be known of an account before cash goes to it; nothing where it is paid at once. */
export function waitOf({ usable_from }: Payee, now: number): string | null {
  if (!usable_from || Date.parse(usable_from) <= now) return null;
  return `It was added soon after a change of your sign-in, so nothing is paid to it before ${shortly(usable_from, now)}.`;
}
