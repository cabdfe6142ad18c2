// Where the links of mails lead. Opening one changes nothing, since mail scanners open links too; its button does.

import { PasswordInput, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../../api/client";
import { asProblem } from "../../../api/problem";
import { done } from "../../../ui/toast";
import { deviceReport } from "../device";
import { EmailInput } from "../EmailInput";
import { FormHead } from "../FormHead";
import { NewPassword } from "../NewPassword";
import { begin } from "../session";
import { MailForm, ToSignIn, useToken } from "./MailForm";

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
        <FormHead
          title="Check your mail"
          about={
            <>
              If <b>{email}</b> has an account here, a link to choose a new password is on its way.
            </>
          }
        />
        <ToSignIn />
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
      <EmailInput autoFocus value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
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
      <NewPassword
        label="New password"
        shorter
        autoFocus
        password={password}
        error={asProblem(reset.error).field("password")}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
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
