// Removing a passkey. When no second factor is left after it, the password must stand alone, and is asked for.

import { Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { api, queries, type Schemas } from "../../../api/client";
import { Dialog } from "../../../ui/Dialog";
import { Refusal } from "../../../ui/Refusal";
import { done } from "../../../ui/toast";
import { showFieldErrors } from "../fieldErrors";

interface RemovePasskeyProps {
  passkey: Schemas["PasskeyView"];
  isLast: boolean;
  opened: boolean;
  close: () => void;
}

export function RemovePasskey({ opened, close, ...rest }: RemovePasskeyProps) {
  return (
    <Dialog opened={opened} onClose={close} title="Remove the passkey">
      {opened && <Form close={close} {...rest} />}
    </Dialog>
  );
}

function Form({ passkey: { id, name }, isLast, close }: Omit<RemovePasskeyProps, "opened">) {
  const form = useForm({ initialValues: { password: "" } });
  const remove = useMutation({
    mutationFn: async ({ password }: typeof form.values) => {
      const params = { path: { id } };
      await api.DELETE("/api/v1/auth/passkeys/{id}", isLast ? { params, body: { password } } : { params });
    },
    onSuccess: async () => {
      done(`${name} was removed`);
      close();
      await queries.invalidateQueries();
    },
    onError: showFieldErrors(form),
  });
  return (
    <form onSubmit={form.onSubmit((values) => remove.mutate(values))}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          <b>{name}</b> signs you in no more.
          {isLast &&
            " Your password alone opens your account then, so it must be long enough to stand alone."}
        </Text>
        <Refusal error={remove.error} />
        {isLast && (
          <PasswordInput
            label="Your password"
            autoComplete="current-password"
            required
            data-autofocus
            {...form.getInputProps("password")}
          />
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={close}>
            Keep it
          </Button>
          <Button type="submit" color="red" loading={remove.isPending}>
            Remove
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
