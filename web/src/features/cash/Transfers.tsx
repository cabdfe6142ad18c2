// Cash in and out. A withdrawal that is held says why and what happens next; its owner may confirm or cancel it.

import { Badge, Button, Table, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconWallet } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { api, queries } from "../../api/client";
import { Card } from "../../ui/Card";
import { change, dateTime, money, shortly } from "../../ui/format";
import { More } from "../../ui/More";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Empty, Resource } from "../../ui/states";
import tables from "../../ui/tables.module.css";
import { done, failed } from "../../ui/toast";
import { Held } from "../orders/Held";
import classes from "../orders/Orders.module.css";
import { AddCash } from "./AddCash";
import { Balance } from "./Balance";
import cash from "./Cash.module.css";
import { Payees } from "./Payees";
import { isStillMine, nextStep, statusOf, type Transfer } from "./status";
import { usePayees } from "./usePayees";

/** Asked for by few, so it comes when it is. */
const Withdraw = lazy(() => import("./Withdraw").then(({ Withdraw }) => ({ default: Withdraw })));

export function Transfers() {
  const [adding, { open, close }] = useDisclosure(false);
  const [withdrawing, { open: withdraw, close: stay }] = useDisclosure(false);
  return (
    <>
      <div className={`halves ${cash.top}`}>
        <Balance add={open} withdraw={withdraw} />
        <Payees />
      </div>
      <InAndOut add={open} />
      <AddCash opened={adding} close={close} />
      {withdrawing && (
        <Suspense fallback={null}>
          <Withdraw close={stay} />
        </Suspense>
      )}
    </>
  );
}

function InAndOut({ add }: { add: () => void }) {
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
  return (
    <Card flush title="In and out" label="Cash in and out">
      <Resource of={transfers} what="your cash movements" skeleton={<SkeletonRows rows={5} />}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) {
            return (
              <Empty
                icon={<IconWallet size={22} />}
                title="No cash yet"
                action={
                  <Button leftSection={<IconPlus size={16} />} onClick={add}>
                    Add cash
                  </Button>
                }
              >
                What you add appears here.
              </Empty>
            );
          }
          return (
            <Table className={tables.table}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>What</Table.Th>
                  <Table.Th className={tables.wide}>When</Table.Th>
                  <Table.Th className={tables.number}>Amount</Table.Th>
                  <Table.Th>Status</Table.Th>
                  <Table.Th className={tables.wide}>
                    <span className="hidden-visually">Actions</span>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((transfer) => (
                  <Row key={transfer.id} transfer={transfer} />
                ))}
              </Table.Tbody>
            </Table>
          );
        }}
      </Resource>
      <More of={transfers} />
    </Card>
  );
}

function Row({ transfer }: { transfer: Transfer }) {
  const { id, kind, amount, currency, review } = transfer;
  const status = statusOf(transfer);
  const why = nextStep(transfer);
  const payee = usePayees().data?.items.find(({ id }) => id === transfer.destination);
  const cancel = useMutation({
    mutationFn: async () => {
      await api.DELETE("/api/v1/cash/withdrawals/{id}", {
        params: { path: { id } },
        headers: { "Idempotency-Key": `cancel-${id}` },
      });
    },
    onSuccess: () => done(`Canceled: ${money(amount, currency)} stay with you`),
    onError: (error) => failed("The withdrawal was not canceled", error),
    onSettled: () => queries.invalidateQueries({ queryKey: ["get"] }),
  });
  const action = isStillMine(transfer) && (
    <Button size="compact-sm" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
      Cancel
    </Button>
  );
  return (
    <Table.Tr>
      <Table.Td>
        <Text span fw={600} size="md">
          {kind === "deposit" ? "Deposit" : "Withdrawal"}
        </Text>
        <Text size="sm" c="dimmed">
          {[payee && `to ${payee.name}`, transfer.simulated && "simulated bank"]
            .filter(Boolean)
            .join(", ")
            .replace(/^./, (letter) => letter.toUpperCase())}
        </Text>
        <Text size="xs" c="dimmed" className={tables.narrow ?? ""}>
          {shortly(transfer.created_at)}
        </Text>
      </Table.Td>
      <Table.Td className={tables.wide}>{dateTime(transfer.created_at)}</Table.Td>
      <Table.Td className={tables.number}>
        {change(kind === "deposit" ? amount : `-${amount}`, currency)}
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={status.color}>
          {status.label}
        </Badge>
        {review && <Held kind="withdrawal" id={id} review={review} />}
        {why && (
          <Text size="xs" c="dimmed" maw={260} mt={4}>
            {why}
          </Text>
        )}
        {/* On a phone there is no room beside it. */}
        <div className={classes.below}>{action}</div>
      </Table.Td>
      <Table.Td className={`${tables.number} ${tables.wide}`}>{action}</Table.Td>
    </Table.Tr>
  );
}
