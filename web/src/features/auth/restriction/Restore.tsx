// Gives a restricted account back to its owner: two people each say how they made sure who that is.

import { Alert, Button, Stack, Text, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, queries } from "../../../api/client";
import { Dialog } from "../../../ui/Dialog";
import { dateTime } from "../../../ui/format";
import { Refusal } from "../../../ui/Refusal";
import { done } from "../../../ui/toast";
import { named } from "../../incidents/words";
import type { Account } from "./words";

interface RestoreProps {
  account: Account;
  opened: boolean;
  close: () => void;
}

export function Restore({ account, opened, close }: RestoreProps) {
  const [check, setCheck] = useState("");
  const { restoration } = account;
  const name = named(account.account);
  const restore = useMutation({
    mutationFn: async () => {
      const { data } = await api.POST("/api/admin/security/accounts/{user_id}/restore", {
        params: { path: { user_id: account.account.id } },
        body: { identity_check: check },
      });
      return data?.status;
    },
    onSuccess: async (status) => {
      await queries.invalidateQueries({ queryKey: ["get"] });
      done(status === "restored" ? `${name} has their account back` : "Asked. Another person finishes it.");
      setCheck("");
      close();
    },
  });
  return (
    <Dialog
      opened={opened}
      onClose={close}
      title={restoration ? "Finish the restoration" : "Restore this account"}
    >
      <Stack gap="md">
        <Text size="sm">
          {restoration
            ? `${name} gets a link to choose a new password. What a stranger may hold is taken away: sessions, devices, keys, and passkeys and links that are newer than the first sign.`
            : `This asks for the restoration of ${name}. Another person carries it out; one of the two must be an administrator.`}
        </Text>
        {restoration && (
          <Alert color="gray" variant="light" title={`${named(restoration.asked_by)} made sure by`}>
            {restoration.identity_check}
            <Text size="xs" c="dimmed" mt={4}>
              {dateTime(restoration.asked_at)}
            </Text>
          </Alert>
        )}
        {restore.error !== null && <Refusal error={restore.error} />}
        <Textarea
          data-autofocus
          label="How you made sure that it is the owner"
          description="It stays on record."
          autosize
          minRows={3}
          maxLength={2000}
          value={check}
          onChange={(event) => setCheck(event.currentTarget.value)}
        />
        <Button disabled={check.trim() === ""} loading={restore.isPending} onClick={() => restore.mutate()}>
          {restoration ? "Give the account back" : "Ask for the restoration"}
        </Button>
      </Stack>
    </Dialog>
  );
}
