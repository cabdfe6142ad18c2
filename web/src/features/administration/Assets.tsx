// What can be traded here.

import { Badge, Table, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconChartLine, IconSearch } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { $api } from "../../api/client";
import { Card } from "../../ui/Card";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Empty, Resource } from "../../ui/states";
import tables from "../../ui/tables.module.css";
import { capital } from "../risk/words";

const CLASSES: Record<string, string> = { us_equity: "US equity" };

export function Assets() {
  const [text, setText] = useState("");
  const [query] = useDebouncedValue(text.trim(), 200);
  const assets = $api.useQuery(
    "get",
    "/api/v1/assets",
    { params: { query: query === "" ? {} : { query } } },
    { placeholderData: keepPreviousData },
  );
  return (
    <Card
      flush
      title="Assets"
      about="They come from the feed of prices that this server is set up with."
      actions={
        <div className={tables.filters}>
          <TextInput
            aria-label="Symbol or name"
            placeholder="Symbol or name"
            leftSection={<IconSearch size={16} aria-hidden="true" />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </div>
      }
    >
      <Resource of={assets} what="the assets" skeleton={<SkeletonRows rows={8} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon={<IconChartLine size={22} />} title="No asset is called that">
              Look for a symbol or for a part of a company's name.
            </Empty>
          ) : (
            <Table className={tables.table}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Asset</Table.Th>
                  <Table.Th className={tables.wide}>Exchange</Table.Th>
                  <Table.Th className={tables.wide}>Kind</Table.Th>
                  <Table.Th>State</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((asset) => (
                  <Table.Tr key={asset.symbol}>
                    <Table.Td>
                      <Link to="/markets/$symbol" params={{ symbol: asset.symbol }} className={tables.name}>
                        {asset.symbol}
                      </Link>{" "}
                      {asset.name}
                    </Table.Td>
                    <Table.Td className={tables.wide}>{asset.exchange}</Table.Td>
                    <Table.Td className={tables.wide}>
                      {CLASSES[asset.class] ?? capital(asset.class.replaceAll("_", " "))}
                    </Table.Td>
                    <Table.Td>
                      <Badge variant="light" color={asset.tradable ? "teal" : "gray"}>
                        {asset.tradable ? "Can be traded" : capital(asset.status)}
                      </Badge>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Resource>
    </Card>
  );
}
