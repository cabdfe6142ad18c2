// Signing in: the password, and then, where one is on, the second factor.

import { Anchor, Button, Group, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDocumentTitle } from "@mantine/hooks";
import { IconArrowLeft } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api/client";
import { Refusal } from "../../ui/Refusal";
import { deviceReport } from "./device";
import { Prove } from "./Prove";
import { begin, safeNext, type User } from "./session";

interface Challenge {
  challenge: string;
  methods: string[];
}

const COOKIE = { query: { session: "cookie" as const } };

export function SignIn() {
  useDocumentTitle("Sign in · Stockade");
  const [challenge, setChallenge] = useState<Challenge | null>(null);
  const { next } = useSearch({ strict: false }) as { next?: string };
  const navigate = useNavigate();
  const router = useRouter();
  const enter = async (user: User) => {
    await begin(user);
    await router.invalidate();
    await navigate({ to: safeNext(next) });
  };
  if (challenge) {
    return <SecondFactor of={challenge} enter={enter} back={() => setChallenge(null)} />;
  }
  return <Password enter={enter} challenged={setChallenge} />;
}

interface PasswordProps {
  enter: (user: User) => Promise<void>;
  challenged: (challenge: Challenge) => void;
}

function Password({ enter, challenged }: PasswordProps) {
  const form = useForm({ initialValues: { email: "", password: "" } });
  const signIn = useMutation({
    mutationFn: async ({ email, password }: { email: string; password: string }) => {
      const body = { email: email.trim(), password, device: deviceReport() };
      const { data } = await api.POST("/api/v1/auth/login", { params: COOKIE, body });
      if (data && "challenge" in data) challenged(data);
      else if (data) await enter(data.user);
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => signIn.mutate(values))}>
      <Stack gap="md">
        <div>
          <Title order={1}>Sign in</Title>
          <Text c="dimmed" mt={4}>
            New here?{" "}
            <Anchor component={Link} to="/sign-up" underline="always">
              Open an account
            </Anchor>
          </Text>
        </div>
        <Refusal error={signIn.error} />
        <TextInput
          label="E-mail address"
          type="email"
          autoComplete="username"
          required
          data-autofocus
          autoFocus
          {...form.getInputProps("email")}
        />
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
        <Button type="submit" size="md" loading={signIn.isPending}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}

interface SecondFactorProps {
  of: Challenge;
  enter: (user: User) => Promise<void>;
  back: () => void;
}

function SecondFactor({ of, enter, back }: SecondFactorProps) {
  const prove = useMutation({
    mutationFn: async ({ code, backup }: { code: string; backup: boolean }) => {
      const path = backup ? "/api/v1/auth/2fa/backup-code" : "/api/v1/auth/login/2fa";
      const body = { challenge: of.challenge, code };
      const { data } = await api.POST(path, { params: COOKIE, body });
      if (data && "user" in data) await enter(data.user);
    },
  });
  return (
    <Stack gap="md">
      <div>
        <Title order={1}>Confirm it is you</Title>
        <Text c="dimmed" mt={4}>
          Your password was right. This account also asks for a second factor.
        </Text>
      </div>
      <Prove
        methods={of.methods}
        busy={prove.isPending}
        error={prove.error}
        code={(code, backup) => prove.mutate({ code, backup })}
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
