// What one owns: its value now, a chart, the holdings with moving prices, how it is spread, and a ticket to trade.

import { Button, Group, Skeleton, Text, Title } from "@mantine/core";
import { useDisclosure, useDocumentTitle } from "@mantine/hooks";
import { IconPlus, IconWallet } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { $api, type Schemas } from "../../api/client";
import { Card, Fact } from "../../ui/Card";
import { Delta, tone } from "../../ui/Delta";
import { add, exact, multiply, ratio, round, subtract, text, ZERO } from "../../ui/decimal";
import { change, count, direction, money, percentChange } from "../../ui/format";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Empty, Resource } from "../../ui/states";
import { ChartCard } from "../market/ChartCard";
import { type Glance, TICK_MS, useOverview } from "../market/overview";
import { useOwnEvents } from "../notifications/live";
import { Allocation } from "./Allocation";
import { Holdings } from "./Holdings";
import { revalued } from "./live";
import classes from "./Portfolio.module.css";

/** Beside what one came for, so it comes after it. */
const Ticket = lazy(() => import("../orders/Ticket").then(({ Ticket }) => ({ default: Ticket })));
const HoldingsNews = lazy(() =>
  import("../news/HoldingsNews").then(({ HoldingsNews }) => ({ default: HoldingsNews })),
);
/** Asked for by few, so it comes when it is. */
const AddCash = lazy(() => import("../cash/AddCash").then(({ AddCash }) => ({ default: AddCash })));

export function Portfolio() {
  useDocumentTitle("Portfolio · Stockade");
  useOwnEvents();
  const portfolio = $api.useQuery("get", "/api/v1/portfolio", undefined, { refetchInterval: TICK_MS });
  const [adding, { open, close }] = useDisclosure(false);
  return (
    <>
      <Resource of={portfolio} what="your portfolio" skeleton={<Loading />}>
        {(data) => <Loaded portfolio={data} addCash={open} />}
      </Resource>
      {adding && (
        <Suspense fallback={null}>
          <AddCash opened close={close} />
        </Suspense>
      )}
    </>
  );
}

interface LoadedProps {
  portfolio: Schemas["PortfolioView"];
  addCash: () => void;
}

function Loaded({ portfolio: told, addCash }: LoadedProps) {
  const overview = useOverview(told.positions.map(({ symbol }) => symbol));
  const [chosen, setChosen] = useState<string | null>(null);
  const glances = overview.data?.items ?? [];
  const portfolio = revalued(told, glances);
  const { positions } = portfolio;
  const selected = glances.find(({ symbol }) => symbol === chosen) ?? largest(portfolio, glances);
  const isNew = positions.length === 0 && direction(portfolio.cash) === 0;
  return (
    <>
      <Head portfolio={portfolio} glances={glances} addCash={addCash} />
      {isNew && (
        <Card>
          <Empty
            icon={<IconWallet size={22} />}
            title="Your account is ready"
            action={
              <Button leftSection={<IconPlus size={16} />} onClick={addCash}>
                Add cash
              </Button>
            }
          >
            Add some cash, and you can buy your first share a moment later.
          </Empty>
        </Card>
      )}
      {!isNew && positions.length === 0 && (
        <Card>
          <Empty
            icon={<IconPlus size={22} />}
            title={`${money(portfolio.cash)} ready to invest`}
            action={
              <Button component={Link} to="/markets">
                Look at the markets
              </Button>
            }
          >
            You own no shares yet. Pick one, and its page has a ticket to buy it.
          </Empty>
        </Card>
      )}
      {positions.length > 0 && (
        <div className={classes.grid}>
          <div className={classes.column}>
            {selected ? <ChartCard glance={selected} /> : <Skeleton height={440} radius={12} />}
            <Holdings
              portfolio={portfolio}
              glances={glances}
              selected={selected?.symbol}
              select={setChosen}
            />
          </div>
          <div className={classes.column}>
            {selected && (
              <Suspense fallback={<Skeleton height={420} radius={12} />}>
                <Ticket
                  key={selected.symbol}
                  symbol={selected.symbol}
                  available={positions.find(({ symbol }) => symbol === selected.symbol)?.available}
                />
              </Suspense>
            )}
            <Allocation portfolio={portfolio} />
            <Suspense fallback={<Skeleton height={220} radius={12} />}>
              <HoldingsNews symbols={positions.map(({ symbol }) => symbol)} />
            </Suspense>
          </div>
        </div>
      )}
    </>
  );
}

