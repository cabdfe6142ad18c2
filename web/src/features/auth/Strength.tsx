// How good a password is, as the server judges it: a bar, a word, and what would make it better.

import { Progress, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, type Schemas } from "../../api/client";
import classes from "./Strength.module.css";

const WORDS = ["Very weak", "Weak", "Fair", "Good", "Strong"] as const;
const COLORS = ["red", "red", "yellow", "teal", "teal"] as const;

interface StrengthProps {
  password: string;
  email: string;
  /** The owner's name. */
  person: string;
  secondFactor: boolean;
  /** What is asked of it, shown until something is typed. */
  rule: string;
}

export function Strength({ password, email, person, secondFactor, rule }: StrengthProps) {
  const [typed] = useDebouncedValue(password, 300);
  const { data } = useQuery({
    queryKey: ["strength", typed, email, person, secondFactor],
    enabled: typed.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      judge({ password: typed, email, name: person, second_factor: secondFactor }, signal),
  });
  const known = password === "" ? undefined : data;
  const score = Math.min(Math.max(Math.trunc(known?.score ?? 0), 0), 4) as 0 | 1 | 2 | 3 | 4;
  return (
    <div className={classes.strength} aria-live="polite">
      <Progress
        value={known ? (score + 1) * 20 : 0}
        color={COLORS[score]}
        size={5}
        aria-label="Strength of the password"
      />
      <Text size="xs" c="dimmed" mt={6}>
        {known ? (
          <>
            <b>{WORDS[score]}.</b> {adviceOf(known)}
          </>
        ) : (
          rule
        )}
      </Text>
    </div>
  );
}

/** What would make it better, or how good it is. */
function adviceOf({ warning, suggestions, crack_time }: Schemas["Strength"]): string {
  return warning ?? suggestions[0] ?? `Guessing it online takes ${crack_time.online}.`;
}

async function judge(body: Schemas["StrengthOf"], signal: AbortSignal) {
  const { data } = await api.POST("/api/v1/auth/password/strength", { body, signal });
  if (!data) throw new Error("an answer without a body");
  return data;
}
