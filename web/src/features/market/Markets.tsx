// Everything that has a price, at a glance.

import { Table, Text } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Card } from "../../ui/Card";
import { Delta } from "../../ui/Delta";
import { change, level, percentChange, price } from "../../ui/format";
import { PageTitle } from "../../ui/PageTitle";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Empty, Resource } from "../../ui/states";
import { Trend } from "../../ui/Trend";
import tables from "../../ui/tables.module.css";
import { ListBar } from "../watchlists/ListBar";
import { useWatchlists, type Watchlist } from "../watchlists/lists";
import { type Glance, today, useOverview } from "./overview";

export function Markets() {
  const overview = useOverview();
  const lists = useWatchlists();
  const [chosenId, choose] = useState<string | null>(null);
  const chosen = lists.find(({ id }) => id === chosenId);
  return (
    <>
      <PageTitle title="Markets" about="Prices move as you watch." />
      <ListBar lists={lists} chosen={chosen} choose={choose} />
      <Card flush label="Instruments">
        <Resource of={overview} what="the market" skeleton={<SkeletonRows rows={12} />}>
          {({ items }) =>
            chosen?.symbols.length === 0 ? (
              <Empty icon={<IconEye size={22} />} title={`Nothing on ${chosen.name} yet`}>
                Open an instrument and put it on this list.
              </Empty>
            ) : (
              <Table className={tables.table} highlightOnHover>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Instrument</Table.Th>
                    <Table.Th className={tables.wide}>30 days</Table.Th>
                    <Table.Th className={tables.number}>Price</Table.Th>
                    <Table.Th className={`${tables.number} ${tables.wide}`}>Change</Table.Th>
                    <Table.Th className={tables.number}>Today</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {shown(items, chosen).map((glance) => (
                    <Row key={glance.symbol} glance={glance} />
                  ))}
                </Table.Tbody>
              </Table>
            )
          }
        </Resource>
      </Card>
    </>
  );
}

/** What is on the chosen list, in its order; everything without one. */
function shown(items: readonly Glance[], chosen: Watchlist | undefined): readonly Glance[] {
  if (!chosen) return items;
  return chosen.symbols.flatMap((symbol) => items.filter((glance) => glance.symbol === symbol));
}

function Row({ glance }: { glance: Glance }) {
  const move = today(glance);
  const isIndex = glance.class === "index";
  return (
    <Table.Tr>
      <Table.Td>
        <Link to="/markets/$symbol" params={{ symbol: glance.symbol }} className={tables.name}>
          {glance.symbol}
        </Link>
        <Text size="sm" c="dimmed" className={tables.under}>
          {glance.name}
        </Text>
      </Table.Td>
      <Table.Td className={tables.wide}>
        <Trend values={[...glance.closes, glance.last]} />
      </Table.Td>
      <Table.Td className={tables.number}>{isIndex ? level(glance.last) : price(glance.last)}</Table.Td>
      <Table.Td className={`${tables.number} ${tables.wide}`}>
        {move ? (isIndex ? level(move.by) : change(move.by)) : "\u2014"}
      </Table.Td>
      <Table.Td className={tables.number}>
        {move ? <Delta of={move.by}>{percentChange(move.ratio)}</Delta> : "\u2014"}
      </Table.Td>
    </Table.Tr>
  );
}