interface HeadProps {
  portfolio: Schemas["PortfolioView"];
  glances: readonly Glance[];
  addCash: () => void;
}

function Head({ portfolio, glances, addCash }: HeadProps) {
  const cash = $api.useQuery("get", "/api/v1/cash");
  const open = $api.useQuery("get", "/api/v1/orders", { params: { query: { open: true, limit: 200 } } });
  const move = movedToday(portfolio, glances);
  return (
    <div className={classes.head}>
      <div>
        <Text component="h1" size="md" c="dimmed" fw={400}>
          Portfolio value
        </Text>
        <Title order={2} className={`${classes.value} figures`}>
          {portfolio.equity ? money(portfolio.equity, portfolio.currency) : "\u2014"}
        </Title>
        <Text component="div" className={`${classes.move} figures`}>
          {move ? (
            <>
              <Text span fw={600}>
                <Delta of={move.by}>
                  {change(move.by)} ({percentChange(move.ratio)})
                </Delta>
              </Text>{" "}
              <Text span c="dimmed">
                today
              </Text>
            </>
          ) : (
            <Text span c="dimmed">
              {portfolio.positions.length === 0 ? "No shares yet" : "\u00a0"}
            </Text>
          )}
        </Text>
      </div>
      <Group className={classes.facts}>
        <Fact label="Unrealised gain">
          <span className={tone(direction(portfolio.unrealized_pl ?? "0"))}>
            {portfolio.unrealized_pl ? change(portfolio.unrealized_pl) : "\u2014"}
          </span>
        </Fact>
        <Fact label="Buying power">
          {cash.data ? money(cash.data.available, cash.data.currency) : "\u2014"}
        </Fact>
        <Fact label="Realised gain">
          <span className={tone(direction(portfolio.realized_pl))}>{change(portfolio.realized_pl)}</span>
        </Fact>
        <Fact label="Open orders">{open.data ? count(open.data.items.length) : "\u2014"}</Fact>
        <Button variant="default" leftSection={<IconPlus size={16} />} onClick={addCash}>
          Add cash
        </Button>
      </Group>
    </div>
  );
}

/** What today's moves of the prices made of one's present shares. */
function movedToday(
  portfolio: Schemas["PortfolioView"],
  glances: readonly Glance[],
): { by: string; ratio: string } | null {
  if (portfolio.positions.length === 0 || !portfolio.equity) return null;
  let by = ZERO;
  for (const position of portfolio.positions) {
    const glance = glances.find(({ symbol }) => symbol === position.symbol);
    if (!glance?.previous_close || !position.price) return null;
    by = add(
      by,
      multiply(subtract(exact(position.price), exact(glance.previous_close)), exact(position.qty)),
    );
  }
  const cents = round(by, 2);
  const part = ratio(cents, subtract(exact(portfolio.equity), cents), 6);
  return part ? { by: text(cents), ratio: text(part) } : null;
}

function largest(portfolio: Schemas["PortfolioView"], glances: readonly Glance[]): Glance | undefined {
  const top = [...portfolio.positions].sort((left, right) => (right.weight ?? 0) - (left.weight ?? 0))[0];
  return glances.find(({ symbol }) => symbol === top?.symbol);
}

function Loading() {
  return (
    <>
      <div className={classes.head}>
        <div>
          <Skeleton height={14} width={110} />
          <Skeleton height={40} width={260} mt={12} />
          <Skeleton height={14} width={150} mt={12} />
        </div>
        <Skeleton height={48} width={420} maw="100%" />
      </div>
      <div className={classes.grid}>
        <div className={classes.column}>
          <Skeleton height={440} radius={12} />
          <SkeletonRows rows={5} />
        </div>
        <Skeleton height={420} radius={12} />
      </div>
    </>
  );
}
