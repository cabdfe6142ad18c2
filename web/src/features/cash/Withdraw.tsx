// Taking cash out: where to, how much, and the receipt with its proof. What is held says why and until when. Each amount
// and account has an Idempotency-Key of its own, so that a double click, or another try after a lost answer, pays once.

import { Anchor, Button, Group, NativeSelect, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconCircleCheck, IconClockHour4 } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { $api, api, queries } from "../../api/client";
import { newId } from "../../api/ids";
import { Dialog } from "../../ui/Dialog";
import { compare, exact } from "../../ui/decimal";
import { money } from "../../ui/format";
import { useNow } from "../../ui/now";
import { Resource } from "../../ui/states";
import { ProofSeal } from "../audit/ProofSeal";
import { useProofOf } from "../audit/useProof";
import { Held } from "../orders/Held";
import { AddPayee } from "./AddPayee";
import { AmountForm } from "./AmountForm";
import { type Payee, shortWords, waitOf } from "./payees";
import { nextStep, statusOf, type Transfer } from "./status";
import { usePayees } from "./usePayees";

export function Withdraw({ close }: { close: () => void }) {
  return (
    <Dialog opened onClose={close} title="Withdraw cash" size={460}>
      <Steps close={close} />
    </Dialog>
  );
}

function Steps({ close }: { close: () => void }) {
  const payees = usePayees();
  const [chosen, choose] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const added = ({ id }: Payee) => {
    choose(id);
    setAdding(false);
  };
  return (
    <Resource of={payees} what="your bank accounts" skeleton={<Skeleton height={260} />}>
      {({ items }) => {
        const payee = items.find(({ id }) => id === chosen) ?? items.at(-1);
        if (!payee || adding) {
          return <AddPayee added={added} back={payee && (() => setAdding(false))} />;
        }
        return (
          <Form
            payees={items}
            payee={payee}
            choose={choose}
            addAnother={() => setAdding(true)}
            close={close}
          />
        );
      }}
    </Resource>
  );
}

interface FormProps {
  payees: readonly Payee[];
  payee: Payee;
  choose: (id: string) => void;
  addAnother: () => void;
  close: () => void;
}

function Form({ payees, payee, choose, addAnother, close }: FormProps) {
  const [amount, setAmount] = useState("");
  const cash = $api.useQuery("get", "/api/v1/cash");
  // biome-ignore lint/correctness/useExhaustiveDependencies: another amount or account is another request.
  const key = useMemo(() => newId(), [amount, payee.id]);
  const withdraw = useMutation({
    mutationFn: async () => {
      const { data } = await api.POST("/api/v1/cash/withdrawals", {
        headers: { "Idempotency-Key": key },
        body: { amount, currency: cash.data?.currency ?? "USD", destination: payee.id },
      });
      if (!data) throw new Error("an answer without a body");
      return data;
    },
    onSuccess: () => queries.invalidateQueries(),
  });
  const wait = waitOf(payee, useNow());
  if (withdraw.data) return <Receipt transfer={withdraw.data} payee={payee} close={close} />;
  const available = cash.data?.available;
  const tooMuch = available !== undefined && compare(exact(amount), exact(available)) > 0;
  return (
    <AmountForm
      amount={amount}
      setAmount={setAmount}
      move={withdraw}
      verb="Withdraw"
      idle="Withdraw"
      hint={available === undefined ? "\u00a0" : `${money(available)} can be withdrawn.`}
      wrong={
        tooMuch
          ? "That is more than can be withdrawn. Open orders and other withdrawals hold cash, too."
          : undefined
      }
      above={<To payees={payees} payee={payee} choose={choose} addAnother={addAnother} />}
      below={
        <Text size="xs" c="dimmed" ta="center">
          Signed with this session's key. Large amounts ask once more who you are.
        </Text>
      }
    >
      {wait && <Text size="sm">{wait} You can cancel until then.</Text>}
      <Text size="sm" c="dimmed">
        Soon after a change of your password, address or second factor, cash waits before it goes to the bank.
        The receipt says until when. Should somebody else have changed it, you have that time to cancel.
      </Text>
    </AmountForm>
  );
}

function To({ payees, payee, choose, addAnother }: Omit<FormProps, "close">) {
  return (
    <div>
      <NativeSelect
        label="To"
        data={payees.map((each) => ({ value: each.id, label: shortWords(each) }))}
        value={payee.id}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      <Anchor component="button" type="button" size="sm" mt={6} onClick={addAnother}>
        Add another bank account
      </Anchor>
    </div>
  );
}

interface ReceiptProps {
  transfer: Transfer;
  payee: Payee;
  close: () => void;
}

function Receipt({ transfer, payee, close }: ReceiptProps) {
  const { id, amount, currency, review } = transfer;
  const proof = useProofOf(id, ({ details }) => (details as { transfer?: string } | null)?.transfer === id);
  const why = nextStep(transfer);
  const waits = why !== null || review?.state === "open";
  return (
    <Stack gap="md">
      <Group gap="sm" wrap="nowrap" align="flex-start">
        {waits ? (
          <IconClockHour4 size={28} color="var(--warn)" />
        ) : (
          <IconCircleCheck size={28} color="var(--up)" />
        )}
        <div>
          <Title order={3}>
            {money(amount, currency)} to {payee.name}
          </Title>
          <Text size="sm" c="dimmed">
            {waits ? `${statusOf(transfer).label}.` : "On its way to the bank."}
            {why && ` ${why}`}
          </Text>
          {review && <Held kind="withdrawal" id={id} review={review} />}
        </div>
      </Group>
      <ProofSeal of={proof} />
      <Button onClick={close}>Done</Button>
    </Stack>
  );
}
