// Asks for a second factor, by whichever method the person picks: a code of the app (six boxes; pasting fills them, the
// last digit sends them), a backup code, a passkey; or, where that is what is wanted, the code of a mail.

import { Anchor, Button, Group, PinInput, Stack, TextInput } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useState } from "react";
import { Refusal } from "../../../ui/Refusal";
import classes from "./Prove.module.css";

interface ProveProps {
  methods: readonly string[];
  busy: boolean;
  error: unknown;
  code: (code: string, backup: boolean) => void;
  /** Absent where no passkey can be used. */
  passkey?: () => void;
}

type Way = "totp" | "backup_code" | "passkey" | "mailed_code";

const ASKS: Record<Way, string> = {
  totp: "Use a code of your app",
  backup_code: "Use a backup code",
  passkey: "Use a passkey",
  mailed_code: "Use the code we mailed you",
};

export function Prove({ methods, busy, error, code, passkey }: ProveProps) {
  const ways = (["totp", "passkey", "backup_code", "mailed_code"] as const).filter(
    (way) => methods.includes(way) && (way !== "passkey" || passkey),
  );
  const [way, setWay] = useState<Way>(ways[0] ?? "totp");
  return (
    <Stack gap="md">
      <Refusal error={error} />
      {way === "totp" && <TotpCode busy={busy} failed={error} send={(text) => code(text, false)} />}
      {way === "backup_code" && <BackupCode busy={busy} send={(text) => code(text, true)} />}
      {way === "mailed_code" && <MailedCode busy={busy} send={(text) => code(text, false)} />}
      {way === "passkey" && (
        <Button size="md" leftSection={<IconFingerprint size={18} />} loading={busy} onClick={passkey}>
          Use a passkey
        </Button>
      )}
      <Group gap="lg">
        {ways
          .filter((other) => other !== way)
          .map((other) => (
            <Anchor
              key={other}
              component="button"
              type="button"
              size="sm"
              underline="always"
              onClick={() => setWay(other)}
            >
              {ASKS[other]}
            </Anchor>
          ))}
      </Group>
    </Stack>
  );
}

interface TotpCodeProps {
  busy: boolean;
  failed: unknown;
  send: (code: string) => void;
  label?: string;
}

export function TotpCode({
  busy,
  failed,
  send,
  label = "The 6-digit code of your authenticator app",
}: TotpCodeProps) {
  // A code that was refused is not worth keeping. The boxes begin anew, or they would take themselves for filled and
  // not send what is pasted next.
  const [{ seen, refused }, setSeen] = useState({ seen: failed, refused: 0 });
  if (failed !== seen) setSeen({ seen: failed, refused: failed ? refused + 1 : refused });
  return (
    <fieldset className={classes.code}>
      <legend>{label}</legend>
      <PinInput
        key={refused}
        length={6}
        type="number"
        size="md"
        oneTimeCode
        autoFocus
        placeholder=""
        onComplete={send}
        disabled={busy}
        error={Boolean(failed)}
        getInputProps={(at) => ({ "aria-label": `Digit ${at + 1} of 6` })}
      />
    </fieldset>
  );
}

function BackupCode({ busy, send }: { busy: boolean; send: (code: string) => void }) {
  const [value, setValue] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send(value.trim());
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="One of your backup codes"
          description="Each works once."
          autoComplete="off"
          spellCheck={false}
          required
          autoFocus
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Button type="submit" loading={busy}>
          Use this code
        </Button>
      </Stack>
    </form>
  );
}

function MailedCode({ busy, send }: { busy: boolean; send: (code: string) => void }) {
  const [value, setValue] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send(value.replaceAll(/\s/g, ""));
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="The code we just mailed you"
          description="Eight digits, good for ten minutes."
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          autoFocus
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Button type="submit" loading={busy}>
          Go on
        </Button>
      </Stack>
    </form>
  );
}
