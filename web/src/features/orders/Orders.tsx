// Orders, and everything else that happened: open ones first to cancel, then all, then cash in and out, then the record
// of one's account with a proof for each entry.

import { Badge, Button, Group, SegmentedControl, Table, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconListDetails } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { api, queries, type Schemas } from "../../api/client";
import { Card } from "../../ui/Card";
import { money, price, quantity, shortly } from "../../ui/format";
import { More } from "../../ui/More";
import { PageTitle } from "../../ui/PageTitle";
import { Pulse } from "../../ui/Pulse";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Empty, Resource } from "../../ui/states";
import tables from "../../ui/tables.module.css";
import { done, failed } from "../../ui/toast";
import { useOwnEvents } from "../notifications/live";
import { Held } from "./Held";
import classes from "./Orders.module.css";
import { Replace } from "./Replace";
import { isAtMarket, isOpen, statusOf } from "./status";
import { inWords } from "./terms";

/** Behind tabs of their own, so they come when those are opened. */
const Transfers = lazy(() => import("../cash/Transfers").then(({ Transfers }) => ({ default: Transfers })));
const Activity = lazy(() => import("../audit/Activity").then(({ Activity }) => ({ default: Activity })));

const TABS = [
  { value: "open", label: "Open" },
  { value: "all", label: "All orders" },
  { value: "cash", label: "Cash" },
  { value: "record", label: "Record" },
] as const;

export type OrdersTab = (typeof TABS)[number]["value"];

export function Orders() {
  const { tab = "all" } = useSearch({ strict: false }) as { tab?: OrdersTab };
  const navigate = useNavigate();
  const line = useOwnEvents();
  return (
    <>
      <PageTitle
        title="Orders and activity"
        about={
          <>
            What you asked for, and what became of it.
            <Pulse state={line} apart />
          </>
        }
        actions={
          <SegmentedControl
            aria-label="What to show"
            data={[...TABS]}
            value={tab}
            onChange={(next) => navigate({ to: "/orders", search: { tab: next as OrdersTab } })}
          />
        }
      />
      <Suspense fallback={<Waiting />}>
        {tab === "cash" && <Transfers />}
        {tab === "record" && <Activity />}
      </Suspense>
      {(tab === "all" || tab === "open") && <OrderList key={tab} openOnly={tab === "open"} />}
    </>
  );
}

function Waiting() {
  return (
    <Card flush label="Loading">
      <SkeletonRows rows={6} height={52} />
    </Card>
  );
}

function OrderList({ openOnly }: { openOnly: boolean }) {
  const orders = useInfiniteQuery({
    queryKey: ["get", "/api/v1/orders", "pages", openOnly],
    initialPageParam: undefined as string | undefined,
    // Events tell what happens; asking now and then covers what they cannot, such as a line that was cut.
    refetchInterval: 30_000,
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        limit: 25,
        ...(pageParam ? { cursor: pageParam } : {}),
        ...(openOnly ? { open: true } : {}),
      };
      const { data } = await api.GET("/api/v1/orders", { params: { query }, signal });
      if (!data) throw new Error("an answer without a body");
      return data;
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  return (
    <Card flush label="Orders">
      <Resource of={orders} what="your orders" skeleton={<SkeletonRows rows={6} height={52} />}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <NoOrders openOnly={openOnly} />;
          return (
            <>
              <Table className={tables.table}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Order</Table.Th>
                    <Table.Th className={tables.wide}>Filled</Table.Th>
                    <Table.Th className={`${tables.number} ${tables.wide}`}>Price</Table.Th>
                    <Table.Th className={`${tables.number} ${tables.wide}`}>Amount</Table.Th>
                    <Table.Th>Status</Table.Th>
                    <Table.Th className={tables.wide}>
                      <span className="hidden-visually">Actions</span>
                    </Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((order) => (
                    <Row key={order.id} order={order} />
                  ))}
                </Table.Tbody>
              </Table>
              <More of={orders} />
            </>
          );
        }}
      </Resource>
    </Card>
  );
}

