// A bank account to pay out to, given once. What the server says of a field stands beside it.

import { Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { newId } from "../../api/ids";
import { Refusal } from "../../ui/Refusal";
import { showFieldErrors } from "../auth/fieldErrors";
import type { Payee } from "./payees";
import { payeesChanged } from "./usePayees";

const BLANK = { name: "", routing_number: "", account_number: "", kind: "checking" };

interface AddPayeeProps {
  added: (payee: Payee) => void;
  /** Absent where there is nothing to go back to. */
  back?: (() => void) | undefined;
}

export function AddPayee({ added, back }: AddPayeeProps) {
  const [key] = useState(() => newId());
  const form = useForm({ initialValues: BLANK });
  const add = useMutation({
    mutationFn: async ({ name, ...bank_account }: typeof BLANK) => {
      const headers = { "Idempotency-Key": key };
      const body = { name: name.trim(), bank_account };
      const { data } = await api.POST("/api/v1/cash/payees", { headers, body });
      if (!data) throw new Error("an answer without a body");
      return data;
    },
    onSuccess: async (payee) => {
      await payeesChanged();
      added(payee);
    },
    onError: showFieldErrors(form),
  });
  const { name, routing_number, account_number } = form.values;
  return (
    <form onSubmit={form.onSubmit((values) => add.mutate(values))}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          Where your cash goes: an account of your own at a bank in the United States. Once stored, only the
          end of its number is shown.
        </Text>
        <Refusal error={add.error} />
        <TextInput
          label="What you call it"
          placeholder="My current account"
          maxLength={100}
          data-autofocus
          {...form.getInputProps("name")}
        />
        <Group grow align="flex-start" gap="sm">
          <TextInput
            label="Routing number"
            placeholder="021000021"
            inputMode="numeric"
            autoComplete="off"
            maxLength={9}
            {...form.getInputProps("routing_number")}
          />
          <NativeSelect
            label="Kind"
            data={[
              { value: "checking", label: "Checking" },
              { value: "savings", label: "Savings" },
            ]}
            {...form.getInputProps("kind")}
          />
        </Group>
        <TextInput
          label="Account number"
          inputMode="numeric"
          autoComplete="off"
          maxLength={17}
          {...form.getInputProps("account_number")}
        />
        <Group grow gap="sm">
          {back && (
            <Button variant="default" onClick={back}>
              Back
            </Button>
          )}
          <Button
            type="submit"
            loading={add.isPending}
            disabled={name.trim() === "" || routing_number === "" || account_number === ""}
          >
            Add the account
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
