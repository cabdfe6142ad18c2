// The password as it is for a new one; everybody else is signed out.

import { Button, PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { api, queries } from "../../../api/client";
import { Dialog } from "../../../ui/Dialog";
import { Refusal } from "../../../ui/Refusal";
import { done } from "../../../ui/toast";
import { showFieldErrors } from "../fieldErrors";
import { NewPassword } from "../NewPassword";
import { useUser } from "../session";

export interface DialogProps {
  opened: boolean;
  close: () => void;
}

export function ChangePassword({ opened, close }: DialogProps) {
  return (
    <Dialog opened={opened} onClose={close} title="Change the password" size={440}>
      {opened && <ChangePasswordForm close={close} />}
    </Dialog>
  );
}

export function ChangePasswordForm({ close }: { close: () => void }) {
  const user = useUser();
  const form = useForm({ initialValues: { current_password: "", new_password: "" } });
  const save = useMutation({
    mutationFn: async (body: typeof form.values) => {
      await api.POST("/api/v1/auth/password/change", { body });
    },
    onSuccess: async () => {
      done("Your password is changed, and you are signed out everywhere else");
      close();
      await queries.invalidateQueries();
    },
    onError: showFieldErrors(form),
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack gap="md">
        <Refusal error={save.error} />
        <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
        <PasswordInput
          label="Present password"
          autoComplete="current-password"
          required
          data-autofocus
          {...form.getInputProps("current_password")}
        />
        <NewPassword
          label="New password"
          shorter
          password={form.values.new_password}
          email={user.email}
          name={user.name ?? ""}
          {...form.getInputProps("new_password")}
        />
        <Button type="submit" loading={save.isPending}>
          Change the password
        </Button>
      </Stack>
    </form>
  );
}
