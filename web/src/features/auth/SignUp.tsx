// Opening an account. The answer is the same for every address; what follows is in the mail.

import { Anchor, Button, PasswordInput, Stack, Text, TextInput, ThemeIcon, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDocumentTitle } from "@mantine/hooks";
import { IconMailOpened } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { $api, api } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Refusal } from "../../ui/Refusal";
import { done, failed } from "../../ui/toast";
import { Strength } from "./Strength";

export function SignUp() {
  useDocumentTitle("Open an account · Stockade");
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useForm({ initialValues: { name: "", email: "", password: "" } });
  const register = useMutation({
    mutationFn: async ({ name, email, password }: typeof form.values) => {
      const called = name.trim();
      const body = { email: email.trim(), password, ...(called === "" ? {} : { name: called }) };
      await api.POST("/api/v1/auth/register", { body });
      setSentTo(body.email);
    },
    onError: (error) => {
      for (const { field, detail } of asProblem(error).fields) {
        if (field in form.values) form.setFieldError(field, detail);
      }
    },
  });
  if (sentTo !== null) return <CheckMail address={sentTo} />;
  return (
    <form onSubmit={form.onSubmit((values) => register.mutate(values))}>
      <Stack gap="md">
        <div>
          <Title order={1}>Open an account</Title>
          <Text c="dimmed" mt={4}>
            Have one already?{" "}
            <Anchor component={Link} to="/sign-in" underline="always">
              Sign in
            </Anchor>
          </Text>
        </div>
        <Refusal error={register.error} />
        <TextInput
          label="Your name"
          description="What we call you; you may leave it out."
          autoComplete="name"
          autoFocus
          {...form.getInputProps("name")}
        />
        <TextInput
          label="E-mail address"
          type="email"
          autoComplete="username"
          required
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
        <Button type="submit" size="md" loading={register.isPending}>
          Open an account
        </Button>
      </Stack>
    </form>
  );
}

function CheckMail({ address }: { address: string }) {
  const about = $api.useQuery("get", "/api/v1/about");
  const resend = useMutation({
    mutationFn: async () => {
      await api.POST("/api/v1/auth/email/resend", { body: { email: address } });
    },
    onSuccess: () => done("Asked for another mail"),
    onError: (error) => failed("Could not ask for another mail", error),
  });
  return (
    <Stack gap="md">
      <ThemeIcon size={48} radius="xl" variant="light">
        <IconMailOpened size={24} />
      </ThemeIcon>
      <div>
        <Title order={1}>Check your mail</Title>
        <Text c="dimmed" mt={6}>
          We wrote to <b>{address}</b>. The link in that mail brings your account into being; keep your
          password at hand, it is asked once more.
        </Text>
      </div>
      {about.data?.environment === "development" && (
        <Button component="a" href="/dev/mailbox" size="md">
          Open the development mailbox
        </Button>
      )}
      <Text size="sm" c="dimmed">
        Nothing there?{" "}
        <Anchor component="button" type="button" size="sm" underline="always" onClick={() => resend.mutate()}>
          Send it again
        </Anchor>
      </Text>
    </Stack>
  );
}
