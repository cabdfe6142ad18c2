// One instrument: its chart with one's own trades, its quote, what one holds of it, and the ticket.

import { Anchor, Skeleton, Text } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { $api, type Schemas } from "../../api/client";
import { Problem } from "../../api/problem";
import { Card, Line } from "../../ui/Card";
import { tone } from "../../ui/Delta";
import { change, dateTime, direction, level, money, price, quantity } from "../../ui/format";
import { PageTitle } from "../../ui/PageTitle";
import { Failed, Resource } from "../../ui/states";
import { Ticket } from "../orders/Ticket";
import grid from "../portfolio/Portfolio.module.css";
import { ChartCard } from "./ChartCard";
import classes from "./Instrument.module.css";
import { type Glance, TICK_MS, useOverview } from "./overview";
import { useLink } from "./stream";

/** What stands below the fold comes after the rest. */
const ForecastCard = lazy(() =>
  import("../forecasts/ForecastCard").then(({ ForecastCard }) => ({ default: ForecastCard })),
);
const AlertsCard = lazy(() =>
  import("../price_alerts/AlertsCard").then(({ AlertsCard }) => ({ default: AlertsCard })),
);
const WatchCard = lazy(() =>
  import("../watchlists/WatchCard").then(({ WatchCard }) => ({ default: WatchCard })),
);
const NewsCard = lazy(() => import("../news/NewsCard").then(({ NewsCard }) => ({ default: NewsCard })));

export function Instrument() {
  const { symbol } = useParams({ strict: false }) as { symbol: string };
  const overview = useOverview([symbol]);
  return (
    <>
      <Anchor
        component={Link}
        to="/markets"
        size="sm"
        mb={8}
        display="inline-flex"
        style={{ gap: 6, alignItems: "center" }}
      >
        <IconArrowLeft size={15} /> Markets
      </Anchor>
      <Resource of={overview} what={symbol} skeleton={<Loading />}>
        {({ items }) => {
          const glance = items[0];
          if (glance) return <Loaded glance={glance} />;
          const error = new Problem(404, "asset.unknown", `there is no instrument ${symbol}`);
          return <Failed what={symbol} error={error} busy={overview.isFetching} again={overview.refetch} />;
        }}
      </Resource>
    </>
  );
}

function Loaded({ glance }: { glance: Glance }) {
  const portfolio = $api.useQuery("get", "/api/v1/portfolio", undefined, { refetchInterval: 10_000 });
  const position = portfolio.data?.positions.find(({ symbol }) => symbol === glance.symbol);
  return (
    <>
      <PageTitle title={glance.name} about={`${glance.symbol}, ${glance.exchange}`} />
      <div className={grid.grid}>
        <div className={grid.column}>
          <ChartCard glance={glance} named height={400} />
          <div className={classes.pair}>
            {position && <Position position={position} />}
            <Quote glance={glance} />
          </div>
          <Suspense fallback={<Skeleton height={520} radius={12} />}>
            <ForecastCard symbol={glance.symbol} />
          </Suspense>
        </div>
        <div className={grid.column}>
          {glance.tradable ? (
            <Ticket symbol={glance.symbol} available={position?.available} />
          ) : (
            <Card title="Not for sale">
              <Text size="sm" c="dimmed">
                An index is computed from the prices of others; nobody can buy it.
              </Text>
            </Card>
          )}
          <Suspense fallback={<Skeleton height={220} radius={12} />}>
            <AlertsCard symbol={glance.symbol} />
            <WatchCard symbol={glance.symbol} />
            <NewsCard symbol={glance.symbol} />
          </Suspense>
        </div>
      </div>
    </>
  );
}

function Position({ position }: { position: Schemas["PositionView"] }) {
  const gain = position.unrealized_pl ?? "0";
  return (
    <Card title="You hold">
      <Line label="Shares">{quantity(position.qty)}</Line>
      <Line label="Average cost">{price(position.avg_entry_price)}</Line>
      <Line label="Value">{position.market_value ? money(position.market_value) : "\u2014"}</Line>
      <Line label="Gain" strong>
        <span className={tone(direction(gain))}>{change(gain)}</span>
      </Line>
    </Card>
  );
}

function Quote({ glance }: { glance: Glance }) {
  const { symbol } = glance;
  const quote = $api.useQuery(
    "get",
    "/api/v1/assets/{symbol}/quote",
    { params: { path: { symbol } } },
    { refetchInterval: useLink() !== "live" && TICK_MS },
  );
  const write = glance.class === "index" ? level : price;
  return (
    <Card title="Quote">
      <Resource of={quote} what="the quote" skeleton={<Skeleton height={112} />}>
        {(data) => (
          <>
            <Line label="Bid">{write(data.bid)}</Line>
            <Line label="Ask">{write(data.ask)}</Line>
            <Line label="Last">{write(data.last)}</Line>
            {glance.previous_close && <Line label="Yesterday's close">{write(glance.previous_close)}</Line>}
            <Line label="As of">{dateTime(data.at)}</Line>
          </>
        )}
      </Resource>
    </Card>
  );
}

function Loading() {
  return (
    <div className={grid.grid}>
      <Skeleton height={490} radius={12} />
      <Skeleton height={420} radius={12} />
    </div>
  );
}
