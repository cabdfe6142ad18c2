// The dialog that any request may open: it says what for, takes the proof, and lets the request go on. Closing it refuses.

import { Skeleton, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, type Schemas } from "../../../api/client";
import { Dialog } from "../../../ui/Dialog";
import { Failed } from "../../../ui/states";
import { passkeysWork, sign } from "../passkeys/ceremony";
import { MailedCode } from "./MailedCode";
import { Prove } from "./Prove";
import { purposeOf } from "./purpose";
import type { StepUpProps } from "./StepUpHost";

export function StepUp({ ask, settle }: StepUpProps) {
  return (
    <Dialog opened onClose={() => settle(null)} title="Confirm it is you" onTop closeOnClickOutside={false}>
      <Steps ask={ask} settle={settle} />
    </Dialog>
  );
}

type Shown = Pick<Schemas["Verify"], "code" | "assertion" | "password">;

function Steps({ ask, settle }: StepUpProps) {
  const begun = useMutation({
    mutationFn: async () => {
      const { data } = await api.POST("/api/v1/auth/step-up", { body: { operation: ask.operation } });
      return data;
    },
  });
  const { mutate: begin } = begun;
  useEffect(() => begin(), [begin]);
  const prove = useMutation({
    mutationFn: async (shown: () => Promise<Shown>) => {
      const challenge = begun.data?.challenge ?? "";
      const body = { challenge, ...(await shown()) };
      const { data } = await api.POST("/api/v1/auth/step-up/verify", { body });
      if (data) settle(data.proof);
    },
  });
  if (begun.error) {
    return <Failed what="the confirmation" error={begun.error} busy={begun.isPending} again={begin} />;
  }
  const methods: readonly string[] = begun.data?.methods ?? ask.methods;
  const passkey = begun.data?.passkey;
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        You are about to <b>{purposeOf(ask.method, ask.path)}</b>. Whoever found this page open could try the
        same, so we ask once more who you are.
      </Text>
      {!begun.data ? (
        <Skeleton height={86} aria-label="Loading" />
      ) : methods.includes("password_and_mail") ? (
        <MailedCode
          busy={prove.isPending}
          error={prove.error}
          send={(shown) => prove.mutate(async () => shown)}
        />
      ) : (
        <Prove
          methods={methods}
          busy={prove.isPending}
          error={prove.error}
          code={(code) => prove.mutate(async () => ({ code }))}
          {...(passkey && passkeysWork()
            ? { passkey: () => prove.mutate(async () => ({ assertion: await sign(passkey) })) }
            : {})}
        />
      )}
    </Stack>
  );
}
