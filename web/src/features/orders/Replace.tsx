// Other terms for an open order: the server ends it and puts a new order into its place. The form has one Idempotency-Key
// for its life, so that another try after a lost answer is one replacement.

import { Button, NumberInput, Select, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, queries, type Schemas } from "../../api/client";
import { newId } from "../../api/ids";
import { Dialog } from "../../ui/Dialog";
import { quantity } from "../../ui/format";
import { Refusal } from "../../ui/Refusal";
import { done } from "../../ui/toast";
import { PriceInput } from "./PriceInput";
import { hasLimit, hasStop, inWords, timesOf } from "./terms";

type Order = Schemas["OrderView"];

interface ReplaceProps {
  order: Order;
  opened: boolean;
  close: () => void;
}

export function Replace({ order, opened, close }: ReplaceProps) {
  return (
    <Dialog opened={opened} onClose={close} title="Change the order" size={400}>
      {opened && <Form order={order} close={close} />}
    </Dialog>
  );
}

function Form({ order, close }: Omit<ReplaceProps, "opened">) {
  const [key] = useState(() => newId());
  const [before] = useState(() => termsOf(order));
  const [terms, setTerms] = useState(before);
  const set = (change: Partial<typeof terms>) => setTerms((now) => ({ ...now, ...change }));
  const changed = Object.fromEntries(
    Object.entries(terms).filter(([name, value]) => value !== "" && value !== before[name as keyof Terms]),
  );
  const replace = useMutation({
    mutationFn: async () => {
      await api.PATCH("/api/v1/orders/{id}", {
        params: { path: { id: order.id } },
        headers: { "Idempotency-Key": key },
        body: changed,
      });
    },
    onSuccess: () => {
      done(`Changed: ${inWords(order).toLowerCase()}`);
      close();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["get"] }),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        replace.mutate();
      }}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {inWords(order)}
          {order.status === "partially_filled" && `, of which ${quantity(order.filled_qty)} are filled`}. A
          new order takes its place.
        </Text>
        <Refusal error={replace.error} />
        <NumberInput
          label="Shares in all"
          data-autofocus
          hideControls
          allowNegative={false}
          thousandSeparator=","
          decimalScale={9}
          value={terms.qty}
          onValueChange={({ value }) => set({ qty: value })}
        />
        {hasStop(order.type) && (
          <PriceInput
            label="Stop price"
            value={terms.stop_price}
            set={(price) => set({ stop_price: price })}
          />
        )}
        {hasLimit(order.type) && (
          <PriceInput
            label="Limit price"
            value={terms.limit_price}
            set={(price) => set({ limit_price: price })}
          />
        )}
        <Select
          label="Good for"
          allowDeselect={false}
          data={timesOf(order.type)}
          value={terms.time_in_force}
          onChange={(time) => set({ time_in_force: time ?? before.time_in_force })}
        />
        <Button type="submit" loading={replace.isPending} disabled={Object.keys(changed).length === 0}>
          Change the order
        </Button>
      </Stack>
    </form>
  );
}

type Terms = ReturnType<typeof termsOf>;

function termsOf(order: Order) {
  return {
    qty: order.qty ?? "",
    limit_price: order.limit_price ?? "",
    stop_price: order.stop_price ?? "",
    time_in_force: order.time_in_force,
  };
}
