// Another address, which becomes the account's once the mailed link is confirmed.

import { Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { api } from "../../../api/client";
import { Dialog } from "../../../ui/Dialog";
import { Refusal } from "../../../ui/Refusal";
import type { DialogProps } from "./ChangePassword";

export function ChangeEmail({ opened, close }: DialogProps) {
  return (
    <Dialog opened={opened} onClose={close} title="Change the address" size={440}>
      {opened && <Form close={close} />}
    </Dialog>
  );
}

function Form({ close }: { close: () => void }) {
  const form = useForm({ initialValues: { new_email: "", password: "" } });
  const ask = useMutation({
    mutationFn: async (body: typeof form.values) => {
      await api.POST("/api/v1/auth/email/change", { body });
    },
  });
  if (ask.isSuccess) {
    return (
      <Stack gap="md">
        <Text>
          We wrote to <b>{form.values.new_email}</b>. Your address changes once the link in that mail is
          confirmed.
        </Text>
        <Button onClick={close}>Done</Button>
      </Stack>
    );
  }
  return (
    <form onSubmit={form.onSubmit((values) => ask.mutate(values))}>
      <Stack gap="md">
        <Refusal error={ask.error} />
        <TextInput
          label="New address"
          type="email"
          required
          data-autofocus
          {...form.getInputProps("new_email")}
        />
        <PasswordInput
          label="Your password"
          autoComplete="current-password"
          required
          {...form.getInputProps("password")}
        />
        <Button type="submit" loading={ask.isPending}>
          Send the link
        </Button>
      </Stack>
    </form>
  );
}
