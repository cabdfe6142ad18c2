// A stranger's device or session: it is ended and forgotten first, and then the password, which the stranger knows, is
// changed.

import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { api, queries } from "../../api/client";
import { Dialog } from "../../ui/Dialog";
import { Refusal } from "../../ui/Refusal";
import { ChangePasswordForm } from "../auth/security/ChangePassword";
import type { Device } from "./DeviceRow";
import type { Session } from "./SessionRow";

export interface Stranger {
  device?: Device;
  session?: Session;
}

interface WasNotMeProps {
  stranger: Stranger | null;
  close: () => void;
}

export function WasNotMe({ stranger, close }: WasNotMeProps) {
  return (
    <Dialog opened={stranger !== null} onClose={close} title="This wasn’t you?" closeOnClickOutside={false}>
      {stranger && <Steps stranger={stranger} close={close} />}
    </Dialog>
  );
}

function Steps({ stranger, close }: { stranger: Stranger; close: () => void }) {
  const name = stranger.device?.name ?? stranger.session?.device ?? "That device";
  const end = useMutation({
    mutationFn: () => forget(stranger),
    onSuccess: () => queries.invalidateQueries(),
  });
  if (end.isSuccess) {
    return (
      <Stack gap="md">
        <Text size="sm">
          <b>{name}</b> is signed out and forgotten. Whoever it was knew your password, so choose another one
          now. It signs everybody else out.
        </Text>
        <ChangePasswordForm close={close} />
      </Stack>
    );
  }
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        We end every session of <b>{name}</b> at once and forget the device. Then you choose a new password,
        because whoever it was knew yours.
      </Text>
      <Refusal error={end.error} />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={close}>
          It was me
        </Button>
        <Button color="red" loading={end.isPending} onClick={() => end.mutate()}>
          End it and forget it
        </Button>
      </Group>
    </Stack>
  );
}

/** A device takes its sessions with it; a session whose device is gone stands alone. */
async function forget({ device, session }: Stranger): Promise<void> {
  const id = device?.id ?? session?.device_id;
  if (id) await api.DELETE("/api/v1/devices/{id}", { params: { path: { id } } });
  else if (session) await api.DELETE("/api/v1/sessions/{id}", { params: { path: { id: session.id } } });
}
