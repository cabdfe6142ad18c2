// The end of an account: typed out, so that no slip of the finger does it, and then proven by step-up.

import { Alert, Button, List, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api/client";
import { asProblem, sentence } from "../../api/problem";
import { Dialog } from "../../ui/Dialog";
import { done } from "../../ui/toast";
import { forget, useUser } from "../auth/session";

interface EraseProps {
  opened: boolean;
  close: () => void;
}

export function Erase({ opened, close }: EraseProps) {
  return (
    <Dialog opened={opened} onClose={close} title="Erase the account" closeOnClickOutside={false}>
      {opened && <Form />}
    </Dialog>
  );
}

function Form() {
  const { email } = useUser();
  const [typed, setTyped] = useState("");
  const navigate = useNavigate();
  const erase = useMutation({
    mutationFn: async () => {
      await api.DELETE("/api/v1/profile", {});
      await navigate({ to: "/sign-in" });
      await forget();
      done("Your account is erased");
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        erase.mutate();
      }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          This cannot be taken back. Your identity data, devices, sessions and keys are gone at once; the log
          keeps that something happened, and can no longer say to whom.
        </Text>
        {erase.error !== null && <Left error={erase.error} />}
        <TextInput
          label={`Type ${email} to confirm`}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" color="red" disabled={typed.trim() !== email} loading={erase.isPending}>
          Erase my account
        </Button>
      </Stack>
    </form>
  );
}

/** Why not: what is left in the account, and what to do about each. */
function Left({ error }: { error: unknown }) {
  const problem = asProblem(error);
  return (
    <Alert color="red" variant="light" role="alert" title={sentence(problem)}>
      {problem.fields.length > 0 && (
        <List size="sm">
          {problem.fields.map(({ field, detail }) => (
            <List.Item key={`${field}:${detail}`}>{detail}</List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
