// Programs that are told of what happens: their addresses, how deliveries went, and the secret, which is shown once.

import {
  Alert,
  Badge,
  Button,
  Code,
  CopyButton,
  Group,
  Stack,
  Table,
  TagsInput,
  Text,
  TextInput,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconWebhook } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { $api, api, queries, type Schemas } from "../../api/client";
import { Card } from "../../ui/Card";
import { Dialog } from "../../ui/Dialog";
import { count, shortly } from "../../ui/format";
import { Refusal } from "../../ui/Refusal";
import { Side } from "../../ui/Side";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Empty, Resource } from "../../ui/states";
import tables from "../../ui/tables.module.css";
import { done, failed } from "../../ui/toast";
import { RemoveWebhook } from "./RemoveWebhook";

type Webhook = Schemas["WebhookView"];

const PATH = "/api/admin/webhooks";
const again = () => queries.invalidateQueries({ queryKey: ["get", PATH] });

const WHY: Record<string, string> = {
  gone: "it said that it is gone",
  failing: "it failed for too long",
  secret_tampered: "its secret was changed behind the program’s back",
};

export function Webhooks() {
  const webhooks = $api.useQuery("get", PATH, undefined, { refetchInterval: 10_000 });
  const [adding, { open, close }] = useDisclosure(false);
  const [chosen, choose] = useState<Webhook | null>(null);
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      Add a webhook
    </Button>
  );
  return (
    <Card flush title="Webhooks" about="Each event is sent once more until it arrives, signed." actions={add}>
      <Resource of={webhooks} what="the webhooks" skeleton={<SkeletonRows rows={4} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon={<IconWebhook size={22} />} title="No program is told">
              A webhook gets what happens here as signed messages, by ids and without personal data.
            </Empty>
          ) : (
            <Table className={tables.table}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Address</Table.Th>
                  <Table.Th className={tables.wide}>Is told of</Table.Th>
                  <Table.Th>State</Table.Th>
                  <Table.Th>
                    <span className="hidden-visually">Actions</span>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((webhook) => (
                  <Row key={webhook.id} webhook={webhook} open={() => choose(webhook)} />
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Resource>
      <Dialog opened={adding} onClose={close} title="Add a webhook" closeOnClickOutside={false}>
        <Add close={close} />
      </Dialog>
      <Side opened={chosen !== null} onClose={() => choose(null)} title="Deliveries">
        {chosen && <Deliveries webhook={chosen} />}
      </Side>
    </Card>
  );
}

function Row({ webhook, open }: { webhook: Webhook; open: () => void }) {
  const path = { id: webhook.id };
  const fire = useMutation({
    mutationFn: async () => {
      await api.POST("/api/admin/webhooks/{id}/test", { params: { path } });
    },
    onSuccess: async () => {
      await again();
      done("A test is on its way; see the deliveries");
    },
    onError: (error) => failed("Not sent", error),
  });
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: "anywhere" }}>
        <Text span fw={600} size="md">
          {webhook.url}
        </Text>
        <Text size="xs" c="dimmed">
          since {shortly(webhook.created_at)}
        </Text>
      </Table.Td>
      <Table.Td className={tables.wide}>
        <span className="mono">{webhook.kinds.join(", ")}</span>
      </Table.Td>
      <Table.Td>
        <State webhook={webhook} />
      </Table.Td>
      <Table.Td>
        <Group gap={6} justify="flex-end">
          <Button size="compact-sm" variant="default" onClick={open}>
            Deliveries
          </Button>
          <Button size="compact-sm" variant="default" loading={fire.isPending} onClick={() => fire.mutate()}>
            Test
          </Button>
          <RemoveWebhook webhook={webhook} />
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function State({ webhook }: { webhook: Webhook }) {
  if (webhook.disabled_at) {
    return (
      <>
        <Badge variant="light" color="red">
          Switched off
        </Badge>
        <Text size="xs" c="dimmed">
          {WHY[webhook.disabled_why ?? ""] ?? webhook.disabled_why}, {shortly(webhook.disabled_at)}
        </Text>
      </>
    );
  }
  if (webhook.failing_since) {
    return (
      <>
        <Badge variant="light" color="yellow">
          Failing
        </Badge>
        <Text size="xs" c="dimmed">
          since {shortly(webhook.failing_since)}
        </Text>
      </>
    );
  }
  return (
    <Badge variant="light" color="teal">
      Well
    </Badge>
  );
}

function Add({ close }: { close: () => void }) {
  const [url, setUrl] = useState("");
  const [kinds, setKinds] = useState<string[]>([]);
  const add = useMutation({
    mutationFn: async () => {
      const body = { url, ...(kinds.length > 0 ? { kinds } : {}) };
      const { data } = await api.POST(PATH, { body });
      await again();
      return data;
    },
  });
  const secret = add.data?.secret;
  if (secret) {
    return (
      <Stack gap="md">
        <Alert color="yellow" variant="light" title="Copy the secret now">
          <Text size="sm">Signatures are checked with it. It is shown this once.</Text>
        </Alert>
        <Code block style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
          {secret}
        </Code>
        <Group grow>
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? "Copied" : "Copy"}
              </Button>
            )}
          </CopyButton>
          <Button onClick={close}>I kept it</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <Stack gap="md">
      {add.error !== null && <Refusal error={add.error} />}
      <TextInput
        data-autofocus
        label="Address"
        description="It begins with https."
        placeholder="https://example.com/hooks"
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <TagsInput
        label="What it is told of"
        description="Kinds such as order.filled, or families such as incident.*; everything without any"
        value={kinds}
        onChange={setKinds}
      />
      <Button disabled={url.trim() === ""} loading={add.isPending} onClick={() => add.mutate()}>
        Add
      </Button>
    </Stack>
  );
}

function Deliveries({ webhook }: { webhook: Webhook }) {
  const deliveries = $api.useQuery(
    "get",
    "/api/admin/webhooks/{id}/deliveries",
    { params: { path: { id: webhook.id } } },
    { refetchInterval: 3_000 },
  );
  return (
    <>
      <Text size="sm" c="dimmed" mb="md" style={{ overflowWrap: "anywhere" }}>
        {webhook.url}
      </Text>
      <Resource of={deliveries} what="the deliveries" skeleton={<SkeletonRows rows={6} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              Nothing was sent yet.
            </Text>
          ) : (
            <Stack gap="sm">
              {items.map((delivery) => (
                <div key={delivery.id}>
                  <Group justify="space-between" gap={8}>
                    <span className="mono">{delivery.kind}</span>
                    <Badge variant="light" color={delivery.delivered_at ? "teal" : "yellow"}>
                      {delivery.delivered_at ? "Arrived" : delivery.status}
                    </Badge>
                  </Group>
                  <Text size="xs" c="dimmed">
                    {shortly(delivery.created_at)}, {count(delivery.tries)}{" "}
                    {delivery.tries === 1 ? "try" : "tries"}
                    {delivery.answer ? `, answered ${delivery.answer}` : ""}
                    {delivery.problem ? `: ${delivery.problem}` : ""}
                  </Text>
                </div>
              ))}
            </Stack>
          )
        }
      </Resource>
    </>
  );
}
