// The form that a mail's link leads to: its title, what it does, and its button.

import { Anchor, Button, Stack } from "@mantine/core";
import { Link, useSearch } from "@tanstack/react-router";
import type { FormEvent, ReactNode } from "react";
import { Refusal } from "../../../ui/Refusal";
import { FormHead } from "../FormHead";

/** The token of the page's address. */
export function useToken(): string {
  return (useSearch({ strict: false }) as { token?: string }).token ?? "";
}

interface FormProps {
  title: string;
  about: ReactNode;
  action: string;
  /** For what cannot be taken back. */
  danger?: boolean;
  busy: boolean;
  error: unknown;
  submit: () => void;
  children?: ReactNode;
}

export function MailForm({ title, about, action, danger, busy, error, submit, children }: FormProps) {
  const send = (event: FormEvent) => {
    event.preventDefault();
    submit();
  };
  return (
    <form onSubmit={send}>
      <Stack gap="md">
        <FormHead title={title} about={about} />
        <Refusal error={error} />
        {children}
        <Button type="submit" size="md" loading={busy} {...(danger ? { color: "red" } : {})}>
          {action}
        </Button>
        <ToSignIn />
      </Stack>
    </form>
  );
}

export function ToSignIn() {
  return (
    <Anchor component={Link} to="/sign-in" size="sm" underline="always">
      To the sign-in
    </Anchor>
  );
}
