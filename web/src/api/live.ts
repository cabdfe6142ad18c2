// A stream of server-sent events as long as a component is on the page. The browser comes back by itself after a lost line
// and is told what it missed; after a refusal, such as of an old token, it is tried again here.

import { useEffect, useRef, useState } from "react";
import { api } from "./client";

export type Line = "opening" | "live" | "lost";

const LONGEST_WAIT_MS = 30_000;

/** Tells each event of these names (with commas between them), and says how the line is. */
export function useEvents(path: string, names: string, told: (name: string, data: string) => void): Line {
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
      const url = new URL(path, location.origin);
      if (last !== "") url.searchParams.set("after", last);
      const opened = new EventSource(url);
      source = opened;
      opened.onopen = () => {
        tries = 0;
        setLine("live");
      };
      for (const name of names.split(",")) {
        opened.addEventListener(name, (event) => {
          last = event.lastEventId;
          tell.current(name, String(event.data));
        });
      }
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
  }, [path, names]);
  return line;
}
