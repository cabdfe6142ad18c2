// Opening an account. The answer is the same for every address; what follows is in the mail.

import { Anchor, Button, Stack, Text, TextInput, ThemeIcon } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconMailOpened } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { $api, api } from "../../api/client";
import { Refusal } from "../../ui/Refusal";
import { done, failed } from "../../ui/toast";
import { EmailInput } from "./EmailInput";
import { FormHead } from "./FormHead";
import { showFieldErrors } from "./fieldErrors";
import { NewPassword } from "./NewPassword";

export function SignUp() {
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useForm({ initialValues: { name: "", email: "", password: "" } });
  const register = useMutation({
    mutationFn: async ({ name, email, password }: typeof form.values) => {
      const called = name.trim();
      const body = { email: email.trim(), password, ...(called === "" ? {} : { name: called }) };
      await api.POST("/api/v1/auth/register", { body });
      setSentTo(body.email);
    },
    onError: showFieldErrors(form),
  });
  if (sentTo !== null) return <CheckMail address={sentTo} />;
  return (
    <form onSubmit={form.onSubmit((values) => register.mutate(values))}>
      <Stack gap="md">
        <FormHead
          title="Open an account"
          about={
            <>
              Have one already?{" "}
              <Anchor component={Link} to="/sign-in" underline="always">
                Sign in
              </Anchor>
            </>
          }
        />
        <Refusal error={register.error} />
        <TextInput
          label="Your name"
          description="What we call you; you may leave it out."
          autoComplete="name"
          autoFocus
          {...form.getInputProps("name")}
        />
        <EmailInput {...form.getInputProps("email")} />
        <NewPassword
          password={form.values.password}
          email={form.values.email}
          name={form.values.name}
          {...form.getInputProps("password")}
        />
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
      <FormHead
        title="Check your mail"
        about={
          <>
            We wrote to <b>{address}</b>. The link in that mail brings your account into being; keep your
            password at hand, it is asked once more.
          </>
        }
      />
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
