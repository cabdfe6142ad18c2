// Prices of one instrument that somebody waits for: those that are waited for, those that were met, and a new one.

import { ActionIcon, Badge, Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { IconBell, IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { $api, api, queries, type Schemas } from "../../api/client";
import { Card } from "../../ui/Card";
import { dateTime, level } from "../../ui/format";
import { Refusal } from "../../ui/Refusal";
import { done, failed } from "../../ui/toast";

type PriceAlert = Schemas["PriceAlertView"];
type Condition = Schemas["PriceCondition"];

const ALERTS = { queryKey: ["get", "/api/v1/price-alerts"] };
const WORDS: Record<string, string> = { above: "rises to", below: "falls to" };

export function AlertsCard({ symbol }: { symbol: string }) {
  const alerts = $api.useQuery(
    "get",
    "/api/v1/price-alerts",
    { params: { query: { limit: 200 } } },
    { refetchInterval: 15_000 },
  );
  const mine = (alerts.data?.items ?? []).filter((alert) => alert.symbol === symbol);
  return (
    <Card title="Price alerts" about="You are told by mail, once.">
      <Stack gap="sm">
        {mine.map((alert) => (
          <Row key={alert.id} alert={alert} />
        ))}
        <NewAlert symbol={symbol} />
      </Stack>
    </Card>
  );
}

function Row({ alert }: { alert: PriceAlert }) {
  const words = `${alert.symbol} ${WORDS[alert.condition]} ${level(alert.price)}`;
  const drop = useMutation({
    mutationFn: async () => {
      await api.DELETE("/api/v1/price-alerts/{id}", { params: { path: { id: alert.id } } });
      await queries.invalidateQueries(ALERTS);
    },
    onError: (error) => failed("The alert was not deleted", error),
  });
  return (
    <Group justify="space-between" wrap="nowrap" gap="xs">
      <div>
        <Text size="sm" fw={550} className="figures">
          {words} {alert.status === "fired" && <Badge variant="light">Met</Badge>}
        </Text>
        <Text size="sm" c="dimmed">
          {alert.fired_at ? `Met on ${dateTime(alert.fired_at)}` : `Since ${dateTime(alert.created_at)}`}
        </Text>
      </div>
      <ActionIcon
        size={30}
        aria-label={`Delete the alert: ${words}`}
        loading={drop.isPending}
        onClick={() => drop.mutate()}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </Group>
  );
}

function NewAlert({ symbol }: { symbol: string }) {
  const [condition, setCondition] = useState<Condition>("above");
  const [price, setPrice] = useState("");
  const make = useMutation({
    mutationFn: async () => {
      await api.POST("/api/v1/price-alerts", { body: { symbol, condition, price: price.trim() } });
      await queries.invalidateQueries(ALERTS);
    },
    onSuccess: () => {
      done(`You will be told when ${symbol} ${WORDS[condition]} ${price.trim()}`);
      setPrice("");
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <Stack gap="xs">
        <Refusal error={make.error} />
        <Group gap="xs" align="flex-end" grow>
          <NativeSelect
            label="When the price"
            data={Object.entries(WORDS).map(([value, label]) => ({ value, label }))}
            value={condition}
            onChange={(event) => setCondition(event.currentTarget.value as Condition)}
          />
          <TextInput
            label="Price"
            inputMode="decimal"
            required
            value={price}
            onChange={(event) => setPrice(event.currentTarget.value)}
          />
        </Group>
        <Button
          type="submit"
          variant="default"
          leftSection={<IconBell size={16} />}
          loading={make.isPending}
          disabled={price.trim() === ""}
        >
          Tell me
        </Button>
      </Stack>
    </form>
  );
}
