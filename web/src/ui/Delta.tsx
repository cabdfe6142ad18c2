// A change up or down: sign, arrow and colour together, so that colour alone never says it.

import { IconMinus, IconTriangleFilled, IconTriangleInvertedFilled } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./Delta.module.css";
import { direction } from "./format";

export function Delta({ of, children }: { of: string; children: ReactNode }) {
  const way = direction(of);
  const Icon = way > 0 ? IconTriangleFilled : way < 0 ? IconTriangleInvertedFilled : IconMinus;
  return (
    <span className={`${classes.delta} ${tone(way)}`}>
      <Icon size={9} aria-hidden="true" />
      {children}
    </span>
  );
}

/** The class of an amount's colour. The amount itself must carry its sign. */
export function tone(way: -1 | 0 | 1): string {
  return way > 0 ? "up" : way < 0 ? "down" : "";
}
