// What happens to one's own orders and cash, as it happens: what is on the page is asked for anew.

import { useRef } from "react";
import { queries } from "../../api/client";
import { type Line, useEvents } from "../../api/live";

/** However much happens at once, it is asked for this often at most. */
const TOGETHER_MS = 300;

/** What an event of a name makes old. */
const STALE: Record<string, readonly string[]> = {
  order: ["/api/v1/orders", "/api/v1/portfolio", "/api/v1/cash"],
  cash: ["/api/v1/cash", "/api/v1/portfolio"],
};

/** Keeps one's own orders and cash current while the component is there, and says how the line is. */
export function useOwnEvents(): Line {
  const waiting = useRef<number>(undefined);
  const stale = useRef(new Set<string>());
  return useEvents("/api/v1/events", Object.keys(STALE).join(","), (name) => {
    for (const path of STALE[name] ?? []) stale.current.add(path);
    waiting.current ??= window.setTimeout(() => {
      waiting.current = undefined;
      const paths = [...stale.current];
      stale.current.clear();
      void queries.invalidateQueries({
        predicate: ({ queryKey: [, path] }) =>
          typeof path === "string" && paths.some((each) => path === each || path.startsWith(`${each}/`)),
      });
    }, TOGETHER_MS);
  });
}
