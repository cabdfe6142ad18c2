// What moved the portfolio's value over a period: what was paid in and taken out, and what the market did.

import type { Schemas } from "../../../api/client";
import { Card, Line } from "../../../ui/Card";
import { change, date, money } from "../../../ui/format";

export function Moved({ performance }: { performance: Schemas["PerformanceView"] }) {
  const { opening_value: opening, closing_value: closing, inflow, outflow, gain, currency } = performance;
  if (!opening || !closing || !gain) return null;
  return (
    <Card title="What moved it">
      <Line label={`Value on ${date(performance.from)}`}>{money(opening, currency)}</Line>
      <Line label="You paid in">{change(inflow, currency)}</Line>
      <Line label="You took out">{change(`-${outflow}`, currency)}</Line>
      <Line label="Gain or loss, after fees">{change(gain, currency)}</Line>
      <Line label="Value now" strong>
        {money(closing, currency)}
      </Line>
    </Card>
  );
}
