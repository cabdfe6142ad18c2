// Where the links of mails lead. Opening one changes nothing, since mail scanners open links too; its button does.

import { Anchor, Button, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useState } from "react";
import { api } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Refusal } from "../../ui/Refusal";
import { done } from "../../ui/toast";
import { deviceReport } from "./device";
import { Strength } from "./Strength";
import { begin } from "./session";

/** The token of the page's address. */
function useToken(): string {
  return (useSearch({ strict: false }) as { token?: string }).token ?? "";
}

interface FormProps {
  title: string;
  about: ReactNode;
  action: string;
  busy: boolean;
  error: unknown;
  submit: () => void;
  children?: ReactNode;
}

function MailForm({ title, about, action, busy, error, submit, children }: FormProps) {
  useDocumentTitle(`${title} · Stockade`);
  const send = (event: FormEvent) => {
    event.preventDefault();
    submit();
  };
  return (
    <form onSubmit={send}>
      <Stack gap="md">
        <div>
          <Title order={1}>{title}</Title>
          <Text c="dimmed" mt={4}>
            {about}
          </Text>
        </div>
        <Refusal error={error} />
        {children}
        <Button type="submit" size="md" loading={busy}>
          {action}
        </Button>
        <Anchor component={Link} to="/sign-in" size="sm" underline="always">
          To the sign-in
        </Anchor>
      </Stack>
    </form>
  );
}

/** `/confirm`: the account comes into being, and whoever confirmed it is signed in with the password just given. */
export function ConfirmAddress() {
  const token = useToken();
  const navigate = useNavigate();
  const [password, setPassword] = useState("");
  const confirm = useMutation({
    mutationFn: async () => {
      const { data: user } = await api.POST("/api/v1/auth/email/verify", { body: { token, password } });
      if (!user) return;
      const body = { email: user.email, password, device: deviceReport() };
      const { data } = await api.POST("/api/v1/auth/login", {
        params: { query: { session: "cookie" } },
        body,
      });
      if (data && "user" in data) {
        await begin(data.user);
        await navigate({ to: "/security/authenticator", search: { first: true } });
      }
    },
  });
  return (
    <MailForm
      title="Confirm your address"
      about="With the password you chose, so that nobody confirms what somebody else began."
      action="Confirm my address"
      busy={confirm.isPending}
      error={confirm.error}
      submit={() => confirm.mutate()}
    >
      <PasswordInput
        label="The password you chose"
        autoComplete="current-password"
        required
        autoFocus
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
    </MailForm>
  );
}

/** `/forgot-password` */
export function ForgotPassword() {
  const [email, setEmail] = useState("");
  const ask = useMutation({
    mutationFn: async () => {
      await api.POST("/api/v1/auth/password/forgot", { body: { email: email.trim() } });
    },
  });
  if (ask.isSuccess) {
    return (
      <Stack gap="md">
        <Title order={1}>Check your mail</Title>
        <Text c="dimmed">
          If <b>{email}</b> has an account here, a link to choose a new password is on its way.
        </Text>
        <Anchor component={Link} to="/sign-in" size="sm" underline="always">
          To the sign-in
        </Anchor>
      </Stack>
    );
  }
  return (
    <MailForm
      title="Forgotten your password?"
      about="We send a link with which you choose a new one. Your second factor stays as it is."
      action="Send the link"
      busy={ask.isPending}
      error={ask.error}
      submit={() => ask.mutate()}
    >
      <TextInput
        label="E-mail address"
        type="email"
        autoComplete="username"
        required
        autoFocus
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
    </MailForm>
  );
}

/** `/reset-password` */
export function ResetPassword() {
  const token = useToken();
  const navigate = useNavigate();
  const [password, setPassword] = useState("");
  const reset = useMutation({
    mutationFn: async () => {
      await api.POST("/api/v1/auth/password/reset", { body: { token, password } });
      done("Your password is changed. Sign in with the new one.");
      await navigate({ to: "/sign-in" });
    },
  });
  return (
    <MailForm
      title="Choose a new password"
      about="It signs you out everywhere else."
      action="Change my password"
      busy={reset.isPending}
      error={reset.error}
      submit={() => reset.mutate()}
    >
      <div>
        <PasswordInput
          label="New password"
          description="15 characters or more; 8 beside a second factor."
          autoComplete="new-password"
          required
          autoFocus
          mb={8}
          error={asProblem(reset.error).field("password")}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Strength password={password} email="" />
      </div>
    </MailForm>
  );
}

/** `/confirm-email` */
export function ConfirmNewEmail() {
  const token = useToken();
  const navigate = useNavigate();
  const confirm = useMutation({
    mutationFn: async () => {
      await api.POST("/api/v1/auth/email/change/confirm", { body: { token } });
      done("Your address is changed. Sign in with the new one.");
      await navigate({ to: "/sign-in" });
    },
  });
  return (
    <MailForm
      title="Confirm your new address"
      about="You sign in with it from now on. Everybody is signed out."
      action="Confirm my new address"
      busy={confirm.isPending}
      error={confirm.error}
      submit={() => confirm.mutate()}
    />
  );
}

/** `/confirm-sign-ins`: the account opens to new devices again, after very many failures closed it to them. */
export function ConfirmSignIns() {
  const token = useToken();
  const navigate = useNavigate();
  const confirm = useMutation({
    mutationFn: async () => {
      await api.POST("/api/v1/auth/sign-ins/confirm", { body: { token } });
      done("Done. You can sign in now.");
      await navigate({ to: "/sign-in" });
    },
  });
  return (
    <MailForm
      title="Let new devices sign in again"
      about="Somebody failed to sign in to your account many times, so it takes no new device until you say so."
      action="Let them"
      busy={confirm.isPending}
      error={confirm.error}
      submit={() => confirm.mutate()}
    />
  );
}
