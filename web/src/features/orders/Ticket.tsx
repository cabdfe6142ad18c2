// The order ticket: side, size, price, and what it comes to, asked of the server as one types. Nothing is placed here;
// that takes the confirmation.

import {
  Alert,
  Button,
  NativeSelect,
  NumberInput,
  SegmentedControl,
  Skeleton,
  Stack,
  Text,
} from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { api } from "../../api/client";
import { asProblem, sentence } from "../../api/problem";
import { Card, Line } from "../../ui/Card";
import { money, price, quantity, shortly } from "../../ui/format";
import { PriceInput } from "./PriceInput";
import classes from "./Ticket.module.css";
import {
  canBeInCash,
  type Draft,
  draftOf,
  hasLimit,
  hasStop,
  inWords,
  type OrderType,
  type PlaceOrder,
  requestOf,
  type Side,
  type SizeIn,
  TYPES,
  timesOf,
} from "./terms";

/** Loaded when the first order is reviewed. */
const Confirm = lazy(() => import("./Confirm").then(({ Confirm }) => ({ default: Confirm })));

interface TicketProps {
  symbol: string;
  /** Shares of it that can be sold. */
  available?: string;
}

export function Ticket({ symbol, available = "0" }: TicketProps) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(symbol));
  const [review, { open, close }] = useDisclosure(false);
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const request = requestOf(draft);
  const preview = usePreview(request);
  const inCash = draft.sizeIn === "cash" && canBeInCash(draft.type);
  const refused = request !== null && preview.error ? asProblem(preview.error) : null;
  const canPlace =
    request !== null && !refused && preview.data?.affordable === true && !preview.isPlaceholderData;
  return (
    <Card title="Order ticket" about={symbol} label="Order ticket">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (canPlace) open();
        }}
      >
        <Stack gap="sm">
          <SegmentedControl
            aria-label="Side"
            fullWidth
            data={[
              { value: "buy", label: "Buy" },
              { value: "sell", label: "Sell" },
            ]}
            value={draft.side}
            onChange={(side) => set({ side: side as Side })}
          />
          <div className={classes.pair}>
            <NativeSelect
              label="Type"
              data={TYPES}
              value={draft.type}
              onChange={(event) => set({ type: event.currentTarget.value as OrderType, timeInForce: "day" })}
            />
            <NativeSelect
              label="Good for"
              data={timesOf(draft.type).map(({ value, label }) => ({ value, label }))}
              value={draft.timeInForce}
              onChange={(event) => set({ timeInForce: event.currentTarget.value as Draft["timeInForce"] })}
            />
          </div>
          {hasStop(draft.type) && (
            <PriceInput label="Stop price" value={draft.stop} set={(stop) => set({ stop })} />
          )}
          <div className={classes.pair}>
            <NumberInput
              label={inCash ? "Amount" : "Shares"}
              hideControls
              allowNegative={false}
              thousandSeparator=","
              prefix={inCash ? "$" : ""}
              decimalScale={inCash ? 2 : 9}
              value={draft.size}
              onValueChange={({ value }) => set({ size: value })}
            />
            {hasLimit(draft.type) && (
              <PriceInput label="Limit price" value={draft.limit} set={(limit) => set({ limit })} />
            )}
            {canBeInCash(draft.type) && (
              <NativeSelect
                label="Sized in"
                data={[
                  { value: "shares", label: "Shares" },
                  { value: "cash", label: "Dollars" },
                ]}
                value={draft.sizeIn}
                onChange={(event) => set({ sizeIn: event.currentTarget.value as SizeIn, size: "" })}
              />
            )}
          </div>
          {draft.side === "sell" && (
            <Text size="sm" c="dimmed">
              You can sell {quantity(available)} shares.
              {!inCash && available !== "0" && (
                <Button size="compact-xs" variant="subtle" ml={6} onClick={() => set({ size: available })}>
                  All of them
                </Button>
              )}
            </Text>
          )}
          <Estimate
            preview={preview.data}
            pending={request !== null && preview.isPending}
            side={draft.side}
          />
          {refused && (
            <Alert color="red" p="xs" role="alert">
              {sentence(refused)}
            </Alert>
          )}
          {preview.data && !preview.data.affordable && !refused && (
            <Alert color="yellow" p="xs" role="status" className={classes.dark}>
              {draft.side === "buy"
                ? "That is more than your buying power."
                : "You do not have that many shares to sell."}
            </Alert>
          )}
          <Button type="submit" size="md" disabled={!canPlace}>
            {draft.side === "buy" ? "Review buy order" : "Review sell order"}
          </Button>
        </Stack>
      </form>
      {request && review && (
        <Suspense>
          <Confirm
            request={request}
            title={inWords(request)}
            close={(placed) => {
              close();
              if (placed) set({ size: "" });
            }}
          />
        </Suspense>
      )}
    </Card>
  );
}

/** What the server says the order would do right now. */
export function usePreview(request: PlaceOrder | null) {
  const [settled] = useDebouncedValue(request === null ? "" : JSON.stringify(request), 200);
  return useQuery({
    queryKey: ["order-preview", settled],
    enabled: settled !== "" && request !== null,
    placeholderData: keepPreviousData,
    refetchInterval: 3_000,
    staleTime: 0,
    gcTime: 0,
    retry: false,
    queryFn: async ({ signal }) => {
      const { data } = await api.POST("/api/v1/orders/preview", {
        body: JSON.parse(settled) as PlaceOrder,
        signal,
      });
      if (!data) throw new Error("an answer without a body");
      return data;
    },
  });
}

type Preview = NonNullable<ReturnType<typeof usePreview>["data"]>;

interface EstimateProps {
  preview: Preview | undefined;
  pending: boolean;
  side: Side;
}

export function Estimate({ preview, pending, side }: EstimateProps) {
  const blank = pending ? <Skeleton height={14} width={72} display="inline-block" /> : "\u2014";
  const waits = preview !== undefined && preview.price === null;
  const opens = waits ? preview.opens_at : null;
  return (
    <div>
      <Line label={opens ? "Waits for the opening" : waits ? "Waits for its price" : "Price now"}>
        {preview ? (opens ? shortly(opens) : waits ? "yes" : price(preview.price ?? "0")) : blank}
      </Line>
      <Line label={waits ? "Reserves up to" : side === "buy" ? "Estimated cost" : "Estimated proceeds"}>
        {preview ? (preview.amount ? money(preview.amount) : `${quantity("0")} cash`) : blank}
      </Line>
      <Line label="Fee">{preview ? money(preview.fee) : blank}</Line>
      <Line label="Buying power after" strong>
        {preview?.buying_power_after ? money(preview.buying_power_after) : blank}
      </Line>
    </div>
  );
}
