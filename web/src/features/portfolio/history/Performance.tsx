// How one's money did: value over a period, returns and risk with the reason where there is none, then everything that
// happened, statements, what was brought from elsewhere, and how sales take their shares.

import { SegmentedControl, Skeleton, Text } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import { useState } from "react";
import { $api, type Schemas } from "../../../api/client";
import { Card } from "../../../ui/Card";
import { Delta } from "../../../ui/Delta";
import { change, date, money, percentChange } from "../../../ui/format";
import { PageTitle } from "../../../ui/PageTitle";
import { Resource } from "../../../ui/states";
import { Figures } from "./Figures";
import { LotMethod } from "./LotMethod";
import { Moved } from "./Moved";
import classes from "./Performance.module.css";
import { Statements } from "./Statements";
import { Transactions } from "./Transactions";
import { ValueChart } from "./ValueChart";

const PERIODS = [
  { value: "1d", label: "1D" },
  { value: "1w", label: "1W" },
  { value: "1m", label: "1M" },
  { value: "3m", label: "3M" },
  { value: "ytd", label: "YTD" },
  { value: "1y", label: "1Y" },
  { value: "all", label: "All" },
];

const EVERY_MS = 30_000;

export function Performance() {
  const [period, setPeriod] = useState("1m");
  const performance = $api.useQuery(
    "get",
    "/api/v1/portfolio/performance",
    { params: { query: { period } } },
    { refetchInterval: EVERY_MS, placeholderData: keepPreviousData },
  );
  return (
    <>
      <PageTitle
        title="Performance"
        about="What your money did, and everything that happened to it."
        actions={
          <SegmentedControl
            aria-label="Period"
            data={PERIODS}
            value={period}
            onChange={setPeriod}
            size="sm"
          />
        }
      />
      <div className={classes.page}>
        <Resource of={performance} what="your performance" skeleton={<Skeleton height={420} radius={12} />}>
          {(data) => (
            <>
              <div className={classes.story}>
                <Value performance={data} />
                <Moved performance={data} />
              </div>
              <Figures performance={data} />
            </>
          )}
        </Resource>
        <div className={classes.grid}>
          <Transactions />
          <div className={classes.column}>
            <Statements />
            <LotMethod />
          </div>
        </div>
      </div>
    </>
  );
}

function Value({ performance }: { performance: Schemas["PerformanceView"] }) {
  const { closing_value: closing, gain, currency, twr } = performance;
  return (
    <Card label="Value over time">
      <div className={classes.head}>
        <div>
          <Text c="dimmed" size="sm">
            Value now
          </Text>
          <Text fw={650} className={`${classes.value} figures`}>
            {closing ? money(closing, currency) : "\u2014"}
          </Text>
        </div>
        <Text component="div" className="figures">
          {gain ? (
            <Delta of={gain}>
              {change(gain, currency)}
              {typeof twr.value === "number" && ` (${percentChange(twr.value.toFixed(6))})`}
            </Delta>
          ) : (
            "\u2014"
          )}
          <Text span c="dimmed">
            {" "}
            since {date(performance.from)}
          </Text>
        </Text>
      </div>
      <ValueChart points={performance.points} currency={currency} intraday={performance.period === "1d"} />
      {performance.feed === "replay" && (
        <Text c="dimmed" size="sm" mt={8}>
          Replayed market: prices of the past, played back.
        </Text>
      )}
    </Card>
  );
}
