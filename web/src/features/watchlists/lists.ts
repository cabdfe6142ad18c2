// One's own lists of instruments: asking for them, and changing what is on them.

import { $api, api, queries, type Schemas } from "../../api/client";

export type Watchlist = Schemas["WatchlistView"];

export const LISTS = { queryKey: ["get", "/api/v1/watchlists"] };

export function useWatchlists(): readonly Watchlist[] {
  return $api.useQuery("get", "/api/v1/watchlists").data?.items ?? [];
}

/** Puts a symbol on a list, or takes it off. */
export async function putOn(list: Watchlist, symbol: string, on: boolean): Promise<void> {
  const path = "/api/v1/watchlists/{id}/symbols/{symbol}";
  const where = { params: { path: { id: list.id, symbol } } };
  await (on ? api.PUT(path, where) : api.DELETE(path, where));
  await queries.invalidateQueries(LISTS);
}
