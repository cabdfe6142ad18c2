// Several instruments at a glance, renewed while they are looked at.

import { $api, type Schemas } from "../../api/client";
import { exact, ratio, subtract, text } from "../../ui/decimal";
import { useLink, useTicks } from "./stream";

export type Glance = Schemas["Glance"];

/** How often prices on a page are renewed where no stream renews them. */
export const TICK_MS = 2_000;

/** All instruments, or these: by the stream, or without it by asking again and again. */
export function useOverview(symbols?: readonly string[]) {
  const query = symbols ? { symbols: symbols.join(",") } : {};
  const live = useLink() === "live";
  const overview = $api.useQuery(
    "get",
    "/api/v1/market/overview",
    { params: { query } },
    { refetchInterval: !live && TICK_MS, enabled: symbols === undefined || symbols.length > 0 },
  );
  useTicks(overview.data?.items.map(({ symbol }) => symbol) ?? []);
  return overview;
}

/** How far the price is from yesterday's close: the amount, and as a ratio. Null on the first day. */
export function today(glance: Pick<Glance, "last" | "previous_close">): { by: string; ratio: string } | null {
  if (glance.previous_close === null || glance.previous_close === undefined) return null;
  const [last, before] = [exact(glance.last), exact(glance.previous_close)];
  const by = subtract(last, before);
  const part = ratio(by, before, 6);
  return part ? { by: text(by), ratio: text(part) } : null;
}
