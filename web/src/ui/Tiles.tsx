// Figures in a row, each with what to compare it with and, where there is one, its shape over the day.

import { Paper, Text } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Tiles.module.css";

export function Tiles({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Paper component="section" aria-label={label} className={classes.tiles}>
      {children}
    </Paper>
  );
}

interface TileProps {
  label: string;
  children: ReactNode;
  /** What to compare it with. */
  about?: ReactNode;
  /** Whether that is a reason to look. */
  warns?: boolean;
  shape?: ReactNode;
}

export function Tile({ label, children, about, warns = false, shape }: TileProps) {
  return (
    <div className={classes.tile}>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <div className={classes.row}>
        <div>
          <div className={`${classes.number} figures`}>{children}</div>
          <div className={classes.about} data-warns={warns || undefined}>
            {about ?? "\u00a0"}
          </div>
        </div>
        {shape}
      </div>
    </div>
  );
}
