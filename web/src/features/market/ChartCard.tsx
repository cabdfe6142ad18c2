// One instrument's chart with its price, its change today and a choice of spans.

import { Group, SegmentedControl, Skeleton, Text } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { $api } from "../../api/client";
import { Card } from "../../ui/Card";
import { Delta } from "../../ui/Delta";
import { level, percentChange, price, quantityShortly } from "../../ui/format";
import { Resource } from "../../ui/states";
import classes from "./ChartCard.module.css";
import { type Glance, today } from "./overview";
import { PriceChart } from "./PriceChart";

const DAY = 86_400;

/** A span: the length of its bars, and how far back it reaches. */
const SPANS = {
  "1D": { timeframe: "15Min", seconds: DAY },
  "1W": { timeframe: "1Hour", seconds: 7 * DAY },
  "1M": { timeframe: "1Day", seconds: 31 * DAY },
  "6M": { timeframe: "1Day", seconds: 183 * DAY },
  "1Y": { timeframe: "1Day", seconds: 366 * DAY },
} as const;

type Span = keyof typeof SPANS;

interface ChartCardProps {
  glance: Glance;
  /** Whether the page around it names the instrument, so that the chart need not. */
  named?: boolean;
  height?: number;
}

export function ChartCard({ glance, named = false, height = 330 }: ChartCardProps) {
  const { symbol } = glance;
  const [span, setSpan] = useState<Span>("6M");
  const { timeframe, seconds } = SPANS[span];
  // Moves with the clock, but not with each drawing: a new span, a new start.
  const start = useMemo(
    () => new Date(Math.floor(Date.now() / 60_000) * 60_000 - seconds * 1000).toISOString(),
    [seconds],
  );
  const bars = $api.useQuery(
    "get",
    "/api/v1/assets/{symbol}/bars",
    { params: { path: { symbol }, query: { timeframe, start } } },
    { refetchInterval: 15_000, placeholderData: keepPreviousData },
  );
  const orders = $api.useQuery("get", "/api/v1/orders", { params: { query: { symbol, limit: 100 } } });
  const trades = useMemo(
    () =>
      (orders.data?.items ?? []).flatMap((order) =>
        order.fills.map((fill) => ({
          at: fill.at,
          side: order.side,
          words: `${order.side === "buy" ? "+" : "\u2212"}${quantityShortly(fill.qty, 2)}`,
        })),
      ),
    [orders.data],
  );
  const move = today(glance);
  const last = glance.class === "index" ? level(glance.last) : price(glance.last);
  const moved = move && <Delta of={move.by}>{percentChange(move.ratio)}</Delta>;
  return (
    <Card
      label={`Chart of ${symbol}`}
      title={named ? <span className="figures">{last}</span> : symbol}
      about={named ? <>{moved} today</> : `${glance.name}, ${glance.exchange}`}
      actions={
        <Group gap="md" className={`${classes.actions} figures`}>
          {!named && (
            <>
              <Text fz="lg" fw={600} span>
                {last}
              </Text>
              <Text span fw={550}>
                {moved}
              </Text>
            </>
          )}
          <SegmentedControl
            aria-label="Span of the chart"
            size="xs"
            data={Object.keys(SPANS)}
            value={span}
            onChange={(next) => setSpan(next as Span)}
          />
        </Group>
      }
    >
      <Resource of={bars} what={`the chart of ${symbol}`} skeleton={<Skeleton height={height + 26} />}>
        {(data) => (
          <PriceChart
            bars={data.items}
            trades={trades}
            intraday={timeframe !== "1Day"}
            height={height}
            label={`Candles of ${symbol} over ${span}; the last price is ${glance.last}, with ${trades.length} trades of yours`}
          />
        )}
      </Resource>
    </Card>
  );
}
