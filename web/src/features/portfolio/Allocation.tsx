// How the portfolio is spread: one bar, and each part with its name and share.

import { Text } from "@mantine/core";
import type { Schemas } from "../../api/client";
import { Card } from "../../ui/Card";
import { share } from "../../ui/format";
import classes from "./Allocation.module.css";

const COLORS = ["#3d63e8", "#1f9e8a", "#d9942b", "#b15fd0", "#d4566c", "#4aa3d8"] as const;
const CASH = "#8793a8";
const REST = "#a9b2c2";

interface Part {
  name: string;
  bps: number;
  color: string;
}

export function Allocation({ portfolio }: { portfolio: Schemas["PortfolioView"] }) {
  const parts = partsOf(portfolio);
  if (parts.length === 0) return null;
  return (
    <Card title="Allocation">
      <div className={classes.bar} aria-hidden="true">
        {parts.map((part) => (
          <div key={part.name} style={{ flexGrow: part.bps, background: part.color }} />
        ))}
      </div>
      <ul className={classes.legend}>
        {parts.map((part) => (
          <li key={part.name}>
            <span className={classes.dot} style={{ background: part.color }} aria-hidden="true" />
            <Text span size="sm" className={classes.name}>
              {part.name}
            </Text>
            <Text span size="sm" fw={600} className="figures">
              {share(part.bps)}
            </Text>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** The largest six, the others together, and the cash. Empty while a weight is unknown. */
function partsOf(portfolio: Schemas["PortfolioView"]): Part[] {
  const weights = portfolio.positions.map(({ symbol, weight }) => ({ name: symbol, bps: weight }));
  if (weights.some(({ bps }) => bps === null || bps === undefined)) return [];
  const sorted = weights
    .map(({ name, bps }) => ({ name, bps: bps ?? 0 }))
    .sort((left, right) => right.bps - left.bps);
  const parts = sorted.slice(0, COLORS.length).map((part, at) => ({ ...part, color: COLORS[at] ?? REST }));
  const rest = sorted.slice(COLORS.length).reduce((sum, { bps }) => sum + bps, 0);
  if (rest > 0) parts.push({ name: "Others", bps: rest, color: REST });
  const cash = 10_000 - parts.reduce((sum, { bps }) => sum + bps, 0);
  if (cash > 0) parts.push({ name: "Cash", bps: cash, color: CASH });
  return parts.filter(({ bps }) => bps > 0);
}
