// Adding cash: an amount, one Idempotency-Key for the dialog's life, and the receipt with its proof.

import { Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, queries, type Schemas } from "../../api/client";
import { newId } from "../../api/ids";
import { Dialog } from "../../ui/Dialog";
import { money } from "../../ui/format";
import { ProofSeal } from "../audit/ProofSeal";
import { useProofOf } from "../audit/useProof";
import { AmountForm } from "./AmountForm";

const USUAL = ["500", "1000", "5000", "10000"] as const;

interface AddCashProps {
  opened: boolean;
  close: () => void;
}

export function AddCash({ opened, close }: AddCashProps) {
  return (
    <Dialog opened={opened} onClose={close} title="Add cash" size={440}>
      {opened && <Form close={close} />}
    </Dialog>
  );
}

function Form({ close }: { close: () => void }) {
  const [amount, setAmount] = useState("");
  const [key] = useState(() => newId());
  const deposit = useMutation({
    mutationFn: async () => {
      const { data } = await api.POST("/api/v1/cash/deposits", {
        headers: { "Idempotency-Key": key },
        body: { amount, currency: "USD" },
      });
      if (!data) throw new Error("an answer without a body");
      return data;
    },
    onSuccess: () => queries.invalidateQueries(),
  });
  if (deposit.data) return <Receipt transfer={deposit.data} close={close} />;
  return (
    <AmountForm amount={amount} setAmount={setAmount} move={deposit} verb="Add" idle="Add cash">
      <Group gap="xs">
        {USUAL.map((usual) => (
          <Button key={usual} size="xs" variant="default" onClick={() => setAmount(usual)}>
            {money(usual).replace(".00", "")}
          </Button>
        ))}
      </Group>
    </AmountForm>
  );
}

function Receipt({ transfer, close }: { transfer: Schemas["TransferView"]; close: () => void }) {
  const proof = useProofOf(
    transfer.id,
    ({ details }) => (details as { transfer?: string } | null)?.transfer === transfer.id,
  );
  return (
    <Stack gap="md">
      <Alert color="teal" variant="transparent" p={0} icon={<IconCheck size={22} />}>
        <Title order={3}>{money(transfer.amount, transfer.currency)} added</Title>
        <Text size="sm" c="dimmed">
          It is yours to invest now.
        </Text>
      </Alert>
      <ProofSeal of={proof} />
      <Button onClick={close}>Done</Button>
    </Stack>
  );
}
