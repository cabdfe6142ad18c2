// Everything that has a price, at a glance.

import { Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Card } from "../../ui/Card";
import { Delta } from "../../ui/Delta";
import { change, level, percentChange, price } from "../../ui/format";
import { PageTitle } from "../../ui/PageTitle";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Resource } from "../../ui/states";
import { Trend } from "../../ui/Trend";
import tables from "../../ui/tables.module.css";
import { type Glance, today, useOverview } from "./overview";

export function Markets() {
  const overview = useOverview();
  return (
    <>
      <PageTitle title="Markets" about="Prices move as you watch." />
      <Card flush label="Instruments">
        <Resource of={overview} what="the market" skeleton={<SkeletonRows rows={12} />}>
          {({ items }) => (
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
                {items.map((glance) => (
                  <Row key={glance.symbol} glance={glance} />
                ))}
              </Table.Tbody>
            </Table>
          )}
        </Resource>
      </Card>
    </>
  );
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
