// Everything that moved cash or shares, newest first, and what was brought from elsewhere; as a file, too.

import { Badge, Button, Group, NativeSelect, Table, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload, IconListDetails, IconUpload } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schemas } from "../../../api/client";
import { Card } from "../../../ui/Card";
import { change, price, quantity, shortly } from "../../../ui/format";
import { More } from "../../../ui/More";
import { SkeletonRows } from "../../../ui/SkeletonRows";
import { Empty, Resource } from "../../../ui/states";
import tables from "../../../ui/tables.module.css";
import { Import } from "./Import";

const KINDS = [
  { value: "", label: "All types" },
  { value: "buy", label: "Purchases" },
  { value: "sell", label: "Sales" },
  { value: "deposit", label: "Deposits" },
  { value: "withdrawal", label: "Withdrawals" },
  { value: "dividend", label: "Dividends" },
  { value: "split", label: "Splits" },
];

export function Transactions() {
  const [kind, setKind] = useState("");
  const [importing, { open, close }] = useDisclosure(false);
  const transactions = useInfiniteQuery({
    queryKey: ["get", "/api/v1/portfolio/transactions", "pages", kind],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        limit: 25,
        ...(pageParam ? { cursor: pageParam } : {}),
        ...(kind ? { type: kind } : {}),
      };
      const { data } = await api.GET("/api/v1/portfolio/transactions", { params: { query }, signal });
      if (!data) throw new Error("an answer without a body");
      return data;
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  return (
    <Card
      flush
      title="Transactions"
      actions={
        <Group gap="xs">
          <NativeSelect
            aria-label="Type of transaction"
            size="xs"
            data={KINDS}
            value={kind}
            onChange={(event) => setKind(event.currentTarget.value)}
          />
          <Button size="xs" variant="default" leftSection={<IconUpload size={14} />} onClick={open}>
            Import
          </Button>
          <Button
            size="xs"
            variant="default"
            component="a"
            href={`/api/v1/portfolio/transactions/export${kind ? `?type=${kind}` : ""}`}
            download
            leftSection={<IconDownload size={14} />}
          >
            CSV
          </Button>
        </Group>
      }
    >
      <Resource of={transactions} what="your transactions" skeleton={<SkeletonRows rows={6} />}>
        {({ pages }) => <Rows items={pages.flatMap((page) => page.items)} />}
      </Resource>
      <More of={transactions} />
      <Import opened={importing} close={close} />
    </Card>
  );
}

function Rows({ items }: { items: readonly Schemas["TransactionView"][] }) {
  if (items.length === 0) {
    return (
      <Empty icon={<IconListDetails size={22} />} title="Nothing here">
        What moves your cash or shares appears here.
      </Empty>
    );
  }
  return (
    <Table className={tables.table}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>What</Table.Th>
          <Table.Th className={`${tables.number} ${tables.wide}`}>Shares</Table.Th>
          <Table.Th className={`${tables.number} ${tables.wide}`}>Price</Table.Th>
          <Table.Th className={tables.number}>Amount</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((item) => (
          <Table.Tr key={item.id}>
            <Table.Td>
              <Text span fw={600} size="md">
                {inWords(item)}
              </Text>{" "}
              {item.source !== "stockade" && (
                <Badge variant="light" color="gray" size="sm">
                  {item.source}
                </Badge>
              )}
              <Text size="sm" c="dimmed">
                {shortly(item.at)}
              </Text>
            </Table.Td>
            <Table.Td className={`${tables.number} ${tables.wide}`}>
              {item.qty ? quantity(item.qty) : "\u2014"}
            </Table.Td>
            <Table.Td className={`${tables.number} ${tables.wide}`}>
              {item.price ? price(item.price) : "\u2014"}
            </Table.Td>
            <Table.Td className={tables.number}>{change(item.amount, item.currency)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** `Bought KO`, `Deposit` */
function inWords({ type, symbol }: Schemas["TransactionView"]): string {
  const words: Record<string, string> = {
    buy: "Bought",
    sell: "Sold",
    cash_in_lieu: "Fraction paid out",
  };
  const spelled = type.replaceAll("_", " ");
  const what = words[type] ?? spelled.charAt(0).toUpperCase() + spelled.slice(1);
  return symbol ? `${what} ${symbol}` : what;
}
