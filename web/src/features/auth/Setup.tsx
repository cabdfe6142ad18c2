// The first administrator, made once with the link that the server prints at its first start.

import { Button, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDocumentTitle } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { api } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Refusal } from "../../ui/Refusal";
import { done } from "../../ui/toast";
import { Strength } from "./Strength";

export function Setup() {
  useDocumentTitle("First administrator · Stockade");
  const { token = "" } = useSearch({ strict: false }) as { token?: string };
  const navigate = useNavigate();
  const form = useForm({ initialValues: { email: "", password: "" } });
  const make = useMutation({
    mutationFn: async ({ email, password }: typeof form.values) => {
      await api.POST("/api/v1/setup", { body: { token, email: email.trim(), password } });
      done("The administrator was made. Sign in now.");
      await navigate({ to: "/sign-in" });
    },
    onError: (error) => {
      for (const { field, detail } of asProblem(error).fields) {
        if (field in form.values) form.setFieldError(field, detail);
      }
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => make.mutate(values))}>
      <Stack gap="md">
        <div>
          <Title order={1}>Make the first administrator</Title>
          <Text c="dimmed" mt={4}>
            This page works once, for whoever started the server.
          </Text>
        </div>
        <Refusal error={make.error} />
        <TextInput
          label="E-mail address"
          type="email"
          autoComplete="username"
          required
          autoFocus
          {...form.getInputProps("email")}
        />
        <div>
          <PasswordInput
            label="Password"
            description="15 characters or more; four unrelated words do well."
            autoComplete="new-password"
            required
            mb={8}
            {...form.getInputProps("password")}
          />
          <Strength password={form.values.password} email={form.values.email} />
        </div>
        <Button type="submit" size="md" loading={make.isPending}>
          Make the administrator
        </Button>
      </Stack>
    </form>
  );
}
