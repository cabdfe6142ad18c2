// Cash in and out.

import { Button, Table, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconWallet } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { api } from "../../api/client";
import { Card } from "../../ui/Card";
import { change, dateTime } from "../../ui/format";
import { More } from "../../ui/More";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Empty, Resource } from "../../ui/states";
import tables from "../../ui/tables.module.css";
import { AddCash } from "./AddCash";

export function Transfers() {
  const [adding, { open, close }] = useDisclosure(false);
  const transfers = useInfiniteQuery({
    queryKey: ["get", "/api/v1/cash/transactions", "pages"],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: 25, ...(pageParam ? { cursor: pageParam } : {}) };
      const { data } = await api.GET("/api/v1/cash/transactions", { params: { query }, signal });
      if (!data) throw new Error("an answer without a body");
      return data;
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      Add cash
    </Button>
  );
  return (
    <Card flush label="Cash in and out">
      <Resource of={transfers} what="your cash movements" skeleton={<SkeletonRows rows={5} />}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) {
            return (
              <Empty icon={<IconWallet size={22} />} title="No cash yet" action={add}>
                What you add appears here.
              </Empty>
            );
          }
          return (
            <Table className={tables.table}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>What</Table.Th>
                  <Table.Th>When</Table.Th>
                  <Table.Th className={tables.number}>Amount</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((transfer) => (
                  <Table.Tr key={transfer.id}>
                    <Table.Td>
                      <Text span fw={600} size="md">
                        {transfer.kind === "deposit" ? "Deposit" : "Withdrawal"}
                      </Text>
                      {transfer.simulated && (
                        <Text size="sm" c="dimmed">
                          Simulated bank
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td>{dateTime(transfer.created_at)}</Table.Td>
                    <Table.Td className={tables.number}>
                      {change(
                        transfer.kind === "deposit" ? transfer.amount : `-${transfer.amount}`,
                        transfer.currency,
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          );
        }}
      </Resource>
      <More of={transfers} />
      <AddCash opened={adding} close={close} />
    </Card>
  );
}
