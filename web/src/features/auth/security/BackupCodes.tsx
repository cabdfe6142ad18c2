// Ten new backup codes for whoever proves who they are; the old ones end.

import { Button, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { api, queries } from "../../../api/client";
import { Dialog } from "../../../ui/Dialog";
import { Refusal } from "../../../ui/Refusal";
import { done } from "../../../ui/toast";
import type { DialogProps } from "./ChangePassword";
import { CodesSheet } from "./CodesSheet";

export function BackupCodes({ opened, close }: DialogProps) {
  return (
    <Dialog opened={opened} onClose={close} title="New backup codes" size={440} closeOnClickOutside={false}>
      {opened && <Steps close={close} />}
    </Dialog>
  );
}

function Steps({ close }: { close: () => void }) {
  const renew = useMutation({
    mutationFn: async () => {
      const { data } = await api.POST("/api/v1/auth/2fa/backup-codes", { body: {} });
      return data?.backup_codes ?? [];
    },
    onSuccess: () => queries.invalidateQueries(),
  });
  if (renew.data) {
    return (
      <CodesSheet
        codes={renew.data}
        kept={() => {
          done("The old backup codes have ended");
          close();
        }}
      />
    );
  }
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        You get ten new codes, and the old ones stop working.
      </Text>
      <Refusal error={renew.error} />
      <Button loading={renew.isPending} onClick={() => renew.mutate()}>
        Make new codes
      </Button>
    </Stack>
  );
}
