// The present, as components see it: it moves while they are shown.

import { useEffect, useState } from "react";

/** Milliseconds since the epoch, renewed every so often. */
export function useNow(everyMs = 15_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
