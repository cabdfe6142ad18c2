// Taking something off a list, which lets it through or judges it anew from the next request on.

import { ActionIcon, Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { api, queries, type Schemas } from "../../../api/client";
import { Dialog } from "../../../ui/Dialog";
import { Refusal } from "../../../ui/Refusal";
import { done } from "../../../ui/toast";

/** What no longer holds once the line is gone. */
const ENDS: Record<Schemas["LineView"]["list"], string> = {
  block: "is blocked no more",
  watch: "is watched no more",
  allow: "is judged like any other again",
};

export function RemoveLine({ line }: { line: Schemas["LineView"] }) {
  const [opened, { open, close }] = useDisclosure(false);
  const remove = useMutation({
    mutationFn: async () => {
      await api.DELETE("/api/admin/security/lists/{id}", { params: { path: { id: line.id } } });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["get", "/api/admin/security/lists"] });
      done(`${line.value} is on no list any more`);
      close();
    },
  });
  return (
    <>
      <ActionIcon aria-label={`Remove ${line.value}`} onClick={open}>
        <IconTrash size={16} />
      </ActionIcon>
      <Dialog opened={opened} onClose={close} title="Take it off the list">
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            <b className="mono">{line.value}</b> {ENDS[line.list]}, from the next request on. It was listed
            because: {line.reason}
          </Text>
          <Refusal error={remove.error} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={close}>
              Keep it
            </Button>
            <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
              Take it off
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}
