// For whoever has no second factor: the password, and the eight digits that were just mailed. The last digit sends both.

import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { Refusal } from "../../../ui/Refusal";
import { useUser } from "../session";

const LENGTH = 8;

interface MailedCodeProps {
  busy: boolean;
  error: unknown;
  send: (shown: { code: string; password: string }) => void;
}

export function MailedCode({ busy, error, send }: MailedCodeProps) {
  const { email } = useUser();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const type = (text: string) => {
    const digits = text.replaceAll(/\D/g, "").slice(0, LENGTH);
    setCode(digits);
    if (digits.length === LENGTH && digits !== code && password !== "" && !busy)
      send({ code: digits, password });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send({ code, password });
      }}
    >
      <Stack gap="md">
        <Refusal error={error} />
        <PasswordInput
          label="Your password"
          autoComplete="current-password"
          required
          autoFocus
          data-autofocus
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <TextInput
          label="The code we just mailed you"
          description={`Eight digits, sent to ${email}.`}
          autoComplete="one-time-code"
          inputMode="numeric"
          required
          value={code}
          onChange={(event) => type(event.currentTarget.value)}
        />
        <Button type="submit" loading={busy} disabled={code.length < LENGTH || password === ""}>
          Confirm
        </Button>
      </Stack>
    </form>
  );
}
