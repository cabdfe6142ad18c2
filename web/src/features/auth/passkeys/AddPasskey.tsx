// A new passkey: its name, a proof of who adds it (the password, or a step-up that opens by itself), and the device's
// part. The first second factor brings backup codes.

import { Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { api, queries } from "../../../api/client";
import { Dialog } from "../../../ui/Dialog";
import { Refusal } from "../../../ui/Refusal";
import { done } from "../../../ui/toast";
import { showFieldErrors } from "../fieldErrors";
import { CodesSheet } from "../security/CodesSheet";
import { make } from "./ceremony";

interface AddPasskeyProps {
  opened: boolean;
  close: () => void;
  /** While no second factor is on, the password proves who asks. */
  needsPassword: boolean;
}

export function AddPasskey({ opened, close, needsPassword }: AddPasskeyProps) {
  return (
    <Dialog opened={opened} onClose={close} title="Add a passkey" closeOnClickOutside={false}>
      {opened && <Steps close={close} needsPassword={needsPassword} />}
    </Dialog>
  );
}

function Steps({ close, needsPassword }: Omit<AddPasskeyProps, "opened">) {
  const form = useForm({ initialValues: { name: "", password: "" } });
  const leave = async () => {
    done("Your passkey is ready");
    close();
    await queries.invalidateQueries();
  };
  const add = useMutation({
    mutationFn: async ({ name, password }: typeof form.values) => {
      const begun = await api.POST("/api/v1/auth/passkeys/register/start", {
        body: needsPassword ? { password } : {},
      });
      const credential = await make(begun.data?.options);
      const body = { name: name.trim(), credential };
      const { data } = await api.POST("/api/v1/auth/passkeys/register/finish", { body });
      if (data && data.backup_codes.length === 0) await leave();
      return data;
    },
    onError: showFieldErrors(form),
  });
  const codes = add.data?.backup_codes ?? [];
  if (codes.length > 0) return <CodesSheet codes={codes} kept={leave} />;
  return (
    <form onSubmit={form.onSubmit((values) => add.mutate(values))}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          Your browser asks next: with this device, your phone, or a security key.
        </Text>
        <Refusal error={add.error} />
        <TextInput
          label="What to call it"
          placeholder="My laptop"
          required
          maxLength={100}
          data-autofocus
          {...form.getInputProps("name")}
        />
        {needsPassword && (
          <PasswordInput
            label="Your password"
            autoComplete="current-password"
            required
            {...form.getInputProps("password")}
          />
        )}
        <Button type="submit" loading={add.isPending}>
          Go on
        </Button>
      </Stack>
    </form>
  );
}
