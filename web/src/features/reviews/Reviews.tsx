// The review queue: what waits for somebody to decide, and how much of it there was in a day.

import { Badge, SegmentedControl, Table, Text } from "@mantine/core";
import { IconChecks } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { $api, api, type Schemas } from "../../api/client";
import { Bars, Legend } from "../../ui/Bars";
import { Card, Line } from "../../ui/Card";
import { count, shortly } from "../../ui/format";
import { More } from "../../ui/More";
import { useNow } from "../../ui/now";
import { PageTitle } from "../../ui/PageTitle";
import { Risk } from "../../ui/Risk";
import { Rows } from "../../ui/Rows";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Empty, Resource } from "../../ui/states";
import { Tile, Tiles } from "../../ui/Tiles";
import tables from "../../ui/tables.module.css";
import { useNames } from "../auth/people/people";
import { ruleName } from "../risk/words";
import classes from "./Reviews.module.css";
import { hourSlots, levelOf, type Notable, SERIES, stateOf, timeLeft, titleOf } from "./words";

export type ReviewsSearch = { shown?: "decided" | "all"; user?: string };

const SHOWN = [
  { value: "waiting", label: "Waiting" },
  { value: "decided", label: "Approved" },
  { value: "all", label: "All high risk" },
];

function useQueue({ shown, user }: ReviewsSearch) {
  return useInfiniteQuery({
    queryKey: ["get", "/api/admin/security/transactions", "pages", shown, user],
    initialPageParam: undefined as string | undefined,
    refetchInterval: 5_000,
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        ...(shown === undefined && user === undefined ? { state: "open" as const } : {}),
        ...(shown === "decided" ? { state: "approved" as const } : {}),
        ...(user ? { user } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      const { data } = await api.GET("/api/admin/security/transactions", { params: { query }, signal });
      if (!data) throw new Error("an answer without a body");
      return data;
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function Reviews() {
  const dashboard = $api.useQuery("get", "/api/admin/security/dashboard/transactions", undefined, {
    refetchInterval: 10_000,
  });
  return (
    <>
      <PageTitle
        title="Review queue"
        about="Orders and withdrawals that are unlike their owner wait here for a decision. What nobody decides on in time is called off."
      />
      <div className={classes.page}>
        <Resource of={dashboard} what="the figures" skeleton={<SkeletonRows rows={2} height={150} />}>
          {(figures) => <Figures figures={figures} />}
        </Resource>
        <Queue />
      </div>
    </>
  );
}

function Figures({ figures }: { figures: Schemas["TransactionsDashboard"] }) {
  const now = useNow();
  const { since, hours } = figures;
  const slots = useMemo(() => hourSlots(since, hours, now), [since, hours, now]);
  return (
    <>
      <Tiles label="Transactions of 24 hours">
        <Tile label="Waiting now" about="for a decision" warns={figures.waiting > 0}>
          {count(figures.waiting)}
        </Tile>
        <Tile label="Assessed, 24 h" about="orders, withdrawals, payees">
          {count(figures.assessed)}
        </Tile>
        <Tile label="High risk" about={`${count(figures.held)} held`}>
          {count(figures.high_risk)}
        </Tile>
        <Tile label="Approved" about={`${count(figures.rejected)} rejected`}>
          {count(figures.approved)}
        </Tile>
        <Tile label="Expired" about="nobody decided in time" warns={figures.expired > 0}>
          {count(figures.expired)}
        </Tile>
      </Tiles>
      <div className={classes.charts}>
        <Card
          title="Transactions"
          about="Per hour, last 24 hours, in your time zone"
          actions={<Legend series={SERIES} />}
        >
          <Bars
            slots={slots}
            series={SERIES}
            height={200}
            label={`Transactions of 24 hours: ${count(figures.assessed)}, high risk ${count(figures.high_risk)}, held ${count(figures.held)}`}
          />
        </Card>
        <Card title="What made them unusual" about="Rules that added to a score">
          {figures.by_anomaly.length === 0 && (
            <Text size="sm" c="dimmed">
              Nothing was unusual.
            </Text>
          )}
          {figures.by_anomaly.slice(0, 7).map(({ rule, transactions }) => (
            <Line key={rule} label={ruleName(rule)}>
              {count(transactions)}
            </Line>
          ))}
        </Card>
      </div>
    </>
  );
}

function Queue() {
  const search = useSearch({ strict: false }) as ReviewsSearch;
  const navigate = useNavigate();
  const queue = useQueue(search);
  const items = queue.data?.pages.flatMap((page) => page.items) ?? [];
  const nameOf = useNames(items.map(({ user_id }) => user_id));
  return (
    <Card
      flush
      title="Cases"
      actions={
        <SegmentedControl
          aria-label="Which cases"
          data={SHOWN}
          value={search.shown ?? "waiting"}
          onChange={(shown) =>
            navigate({
              to: "/desk/review",
              search: shown === "waiting" ? {} : { shown: shown as "decided" | "all" },
              resetScroll: false,
            })
          }
        />
      }
    >
      <Resource of={queue} what="the queue" skeleton={<SkeletonRows rows={6} />}>
        {() =>
          items.length === 0 ? (
            <Empty icon={<IconChecks size={22} />} title="Nothing waits">
              Transactions appear here when the risk policy holds them.
            </Empty>
          ) : (
            <Table className={tables.table}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Transaction</Table.Th>
                  <Table.Th>Risk</Table.Th>
                  <Table.Th className={tables.wide}>Whose</Table.Th>
                  <Table.Th className={tables.wide}>Their word</Table.Th>
                  <Table.Th>State</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Rows items={items} keyOf={({ id }) => id} of={queue}>
                {(notable) => <Row key={notable.id} notable={notable} name={nameOf(notable.user_id)} />}
              </Rows>
            </Table>
          )
        }
      </Resource>
      <More of={queue} />
    </Card>
  );
}

function Row({ notable, name }: { notable: Notable; name: string }) {
  const now = useNow();
  const state = stateOf(notable.state);
  return (
    <Table.Tr>
      <Table.Td>
        <Link to="/desk/review/$id" params={{ id: notable.id }} className={tables.name}>
          {titleOf(notable)}
        </Link>
        <Text size="xs" c="dimmed">
          {shortly(notable.at)}
        </Text>
      </Table.Td>
      <Table.Td>
        <Risk score={notable.score} level={levelOf(notable.score)} />
      </Table.Td>
      <Table.Td className={tables.wide}>
        <div className={tables.under}>{name}</div>
      </Table.Td>
      <Table.Td className={tables.wide}>
        {notable.answered_at ? (
          `“It was me”, ${shortly(notable.answered_at)}`
        ) : (
          <Text size="sm" c="dimmed">
            Nothing yet
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={state.color}>
          {state.label}
        </Badge>
        {notable.state === "open" && notable.expires_at && (
          <Text size="xs" c="dimmed">
            {timeLeft(notable.expires_at, now)}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
