// Turns the authenticator app off, for the password and a code.

import { Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { api, queries } from "../../../api/client";
import { Dialog } from "../../../ui/Dialog";
import { Refusal } from "../../../ui/Refusal";
import { done } from "../../../ui/toast";
import type { DialogProps } from "./ChangePassword";

export function TurnOff({ opened, close }: DialogProps) {
  return (
    <Dialog opened={opened} onClose={close} title="Turn the authenticator app off" size={440}>
      {opened && <Form close={close} />}
    </Dialog>
  );
}

function Form({ close }: { close: () => void }) {
  const form = useForm({ initialValues: { password: "", code: "" } });
  const off = useMutation({
    mutationFn: async ({ password, code }: typeof form.values) => {
      await api.POST("/api/v1/auth/2fa/disable", { body: { password, code: code.trim() } });
    },
    onSuccess: async () => {
      done("The authenticator app is off");
      close();
      await queries.invalidateQueries();
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => off.mutate(values))}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          Your password alone will open your account then. Better keep the app on, unless you are moving to
          another one.
        </Text>
        <Refusal error={off.error} />
        <PasswordInput
          label="Your password"
          autoComplete="current-password"
          required
          data-autofocus
          {...form.getInputProps("password")}
        />
        <TextInput
          label="A code of the app, or a backup code"
          autoComplete="one-time-code"
          required
          {...form.getInputProps("code")}
        />
        <Button type="submit" color="red" loading={off.isPending}>
          Turn it off
        </Button>
      </Stack>
    </form>
  );
}
