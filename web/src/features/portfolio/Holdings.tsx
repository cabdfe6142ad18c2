// The holdings: name, trend, price that moves in place, today, quantity, value, gain, weight. A row shows its chart.

import { Progress, Table, Text, UnstyledButton } from "@mantine/core";
import type { Schemas } from "../../api/client";
import { Card } from "../../ui/Card";
import { Delta, tone } from "../../ui/Delta";
import {
  change,
  count,
  direction,
  money,
  percentChange,
  price,
  quantity,
  quantityShortly,
  share,
} from "../../ui/format";
import { Trend } from "../../ui/Trend";
import tables from "../../ui/tables.module.css";
import { type Glance, today } from "../market/overview";
import classes from "./Holdings.module.css";

interface HoldingsProps {
  portfolio: Schemas["PortfolioView"];
  glances: readonly Glance[];
  selected: string | undefined;
  select: (symbol: string) => void;
}

export function Holdings({ portfolio, glances, selected, select }: HoldingsProps) {
  const positions = [...portfolio.positions].sort((left, right) => (right.weight ?? 0) - (left.weight ?? 0));
  return (
    <Card
      flush
      className={classes.card ?? ""}
      title="Holdings"
      about={`${count(positions.length)} ${positions.length === 1 ? "position" : "positions"}, prices as they move`}
    >
      <Table className={`${tables.table} ${classes.table}`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Holding</Table.Th>
            <Table.Th className={classes.trend}>30 days</Table.Th>
            <Table.Th className={`${tables.number} ${tables.wide}`}>Price</Table.Th>
            <Table.Th className={`${tables.number} ${tables.wide}`}>Today</Table.Th>
            <Table.Th className={`${tables.number} ${tables.wide}`}>Shares</Table.Th>
            <Table.Th className={tables.number}>Value</Table.Th>
            <Table.Th className={tables.number}>Gain</Table.Th>
            <Table.Th className={`${tables.number} ${tables.wide}`}>Weight</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {positions.map((position) => (
            <Row
              key={position.symbol}
              position={position}
              glance={glances.find(({ symbol }) => symbol === position.symbol)}
              selected={position.symbol === selected}
              select={() => select(position.symbol)}
            />
          ))}
          <CashRow portfolio={portfolio} />
        </Table.Tbody>
      </Table>
    </Card>
  );
}

interface RowProps {
  position: Schemas["PositionView"];
  glance: Glance | undefined;
  selected: boolean;
  select: () => void;
}

function Row({ position, glance, selected, select }: RowProps) {
  const move = glance ? today(glance) : null;
  return (
    <Table.Tr data-selected={selected || undefined} className={classes.row}>
      <Table.Td>
        <UnstyledButton onClick={select} className={tables.name} aria-pressed={selected}>
          {position.symbol}
        </UnstyledButton>
        <Text size="sm" c="dimmed" className={tables.under}>
          {glance?.name ?? "\u00a0"}
        </Text>
      </Table.Td>
      <Table.Td className={classes.trend}>
        <Trend values={glance ? [...glance.closes, glance.last] : []} />
      </Table.Td>
      <Table.Td className={`${tables.number} ${tables.wide}`}>
        {position.price ? price(position.price) : "\u2014"}
      </Table.Td>
      <Table.Td className={`${tables.number} ${tables.wide}`}>
        {move ? <Delta of={move.by}>{percentChange(move.ratio)}</Delta> : "\u2014"}
      </Table.Td>
      <Table.Td className={`${tables.number} ${tables.wide}`} title={quantity(position.qty)}>
        {quantityShortly(position.qty, 4)}
      </Table.Td>
      <Table.Td className={tables.number}>
        <Text span fw={600} size="md">
          {position.market_value ? money(position.market_value) : "\u2014"}
        </Text>
      </Table.Td>
      <Table.Td className={`${tables.number} ${tone(direction(position.unrealized_pl ?? "0"))}`}>
        {position.unrealized_pl ? change(position.unrealized_pl) : "\u2014"}
      </Table.Td>
      <Table.Td className={`${tables.number} ${tables.wide}`}>
        <Weight bps={position.weight} />
      </Table.Td>
    </Table.Tr>
  );
}

function CashRow({ portfolio }: { portfolio: Schemas["PortfolioView"] }) {
  const invested = portfolio.positions.reduce((sum, position) => sum + (position.weight ?? 0), 0);
  const none = (className: string) => <Table.Td className={className}>{"\u2014"}</Table.Td>;
  return (
    <Table.Tr>
      <Table.Td>
        <Text span fw={600}>
          Cash
        </Text>
        <Text size="sm" c="dimmed">
          {portfolio.currency}
        </Text>
      </Table.Td>
      {none(classes.trend ?? "")}
      {none(`${tables.number} ${tables.wide}`)}
      {none(`${tables.number} ${tables.wide}`)}
      {none(`${tables.number} ${tables.wide}`)}
      <Table.Td className={tables.number}>
        <Text span fw={600} size="md">
          {money(portfolio.cash, portfolio.currency)}
        </Text>
      </Table.Td>
      {none(tables.number ?? "")}
      <Table.Td className={`${tables.number} ${tables.wide}`}>
        <Weight bps={portfolio.equity ? Math.max(10_000 - invested, 0) : null} />
      </Table.Td>
    </Table.Tr>
  );
}

function Weight({ bps }: { bps: number | null | undefined }) {
  if (bps === null || bps === undefined) return "\u2014";
  return (
    <span className={classes.weight}>
      <Progress value={bps / 100} size={5} w={30} aria-hidden="true" />
      <span className={classes.part}>{share(bps)}</span>
    </span>
  );
}
