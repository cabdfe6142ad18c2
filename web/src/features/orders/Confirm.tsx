// The confirmation of an order, and its receipt. The dialog has one Idempotency-Key for its life, so that a double click,
// or another try after a lost answer, is one order.

import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconCircleCheck, IconClockHour4 } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, queries, type Schemas } from "../../api/client";
import { newId } from "../../api/ids";
import { Line } from "../../ui/Card";
import { Dialog } from "../../ui/Dialog";
import { money, price, quantity } from "../../ui/format";
import { Refusal } from "../../ui/Refusal";
import { ProofSeal } from "../audit/ProofSeal";
import { useProofOf } from "../audit/useProof";
import { statusOf } from "./status";
import { Estimate, usePreview } from "./Ticket";
import { inWords, type PlaceOrder, priceInWords, type Side } from "./terms";

interface ConfirmProps {
  request: PlaceOrder;
  title: string;
  close: (placed: boolean) => void;
}

export function Confirm({ request, title, close }: ConfirmProps) {
  return (
    <Dialog opened onClose={() => close(false)} title="Confirm your order" size={440}>
      <Steps request={request} title={title} close={close} />
    </Dialog>
  );
}

function Steps({ request, title, close }: ConfirmProps) {
  // The order is what was reviewed, whatever happens to the ticket below.
  const [order] = useState(request);
  const [key] = useState(() => newId());
  const preview = usePreview(order);
  const place = useMutation({
    mutationFn: async () => {
      const headers = { "Idempotency-Key": key };
      const { data } = await api.POST("/api/v1/orders", { headers, body: order });
      if (!data) throw new Error("an answer without a body");
      return data;
    },
    onSuccess: () => {
      for (const path of ["/api/v1/portfolio", "/api/v1/cash", "/api/v1/orders"]) {
        void queries.invalidateQueries({ queryKey: ["get", path] });
      }
    },
  });
  if (place.data) return <Receipt order={place.data} close={() => close(true)} />;
  return (
    <Stack gap="md">
      <div>
        <Title order={3}>{title}</Title>
        <Text size="sm" c="dimmed">
          {priceInWords(order)}
        </Text>
      </div>
      <Estimate preview={preview.data} pending={preview.isPending} side={order.side as Side} />
      <Refusal error={place.error} />
      <Button size="md" data-autofocus loading={place.isPending} onClick={() => place.mutate()}>
        {inWords(order)}
      </Button>
      <Text size="xs" c="dimmed" ta="center" style={{ textWrap: "balance" }}>
        Signed with this session's key. Prices may move until it is filled.
      </Text>
    </Stack>
  );
}

function Receipt({ order, close }: { order: Schemas["OrderView"]; close: () => void }) {
  const proof = useProofOf(
    order.id,
    ({ details }) => (details as { order?: string } | null)?.order === order.id,
  );
  const status = statusOf(order.status);
  const filled = order.status === "filled";
  return (
    <Stack gap="md">
      <Group gap="sm" wrap="nowrap">
        {filled ? (
          <IconCircleCheck size={28} color="var(--up)" />
        ) : (
          <IconClockHour4 size={28} color="var(--brand-text)" />
        )}
        <div>
          <Title order={3}>{inWords(order)}</Title>
          <Text size="sm" c="dimmed">
            {status.label}. {status.means}
          </Text>
        </div>
      </Group>
      <div>
        {order.fills.map((fill) => (
          <Line key={fill.at + fill.qty} label={`${quantity(fill.qty)} at ${price(fill.price)}`}>
            {money(fill.amount)}
          </Line>
        ))}
      </div>
      <ProofSeal of={proof} />
      <Group grow>
        <Button variant="default" component={Link} to="/orders">
          All orders
        </Button>
        <Button onClick={close}>Done</Button>
      </Group>
    </Stack>
  );
}
