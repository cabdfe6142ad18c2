// Deleting a webhook: its program is told of nothing more, and its secret is of no use.

import { Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { api, queries, type Schemas } from "../../api/client";
import { Dialog } from "../../ui/Dialog";
import { Refusal } from "../../ui/Refusal";
import { done } from "../../ui/toast";

export function RemoveWebhook({ webhook }: { webhook: Schemas["WebhookView"] }) {
  const [opened, { open, close }] = useDisclosure(false);
  const remove = useMutation({
    mutationFn: async () => {
      await api.DELETE("/api/admin/webhooks/{id}", { params: { path: { id: webhook.id } } });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["get", "/api/admin/webhooks"] });
      done("The webhook is deleted");
    },
  });
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={open}>
        Delete
      </Button>
      <Dialog opened={opened} onClose={close} title="Delete the webhook">
        <Stack gap="md">
          <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            <b className="mono">{webhook.url}</b> is told of nothing more, nor of what still waits to be sent.
            To be told again it needs a new webhook, with a new secret.
          </Text>
          <Refusal error={remove.error} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={close}>
              Keep it
            </Button>
            <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
              Delete it
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}
