// The desk's live feed: entries of the log as they come.

import type { Schemas } from "../../api/client";
import { type Line, useEvents } from "../../api/live";

export type LiveEntry = Schemas["EntryView"] & { severity: string };

/** Tells each entry of these kinds, such as `sign_in.*`, for as long as the component is there. */
export function useLiveEntries(kinds: string, told: (entry: LiveEntry) => void): Line {
  const path = `/api/admin/security/events?${new URLSearchParams({ kinds })}`;
  return useEvents(path, "entry", (_, data) => told(JSON.parse(data) as LiveEntry));
}
