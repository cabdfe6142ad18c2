// The first administrator, made once with the link that the server prints at its first start.

import { Button, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { api } from "../../api/client";
import { Refusal } from "../../ui/Refusal";
import { done } from "../../ui/toast";
import { EmailInput } from "./EmailInput";
import { FormHead } from "./FormHead";
import { showFieldErrors } from "./fieldErrors";
import { NewPassword } from "./NewPassword";

export function Setup() {
  const { token = "" } = useSearch({ strict: false }) as { token?: string };
  const navigate = useNavigate();
  const form = useForm({ initialValues: { email: "", password: "" } });
  const make = useMutation({
    mutationFn: async ({ email, password }: typeof form.values) => {
      await api.POST("/api/v1/setup", { body: { token, email: email.trim(), password } });
      done("The administrator was made. Sign in now.");
      // Whoever administers has a second factor from the first day.
      await navigate({ to: "/sign-in", search: { next: "/security/authenticator?first=true" } });
    },
    onError: showFieldErrors(form),
  });
  return (
    <form onSubmit={form.onSubmit((values) => make.mutate(values))}>
      <Stack gap="md">
        <FormHead
          title="Make the first administrator"
          about="This page works once, for whoever started the server."
        />
        <Refusal error={make.error} />
        <EmailInput autoFocus {...form.getInputProps("email")} />
        <NewPassword
          password={form.values.password}
          email={form.values.email}
          {...form.getInputProps("password")}
        />
        <Button type="submit" size="md" loading={make.isPending}>
          Make the administrator
        </Button>
      </Stack>
    </form>
  );
}
