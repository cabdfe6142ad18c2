// How much waits at a place of the desk, beside its name.

import { $api } from "../api/client";
import { useKeptOut } from "../features/auth/restriction/keptOut";
import { count } from "./format";
import classes from "./Shell.module.css";

const EVERY = { refetchInterval: 30_000, staleTime: 10_000 };
const FIRST = { params: { query: { limit: 1 } } };

/** Places at which something may wait, each with what counts it. */
const COUNTS: Record<string, () => number | string> = {
  "/desk/review": () =>
    $api.useQuery("get", "/api/admin/security/dashboard/transactions", undefined, EVERY).data?.waiting ?? 0,
  "/desk/accounts": () => useKeptOut()?.all ?? 0,
  "/desk/incidents": () =>
    $api
      .useQuery("get", "/api/admin/security/incidents", FIRST, EVERY)
      .data?.unresolved.reduce((sum, { incidents }) => sum + incidents, 0) ?? 0,
};

export function Waiting({ at }: { at: string }) {
  const useCount = COUNTS[at];
  return useCount ? <Counted useCount={useCount} /> : null;
}

function Counted({ useCount }: { useCount: () => number | string }) {
  const waiting = useCount();
  if (Number(waiting) === 0) return null;
  return (
    <span className={classes.waiting}>
      {typeof waiting === "number" ? count(waiting) : waiting}
      <span className="hidden-visually"> waiting</span>
    </span>
  );
}
