// What the library leaves open about dialogs: where the focus goes when one closes, and which of several Escape closes.

import { useWindowEvent } from "@mantine/hooks";
import { useLayoutEffect, useRef } from "react";

/** What is open, the topmost last. */
const open: object[] = [];
/** One press closes one dialog, though all of them hear of it. */
const heard = new WeakSet<Event>();

/** Escape closes what is on top; a list that is open within it takes the press for itself. */
export function useEscape(opened: boolean, close: () => void): void {
  const me = useRef({}).current;
  useLayoutEffect(() => {
    if (!opened) return;
    open.push(me);
    return () => {
      open.splice(open.indexOf(me), 1);
    };
  }, [opened, me]);
  useWindowEvent(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || event.isComposing || heard.has(event) || open.at(-1) !== me) return;
      heard.add(event);
      const within = event.target instanceof HTMLElement ? event.target.dataset : {};
      if (within.mantineStopPropagation !== "true") close();
    },
    { capture: true },
  );
}

/**
 * Gives the focus back to where it was. The library does so only for a dialog that was there before it was opened, and
 * for an entry of a menu, which is gone by then, not at all.
 */
export function useReturn(opened: boolean): void {
  useLayoutEffect(() => {
    if (!opened) return;
    const from = opener(document.activeElement);
    const below = open.length;
    return () => {
      // A dialog that was opened since keeps the focus.
      setTimeout(() => {
        if (from?.isConnected && open.length <= below) from.focus({ preventScroll: true });
      });
    };
  }, [opened]);
}

/** What opened it: what has the focus, or the button of the menu that it stands in. */
function opener(focused: Element | null): HTMLElement | null {
  const menu = focused?.closest("[role=menu]")?.getAttribute("aria-labelledby");
  const found = menu ? document.getElementById(menu) : focused;
  return found instanceof HTMLElement ? found : null;
}
