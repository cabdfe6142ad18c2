// Signing in: the password, and then, where one is on, the second factor; or a passkey alone; or an account elsewhere.

import { Alert, Anchor, Button, Divider, PasswordInput, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconFingerprint, IconInfoCircle } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../../api/client";
import { Refusal } from "../../../ui/Refusal";
import { deviceReport } from "../device";
import { EmailInput } from "../EmailInput";
import { FormHead } from "../FormHead";
import { ProviderButtons } from "../oidc/ProviderButtons";
import { whyNot } from "../oidc/refusals";
import { passkeysWork, sign } from "../passkeys/ceremony";
import { begin, safeNext, type User } from "../session";
import { askedOf, type Challenge, SecondFactor } from "./SecondFactor";

export interface SignInSearch {
  next?: string;
  /** The code of the refusal that somebody came back from a provider with. */
  error?: string;
  /** A session that was there has ended. */
  ended?: boolean;
}

/** From so many refusals on it is worth knowing what the next ones lead to. */
const WORTH_A_WARNING = 3;

const COOKIE = { query: { session: "cookie" as const } };

export function SignIn() {
  const [challenge, setChallenge] = useState<Challenge | null>(null);
  const { next, error, ended } = useSearch({ strict: false }) as SignInSearch;
  const navigate = useNavigate();
  const router = useRouter();
  const enter = async (user: User) => {
    await begin(user);
    await router.invalidate();
    await navigate({ to: safeNext(next) });
  };
  if (challenge) {
    return (
      <SecondFactor
        key={challenge.challenge}
        of={challenge}
        about={askedOf(challenge, "Your password was right.")}
        enter={enter}
        next={setChallenge}
        back={() => setChallenge(null)}
      />
    );
  }
  return (
    <Stack gap="md">
      <FormHead
        title="Sign in"
        about={
          <>
            New here?{" "}
            <Anchor component={Link} to="/sign-up" underline="always">
              Open an account
            </Anchor>
          </>
        }
      />
      {ended && (
        <Alert color="yellow" variant="light" icon={<IconInfoCircle size={18} />} role="status">
          You were signed out. Sign in to go on where you were.
        </Alert>
      )}
      <Ways enter={enter} challenged={setChallenge} arrived={error} />
    </Stack>
  );
}

interface WaysProps {
  enter: (user: User) => Promise<void>;
  challenged: (challenge: Challenge) => void;
  arrived: string | undefined;
}

function Ways({ enter, challenged, arrived }: WaysProps) {
  const form = useForm({ initialValues: { email: "", password: "" } });
  const [refused, setRefused] = useState(0);
  const byPassword = useMutation({
    mutationFn: async ({ email, password }: typeof form.values) => {
      const body = { email: email.trim(), password, device: deviceReport() };
      const { data } = await api.POST("/api/v1/auth/login", { params: COOKIE, body });
      if (data && "challenge" in data) challenged(data);
      else if (data) await enter(data.user);
    },
    onError: () => setRefused((before) => before + 1),
  });
  const byPasskey = useMutation({
    mutationFn: async () => {
      const begun = await api.POST("/api/v1/auth/passkeys/login/start", {});
      const credential = await sign(begun.data?.options);
      const body = { challenge: begun.data?.challenge ?? "", credential, device: deviceReport() };
      const { data } = await api.POST("/api/v1/auth/passkeys/login/finish", { params: COOKIE, body });
      if (data && "challenge" in data) challenged(data);
      else if (data) await enter(data.user);
    },
    onMutate: () => byPassword.reset(),
  });
  const error = byPassword.error ?? byPasskey.error;
  return (
    <>
      <Refusal error={error ?? (byPassword.isPending ? null : whyNot(arrived))} />
      {refused >= WORTH_A_WARNING && (
        <Text size="sm" c="dimmed" role="status">
          After several wrong passwords an account takes none for a while, not even the right one. Its owner
          is told by mail, and a device they trust is not locked out.
        </Text>
      )}
      <form
        onSubmit={form.onSubmit((values) => {
          byPasskey.reset();
          byPassword.mutate(values);
        })}
      >
        <Stack gap="md">
          <EmailInput autoFocus {...form.getInputProps("email")} />
          <div>
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              required
              {...form.getInputProps("password")}
            />
            <Anchor
              component={Link}
              to="/forgot-password"
              size="sm"
              mt={8}
              display="inline-block"
              underline="always"
            >
              Forgotten?
            </Anchor>
          </div>
          <Button type="submit" size="md" loading={byPassword.isPending}>
            Sign in
          </Button>
        </Stack>
      </form>
      <Divider label="or" />
      <Stack gap="xs">
        {passkeysWork() && (
          <Button
            size="md"
            variant="default"
            leftSection={<IconFingerprint size={18} />}
            loading={byPasskey.isPending}
            onClick={() => byPasskey.mutate()}
          >
            Sign in with a passkey
          </Button>
        )}
        <ProviderButtons />
      </Stack>
    </>
  );
}
