// The bank accounts that one's cash can be paid out to.

import { ActionIcon, Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconBuildingBank, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { Card } from "../../ui/Card";
import { Dialog } from "../../ui/Dialog";
import { useNow } from "../../ui/now";
import { Resource } from "../../ui/states";
import { done, failed } from "../../ui/toast";
import { AddPayee } from "./AddPayee";
import classes from "./Cash.module.css";
import { accountWords, type Payee, waitOf } from "./payees";
import { payeesChanged, usePayees } from "./usePayees";

export function Payees() {
  const payees = usePayees();
  const [adding, setAdding] = useState(false);
  const close = () => setAdding(false);
  return (
    <Card
      title="Bank accounts"
      about="Where withdrawals go"
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => setAdding(true)}
        >
          Add account
        </Button>
      }
    >
      <Resource of={payees} what="your bank accounts" skeleton={<Skeleton height={44} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              None yet. Add one here, or with your first withdrawal.
            </Text>
          ) : (
            <Stack gap={10}>
              {items.map((payee) => (
                <Row key={payee.id} payee={payee} />
              ))}
            </Stack>
          )
        }
      </Resource>
      <Dialog opened={adding} onClose={close} title="Add a bank account" size={460}>
        {adding && (
          <AddPayee
            added={({ name }) => {
              done(`${name} can be paid to`);
              close();
            }}
          />
        )}
      </Dialog>
    </Card>
  );
}

function Row({ payee }: { payee: Payee }) {
  const { id, name, bank_account } = payee;
  const wait = waitOf(payee, useNow());
  const remove = useMutation({
    mutationFn: async () => {
      await api.DELETE("/api/v1/cash/payees/{id}", {
        params: { path: { id } },
        headers: { "Idempotency-Key": `remove-${id}` },
      });
      await payeesChanged();
    },
    onSuccess: () => done(`${name} is removed. Withdrawals under way go on`),
    onError: (error) => failed("The bank account was not removed", error),
  });
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      <span className={classes.bank}>
        <IconBuildingBank size={18} />
      </span>
      <div className={classes.account}>
        <Text size="sm" fw={600} truncate>
          {name}
        </Text>
        <Text size="sm" c="dimmed">
          {accountWords(bank_account)}, bank {bank_account.routing_number}
        </Text>
        {wait && <Text size="xs">{wait}</Text>}
      </div>
      <ActionIcon
        size={30}
        aria-label={`Remove the bank account ${name}`}
        loading={remove.isPending}
        onClick={() => remove.mutate()}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </Group>
  );
}
