// Two texts beside each other in one column: what goes has a minus, what comes a plus.

import { useMemo } from "react";
import { count } from "../../../ui/format";
import { brief, diff, type Piece } from "./diff";
import classes from "./Policies.module.css";

const SIGNS = { same: " ", removed: "\u2212", added: "+" };

export function Difference({ before, after }: { before: string; after: string }) {
  const pieces = useMemo(() => brief(diff(before, after)), [before, after]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section className={classes.code} aria-label="Differences" tabIndex={0}>
      {pieces.map((piece) => (
        <Shown key={keyOf(piece)} piece={piece} />
      ))}
    </section>
  );
}

function Shown({ piece }: { piece: Piece }) {
  if (piece.kind === "skipped") {
    return <div className={classes.skipped}>{count(piece.lines)} lines are the same</div>;
  }
  return (
    <div className={classes.line} data-kind={piece.kind}>
      <span>{piece.old}</span>
      <span>{piece.new}</span>
      <span className={classes.sign}>{SIGNS[piece.kind]}</span>
      <div>{piece.text}</div>
    </div>
  );
}

function keyOf(piece: Piece): string {
  return piece.kind === "skipped" ? `skipped ${piece.at}` : `${piece.old}/${piece.new}`;
}
