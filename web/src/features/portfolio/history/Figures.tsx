// Returns and risk of a period, each with what it means; where there is none, why.

import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Schemas } from "../../../api/client";
import { Card } from "../../../ui/Card";
import { count, date, percentChange } from "../../../ui/format";
import classes from "./Performance.module.css";

type Figure = Schemas["FigureView"];

export function Figures({ performance }: { performance: Schemas["PerformanceView"] }) {
  const { max_drawdown: fall, benchmark } = performance;
  return (
    <Card
      title="Return and risk"
      about={`Estimated from ${count(performance.trading_days)} whole trading ${
        performance.trading_days === 1 ? "day" : "days"
      } of this period.`}
    >
      <dl className={classes.figures}>
        <Item name="Time-weighted return" about="What the investments did, whatever you paid in or took out">
          {percent(performance.twr)}
        </Item>
        <Item name="Money-weighted return" about={yearly(performance.xirr)}>
          {percent(performance.money_weighted)}
        </Item>
        {benchmark && (
          <Item name={benchmark.name} about="The index over the same time">
            {percent(benchmark.return)}
          </Item>
        )}
        <Item
          name="Deepest fall"
          about={
            fall.peak_at && fall.trough_at && fall.value !== 0
              ? `${date(fall.peak_at)} to ${date(fall.trough_at)}`
              : "From the highest value to the lowest after it"
          }
        >
          {percent(fall)}
        </Item>
        <Item name="Volatility" about="How much daily returns vary, over a year">
          {told(performance.volatility, (value) => percentChange(value.toFixed(6)).replace("+", ""))}
        </Item>
        <Item name="Sharpe ratio" about="Yearly return for each unit of volatility">
          {told(performance.sharpe, (value) => value.toFixed(2).replace("-", "\u2212"))}
        </Item>
        <Item name="Value at risk, 95 %" about="One day in twenty was worse than this">
          {percent(performance.var_95)}
        </Item>
        <Item name="Expected shortfall, 95 %" about="The mean of these worst days">
          {percent(performance.cvar_95)}
        </Item>
      </dl>
    </Card>
  );
}

function Item({ name, about, children }: { name: string; about: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="figures">{children}</dd>
      <dd className={classes.about}>{about}</dd>
    </div>
  );
}

function percent(figure: Figure | Schemas["DrawdownView"]): ReactNode {
  return told(figure, (value) => percentChange(value.toFixed(6)));
}

function told(figure: Figure | Schemas["DrawdownView"], write: (value: number) => string): ReactNode {
  if (typeof figure.value === "number") return write(figure.value);
  return (
    <Text span size="sm" c="dimmed" className={classes.unavailable}>
      Unavailable{figure.unavailable ? `: ${figure.unavailable.detail}` : ""}
    </Text>
  );
}

function yearly(xirr: Figure): string {
  return typeof xirr.value === "number"
    ? `${percentChange(xirr.value.toFixed(6))} a year (XIRR)`
    : "What your money earned, as it came and went";
}
