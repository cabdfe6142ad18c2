// The desk's live feed: entries of the log as they come, by server-sent events. The browser comes back by itself after a
// lost line and is told what it missed; after a refusal, such as of an old token, it is tried again here.

import { useEffect, useRef, useState } from "react";
import { api, type Schemas } from "../../api/client";

export type LiveEntry = Schemas["EntryView"] & { severity: string };
export type Line = "opening" | "live" | "lost";

const LONGEST_WAIT_MS = 30_000;

/** Tells each entry of these kinds, such as `sign_in.*`, for as long as the component is there. */
export function useLiveEntries(kinds: string, told: (entry: LiveEntry) => void): Line {
  const [line, setLine] = useState<Line>("opening");
  const tell = useRef(told);
  tell.current = told;
  useEffect(() => {
    let source: EventSource | undefined;
    let retry: number | undefined;
    let last = "";
    let tries = 0;
    const again = () => {
      setLine("lost");
      source?.close();
      const wait = Math.min(1_000 * 2 ** tries, LONGEST_WAIT_MS) * (0.5 + Math.random() / 2);
      tries += 1;
      retry = window.setTimeout(async () => {
        // Turns an old token in; when the session is over, this says so to the whole page.
        await api.GET("/api/v1/auth/me").catch(() => undefined);
        open();
      }, wait);
    };
    let isOver = false;
    const open = () => {
      if (isOver) return;
      const query = new URLSearchParams({ kinds, ...(last === "" ? {} : { after: last }) });
      const opened = new EventSource(`/api/admin/security/events?${query}`);
      source = opened;
      opened.onopen = () => {
        tries = 0;
        setLine("live");
      };
      opened.addEventListener("entry", (event) => {
        last = event.lastEventId;
        tell.current(JSON.parse(String(event.data)) as LiveEntry);
      });
      opened.addEventListener("end", again);
      opened.onerror = () => {
        if (opened.readyState === EventSource.CLOSED) again();
        else setLine("lost");
      };
    };
    open();
    return () => {
      isOver = true;
      window.clearTimeout(retry);
      source?.close();
    };
  }, [kinds]);
  return line;
}
