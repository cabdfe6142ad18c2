// How many accounts their owners cannot use as usual: the same number on the navigation, on a tile and on the page.

import { $api } from "../../../api/client";
import { count } from "../../../ui/format";
import type { Account } from "./words";

const MOST = 200;

export interface KeptOut {
  all: string;
  /** One account may be in more than one state. */
  of: Record<Account["states"][number], number>;
}

export function useKeptOut(): KeptOut | undefined {
  const { data } = $api.useQuery(
    "get",
    "/api/admin/security/accounts",
    { params: { query: { limit: MOST } } },
    { refetchInterval: 30_000, staleTime: 10_000 },
  );
  return data && keptOut(data.items, (data.next_cursor ?? null) !== null);
}

export function keptOut(accounts: readonly Account[], more: boolean): KeptOut {
  const of = { locked: 0, restricted: 0, recovery: 0 };
  for (const { states } of accounts) for (const state of states) of[state] += 1;
  return { all: `${count(accounts.length)}${more ? "+" : ""}`, of };
}
