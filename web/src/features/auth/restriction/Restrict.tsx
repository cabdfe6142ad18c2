// Freezes an account: every session ends, and only two people of the desk give it back.

import { Button, Stack, Text, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, queries } from "../../../api/client";
import { Dialog } from "../../../ui/Dialog";
import { Refusal } from "../../../ui/Refusal";
import { done } from "../../../ui/toast";

interface RestrictProps {
  user: string;
  name: string;
  opened: boolean;
  close: () => void;
}

export function Restrict({ user, name, opened, close }: RestrictProps) {
  const [reason, setReason] = useState("");
  const restrict = useMutation({
    mutationFn: async () => {
      await api.POST("/api/admin/security/accounts/{user_id}/restrict", {
        params: { path: { user_id: user } },
        body: { reason },
      });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["get"] });
      done(`${name} is restricted`);
      setReason("");
      close();
    },
  });
  return (
    <Dialog opened={opened} onClose={close} title="Restrict this account" onTop>
      <Stack gap="md">
        <Text size="sm">
          {name} is signed out everywhere and can neither sign in nor trade, until two of the desk, one of
          them an administrator, have made sure who the owner is.
        </Text>
        {restrict.error !== null && <Refusal error={restrict.error} />}
        <Textarea
          data-autofocus
          label="Why"
          description="Colleagues read it. It stays on record."
          autosize
          minRows={2}
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button
          color="red"
          disabled={reason.trim() === ""}
          loading={restrict.isPending}
          onClick={() => restrict.mutate()}
        >
          Restrict
        </Button>
      </Stack>
    </Dialog>
  );
}
