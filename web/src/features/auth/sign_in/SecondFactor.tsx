// What a sign-in still waits for: a second factor, by code, passkey or backup code, or a code by mail, or both in turn.

import { Button, Group, Stack } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { api, type Schemas } from "../../../api/client";
import { FormHead } from "../FormHead";
import { passkeysWork, sign } from "../passkeys/ceremony";
import type { User } from "../session";
import { Prove } from "../step_up/Prove";

/** A sign-in that waits for its second factor. */
export interface Challenge {
  challenge: string;
  methods: readonly string[];
}

interface SecondFactorProps {
  of: Challenge;
  /** What has been proven so far, in a sentence. */
  about: string;
  enter: (user: User) => Promise<void>;
  /** The sign-in asks for one thing more. */
  next: (challenge: Challenge) => void;
  back: () => void;
}

/** What is asked for, after what was proven. */
export function askedOf({ methods }: Challenge, proven: string): string {
  return methods.includes("mailed_code")
    ? `${proven} This sign-in is not like the ones before, so we mailed you a code.`
    : `${proven} This account also asks for a second factor.`;
}

const COOKIE = { query: { session: "cookie" as const } };

export function SecondFactor({ of: { challenge, methods }, about, enter, next, back }: SecondFactorProps) {
  const prove = useMutation({
    mutationFn: async (ask: () => Promise<Schemas["LoginAnswer"] | undefined>) => {
      const answer = await ask();
      if (answer && "challenge" in answer) next(answer);
      else if (answer) await enter(answer.user);
    },
  });
  const byCode = (code: string, backup: boolean) =>
    prove.mutate(async () => {
      const path = backup ? "/api/v1/auth/2fa/backup-code" : "/api/v1/auth/login/2fa";
      const { data } = await api.POST(path, { params: COOKIE, body: { challenge, code } });
      return data;
    });
  const byPasskey = () =>
    prove.mutate(async () => {
      const begun = await api.POST("/api/v1/auth/passkeys/2fa/start", { body: { challenge } });
      const credential = await sign(begun.data?.options);
      const body = { challenge, credential };
      const { data } = await api.POST("/api/v1/auth/passkeys/2fa/finish", { params: COOKIE, body });
      return data;
    });
  return (
    <Stack gap="md">
      <FormHead title="Confirm it is you" about={about} />
      <Prove
        methods={methods}
        busy={prove.isPending}
        error={prove.error}
        code={byCode}
        {...(passkeysWork() ? { passkey: byPasskey } : {})}
      />
      <Group>
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconArrowLeft size={16} />}
          onClick={back}
          ml={-12}
        >
          Back
        </Button>
      </Group>
    </Stack>
  );
}