function Row({ order }: { order: Schemas["OrderView"] }) {
  const status = statusOf(order.status);
  const [editing, { open: edit, close }] = useDisclosure(false);
  const cancel = useMutation({
    mutationFn: async () => {
      await api.DELETE("/api/v1/orders/{id}", {
        params: { path: { id: order.id } },
        headers: { "Idempotency-Key": `cancel-${order.id}` },
      });
    },
    onSuccess: () => done(`Canceled: ${inWords(order).toLowerCase()}`),
    onError: (error) => failed("The order was not canceled", error),
    onSettled: () => queries.invalidateQueries({ queryKey: ["get"] }),
  });
  const amount = order.fills.length === 1 ? order.fills[0]?.amount : undefined;
  const actions = (
    <>
      {isAtMarket(order.status) && order.qty && (
        <Button size="compact-sm" variant="default" onClick={edit}>
          Change
        </Button>
      )}
      {isOpen(order.status) && (
        <Button
          size="compact-sm"
          variant="default"
          loading={cancel.isPending}
          onClick={() => cancel.mutate()}
        >
          Cancel
        </Button>
      )}
    </>
  );
  const held = order.status === "pending_review" && order.review && (
    <Held kind="order" id={order.id} review={order.review} />
  );
  return (
    <>
      <Table.Tr data-held={held ? true : undefined}>
        <Table.Td className={classes.order}>
          <Link to="/markets/$symbol" params={{ symbol: order.symbol }} className={tables.name}>
            {inWords(order)}
          </Link>
          <Text size="sm" c="dimmed">
            {pricing(order)}, {shortly(order.submitted_at)}
          </Text>
          {amount && !order.notional && (
            <Text size="sm" className={tables.narrow ?? ""}>
              {money(amount)}
            </Text>
          )}
        </Table.Td>
        <Table.Td className={tables.wide}>
          {quantity(order.filled_qty)}
          {order.status === "partially_filled" && order.qty && ` of ${quantity(order.qty)}`}
        </Table.Td>
        <Table.Td className={`${tables.number} ${tables.wide}`}>
          {order.filled_avg_price ? price(order.filled_avg_price) : "\u2014"}
        </Table.Td>
        <Table.Td className={`${tables.number} ${tables.wide}`}>
          {amount ? money(amount) : order.notional ? money(order.notional) : "\u2014"}
        </Table.Td>
        <Table.Td>
          <Badge variant="light" color={status.color}>
            {status.label}
          </Badge>
          {held && <div className={tables.wide}>{held}</div>}
          {/* On a phone there is no room beside it. */}
          {!held && <div className={classes.below}>{actions}</div>}
        </Table.Td>
        <Table.Td className={`${tables.number} ${tables.wide}`}>
          <Group gap={6} justify="flex-end" wrap="nowrap">
            {actions}
          </Group>
          <Replace order={order} opened={editing} close={close} />
        </Table.Td>
      </Table.Tr>
      {held && (
        <Table.Tr className={classes.underneath}>
          <Table.Td colSpan={6}>
            {held}
            <div className={classes.below}>{actions}</div>
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

/** "Stop $70.00, limit $69.50" */
function pricing(order: Schemas["OrderView"]): string {
  const stop = order.stop_price && `stop ${price(order.stop_price)}`;
  const limit = order.limit_price && `limit ${price(order.limit_price)}`;
  const words = [stop, limit].filter(Boolean).join(", ") || "market";
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function NoOrders({ openOnly }: { openOnly: boolean }) {
  return (
    <Empty
      icon={<IconListDetails size={22} />}
      title={openOnly ? "No open orders" : "No orders yet"}
      action={
        <Button component={Link} to="/markets" variant="light">
          Look at the markets
        </Button>
      }
    >
      {openOnly
        ? "Orders that wait for their price appear here, where you can cancel them."
        : "What you buy and sell appears here."}
    </Empty>
  );
}
