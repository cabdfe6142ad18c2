// The form that moves cash, in or out: an amount, what is said about it, and one button that names it.

import { Button, NumberInput, Stack, Text } from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { $api } from "../../api/client";
import { asProblem } from "../../api/problem";
import { compare, exact, ZERO } from "../../ui/decimal";
import { money } from "../../ui/format";
import { Refusal } from "../../ui/Refusal";

interface AmountFormProps {
  amount: string;
  setAmount: (amount: string) => void;
  move: Pick<UseMutationResult<unknown, unknown, void>, "mutate" | "isPending" | "error">;
  /** What the button says before the amount. */
  verb: string;
  /** What it says while there is no amount. */
  idle: string;
  /** What stands below the amount's label. */
  hint?: string | undefined;
  /** Why this amount cannot be moved. */
  wrong?: string | undefined;
  /** What comes before the amount. */
  above?: ReactNode;
  /** What is small, below the button. */
  below?: ReactNode;
  children?: ReactNode;
}

export function AmountForm(props: AmountFormProps) {
  const { amount, setAmount, move, verb, idle, hint, wrong, above, below, children } = props;
  const about = $api.useQuery("get", "/api/v1/about", undefined, { staleTime: Number.POSITIVE_INFINITY });
  const valid = compare(exact(amount), ZERO) > 0 && wrong === undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (valid && !move.isPending) move.mutate();
      }}
    >
      <Stack gap="md">
        <Refusal error={move.error} />
        {above}
        <NumberInput
          label="Amount"
          description={hint}
          data-autofocus
          prefix="$"
          thousandSeparator=","
          decimalScale={2}
          allowNegative={false}
          hideControls
          size="lg"
          value={amount}
          onValueChange={({ value }) => setAmount(value)}
          error={asProblem(move.error).field("amount") ?? wrong}
        />
        {children}
        {about.data?.environment === "development" && (
          <Text size="sm" c="dimmed">
            The bank is simulated in development: no real money moves.
          </Text>
        )}
        <Button type="submit" size="md" disabled={!valid} loading={move.isPending}>
          {valid ? `${verb} ${money(amount)}` : idle}
        </Button>
        {below}
      </Stack>
    </form>
  );
}
