// Finds anything from anywhere (Ctrl K): looks like a field, and loads the palette when it is wanted.

import { useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { isAtTheDesk } from "../../ui/home";
import { useUser } from "../auth/session";
import classes from "./Palette.module.css";

const Palette = lazy(() => import("./Palette").then(({ Palette }) => ({ default: Palette })));

export function Find() {
  const [opened, setOpened] = useState(false);
  useHotkeys([["mod+K", () => setOpened(true)]], []);
  const takeEarly = useEarlyTyping(opened);
  const what = isAtTheDesk(useUser().role)
    ? "Search symbols, people, incidents"
    : "Search symbols, companies";
  return (
    <search className={classes.search}>
      <button type="button" className={classes.field} onClick={() => setOpened(true)} aria-haspopup="dialog">
        <IconSearch size={16} aria-hidden="true" />
        <span className={`${classes.words} only-wide`}>{what}</span>
        <span className={`${classes.words} only-narrow`}>Search</span>
        <kbd className={`${classes.key} only-wide`}>Ctrl K</kbd>
      </button>
      {opened && (
        <Suspense>
          <Palette close={() => setOpened(false)} takeEarly={takeEarly} />
        </Suspense>
      )}
    </search>
  );
}

/** What is typed between the wish for the palette and its field being there; who takes it ends the listening. */
function useEarlyTyping(isWanted: boolean): () => string {
  const [early] = useState(() => ({ text: "", stop: () => {} }));
  useEffect(() => {
    if (!isWanted) return;
    const hear = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent) => {
      if (ctrlKey || metaKey || altKey) return;
      if (key.length === 1) early.text += key;
      if (key === "Backspace") early.text = early.text.slice(0, -1);
    };
    window.addEventListener("keydown", hear);
    early.stop = () => window.removeEventListener("keydown", hear);
    return () => {
      early.stop();
      early.text = "";
    };
  }, [isWanted, early]);
  return () => {
    early.stop();
    const { text } = early;
    early.text = "";
    return text;
  };
}
