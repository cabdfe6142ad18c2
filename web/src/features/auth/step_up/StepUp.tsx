// The dialog that any request may open: it says what for, takes the proof, and lets the request go on. Closing it refuses.

import { PasswordInput, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api } from "../../api/client";
import { provideStepUp, type StepUpAsk } from "../../api/step-up";
import { Dialog } from "../../ui/Dialog";
import { Refusal } from "../../ui/Refusal";
import { Failed } from "../../ui/states";
import { Prove, TotpCode } from "./Prove";

interface Open {
  ask: StepUpAsk;
  settle: (proof: string | null) => void;
}

export function StepUpHost() {
  const [open, setOpen] = useState<Open | null>(null);
  useEffect(
    () =>
      provideStepUp(
        (ask) =>
          new Promise((resolve) => {
            setOpen({
              ask,
              settle: (proof) => {
                setOpen(null);
                resolve(proof);
              },
            });
          }),
      ),
    [],
  );
  return (
    <Dialog opened={open !== null} onClose={() => open?.settle(null)} title="Confirm it is you" size={440}>
      {open && <StepUp ask={open.ask} settle={open.settle} />}
    </Dialog>
  );
}

function StepUp({ ask, settle }: Open) {
  const begun = useMutation({
    mutationFn: async () => {
      const { data } = await api.POST("/api/v1/auth/step-up", { body: { operation: ask.operation } });
      return data;
    },
  });
  const { mutate: start } = begun;
  useEffect(() => start(), [start]);
  const [password, setPassword] = useState("");
  const prove = useMutation({
    mutationFn: async (code: string) => {
      const challenge = begun.data?.challenge ?? "";
      const body = needsPassword ? { challenge, code, password } : { challenge, code };
      const { data } = await api.POST("/api/v1/auth/step-up/verify", { body });
      if (data) settle(data.proof);
    },
  });
  const methods: readonly string[] = begun.data?.methods ?? ask.methods;
  const needsPassword = methods.includes("password_and_mail");
  if (begun.error)
    return <Failed what="the confirmation" error={begun.error} busy={begun.isPending} again={start} />;
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        You are about to {purpose(ask.operation)}. That needs a fresh proof, even though you are signed in.
      </Text>
      {needsPassword && (
        <PasswordInput
          label="Your password"
          autoComplete="current-password"
          data-autofocus
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
      )}
      {needsPassword ? (
        <>
          <Refusal error={prove.error} />
          <TotpCode
            label="The 6-digit code that we just mailed you"
            busy={prove.isPending || !begun.data}
            failed={prove.error}
            send={(code) => prove.mutate(code)}
          />
        </>
      ) : (
        <Prove
          methods={methods}
          busy={prove.isPending || !begun.data}
          error={prove.error}
          code={(code) => prove.mutate(code)}
        />
      )}
    </Stack>
  );
}

/** What an operation is, in words. */
const PURPOSES: Record<string, string> = {
  "profile.reveal": "see identity data in full",
  "profile.export": "take out all your data",
  "person.erase": "erase your account",
  "signing_key.create": "make a signing key",
  "api_key.create": "make an API key",
  "passkey.add": "add a passkey",
  "passkey.remove": "remove a passkey",
  "device.trust": "trust a device",
};

function purpose(operation: string): string {
  return PURPOSES[operation] ?? `do this: ${operation.replaceAll(/[._]/g, " ")}`;
}
