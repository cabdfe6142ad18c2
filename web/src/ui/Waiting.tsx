// How much waits at a place of the desk, beside its name.

import { $api } from "../api/client";
import { count } from "./format";
import classes from "./Shell.module.css";

const EVERY = { refetchInterval: 30_000, staleTime: 10_000 };
const FIRST = { params: { query: { limit: 1 } } };

/** Places at which something may wait, each with what counts it. */
const COUNTS: Record<string, () => number> = {
  "/desk/review": () =>
    $api.useQuery("get", "/api/admin/security/dashboard/transactions", undefined, EVERY).data?.waiting ?? 0,
  "/desk/accounts": () => {
    const { data } = $api.useQuery("get", "/api/admin/security/dashboard/sign-ins", undefined, EVERY);
    return (data?.locked ?? 0) + (data?.restricted ?? 0);
  },
  "/desk/incidents": () =>
    $api
      .useQuery("get", "/api/admin/security/incidents", FIRST, EVERY)
      .data?.unresolved.reduce((sum, { incidents }) => sum + incidents, 0) ?? 0,
};

export function Waiting({ at }: { at: string }) {
  const useCount = COUNTS[at];
  return useCount ? <Counted useCount={useCount} /> : null;
}

function Counted({ useCount }: { useCount: () => number }) {
  const waiting = useCount();
  if (waiting === 0) return null;
  return (
    <span className={classes.waiting}>
      {count(waiting)}
      <span className="hidden-visually"> waiting</span>
    </span>
  );
}
