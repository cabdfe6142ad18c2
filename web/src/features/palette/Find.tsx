// Finds anything from anywhere (Ctrl K): looks like a field, and loads the palette when it is wanted.

import { useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { isAtTheDesk } from "../../ui/home";
import { useUser } from "../auth/session";
import classes from "./Palette.module.css";

const Palette = lazy(() => import("./Palette").then(({ Palette }) => ({ default: Palette })));

export function Find() {
  const [opened, setOpened] = useState(false);
  useHotkeys([["mod+K", () => setOpened(true)]], []);
  const what = isAtTheDesk(useUser().role)
    ? "Search symbols, people, incidents"
    : "Search symbols, companies";
  return (
    <search className={classes.search}>
      <button type="button" className={classes.field} onClick={() => setOpened(true)} aria-haspopup="dialog">
        <IconSearch size={16} aria-hidden="true" />
        <span className={classes.words}>{what}</span>
        <kbd className={`${classes.key} only-wide`}>Ctrl K</kbd>
      </button>
      {opened && (
        <Suspense>
          <Palette close={() => setOpened(false)} />
        </Suspense>
      )}
    </search>
  );
}
