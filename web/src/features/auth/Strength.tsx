// How good a password is, as the server judges it: a bar, a word, and what would make it better.

import { Progress, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "../../api/client";

const WORDS = ["Very weak", "Weak", "Fair", "Good", "Strong"] as const;
const COLORS = ["red", "red", "yellow", "teal", "teal"] as const;

interface StrengthProps {
  password: string;
  email: string;
}

export function Strength({ password, email }: StrengthProps) {
  const [typed] = useDebouncedValue(password, 300);
  const { data } = useQuery({
    queryKey: ["strength", typed, email],
    enabled: typed.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => judge(typed, email, signal),
  });
  if (password === "" || !data) return <div style={{ minHeight: 44 }} />;
  const score = Math.min(Math.max(Math.trunc(data.score), 0), 4) as 0 | 1 | 2 | 3 | 4;
  const advice = data.warning ?? data.suggestions[0] ?? `Guessing it online takes ${data.crack_time.online}.`;
  return (
    <div style={{ minHeight: 44 }} aria-live="polite">
      <Progress
        value={(score + 1) * 20}
        color={COLORS[score]}
        size={5}
        aria-label="Strength of the password"
      />
      <Text size="xs" c="dimmed" mt={6}>
        <b>{WORDS[score]}.</b> {advice}
      </Text>
    </div>
  );
}

async function judge(password: string, email: string, signal: AbortSignal) {
  const body = email === "" ? { password } : { password, email };
  const { data } = await api.POST("/api/v1/auth/password/strength", { body, signal });
  if (!data) throw new Error("an answer without a body");
  return data;
}
