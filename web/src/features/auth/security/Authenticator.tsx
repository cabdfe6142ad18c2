// Setting up the authenticator app: the password, the QR code, a code of the app, the backup codes. Nothing is on until
// the app's first code was right.

import { Anchor, Button, Code, CopyButton, Group, PasswordInput, Stack, Stepper, Text } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api, queries, type Schemas } from "../../../api/client";
import { Card } from "../../../ui/Card";
import { PageTitle } from "../../../ui/PageTitle";
import { Refusal } from "../../../ui/Refusal";
import { done } from "../../../ui/toast";
import { useUser } from "../session";
import { TotpCode } from "../step_up/Prove";
import classes from "./Authenticator.module.css";
import { CodesSheet } from "./CodesSheet";

export function Authenticator() {
  const { first = false } = useSearch({ strict: false }) as { first?: boolean };
  const navigate = useNavigate();
  const [pending, setPending] = useState<Schemas["PendingTotp"] | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  // Whoever administers may have just set this server up, and then chooses how to begin.
  const onwards = useUser().role === "admin" ? "/desk/begin" : "/";
  const leave = async () => {
    done("Your second factor is on");
    await queries.invalidateQueries();
    await navigate({ to: first ? onwards : "/security" });
  };
  const step = codes ? 2 : pending ? 1 : 0;
  return (
    <>
      <PageTitle
        title="Set up an authenticator app"
        about={
          first
            ? "One more minute, and a stolen password opens nothing."
            : "A second factor besides your password."
        }
        actions={
          step < 2 && (
            <Anchor component={Link} to={first ? onwards : "/security"} size="sm" underline="always">
              {first ? "Later" : "Back"}
            </Anchor>
          )
        }
      />
      <div className={classes.narrow}>
        <Stepper active={step} size="xs" mb="lg" allowNextStepsSelect={false} className={classes.steps}>
          <Stepper.Step label="Password" />
          <Stepper.Step label="App" />
          <Stepper.Step label="Backup codes" />
        </Stepper>
        <Card>
          {codes ? (
            <CodesSheet codes={codes} kept={leave} />
          ) : pending ? (
            <Scan pending={pending} proven={setCodes} />
          ) : (
            <Begin begun={setPending} />
          )}
        </Card>
      </div>
    </>
  );
}

function Begin({ begun }: { begun: (pending: Schemas["PendingTotp"]) => void }) {
  const [password, setPassword] = useState("");
  const enable = useMutation({
    mutationFn: async () => {
      const { data } = await api.POST("/api/v1/auth/2fa/enable", { body: { password } });
      if (data) begun(data);
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        enable.mutate();
      }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          Any app that makes 6-digit codes will do. First your password, so that nobody else adds theirs.
        </Text>
        <Refusal error={enable.error} />
        <PasswordInput
          label="Your password"
          autoComplete="current-password"
          required
          autoFocus
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={enable.isPending}>
          Go on
        </Button>
      </Stack>
    </form>
  );
}

interface ScanProps {
  pending: Schemas["PendingTotp"];
  proven: (codes: readonly string[]) => void;
}

function Scan({ pending, proven }: ScanProps) {
  const verify = useMutation({
    mutationFn: async (code: string) => {
      const { data } = await api.POST("/api/v1/auth/2fa/verify", { body: { code } });
      if (data) proven(data.backup_codes);
    },
  });
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        Scan this with your app, then type the code it shows.
      </Text>
      <div className={classes.scan}>
        <img
          className={classes.picture}
          src={pictureOf(pending.qr_svg)}
          alt="QR code of the key below"
          width={184}
          height={184}
        />
        <div>
          <Text size="sm" mb={6}>
            Cannot scan? Type this key:
          </Text>
          <Code className={classes.key}>{pending.secret}</Code>
          <Group mt={8}>
            <CopyButton value={pending.secret}>
              {({ copied, copy }) => (
                <Button
                  size="compact-sm"
                  variant="default"
                  leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
                  onClick={copy}
                >
                  {copied ? "Copied" : "Copy the key"}
                </Button>
              )}
            </CopyButton>
          </Group>
        </div>
      </div>
      <Refusal error={verify.error} />
      <TotpCode busy={verify.isPending} failed={verify.error} send={(code) => verify.mutate(code)} />
    </Stack>
  );
}

/** As an image, so that nothing in it could ever run. */
function pictureOf(svg: string): string {
  return svg.startsWith("data:") ? svg : `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}
