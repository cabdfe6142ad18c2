// Transactions from elsewhere: choose a file, see what it holds, then keep it. They are told beside one's own and move
// no cash and no shares.

import { Alert, Button, FileInput, Group, Stack, Table, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, queries, type Schemas } from "../../../api/client";
import { Dialog } from "../../../ui/Dialog";
import { change, count, date, quantity } from "../../../ui/format";
import { Refusal } from "../../../ui/Refusal";
import tables from "../../../ui/tables.module.css";
import { done } from "../../../ui/toast";

/** Rows of a preview that are shown. */
const SHOWN = 8;

export function Import({ opened, close }: { opened: boolean; close: () => void }) {
  const [source, setSource] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const send = useMutation({
    mutationFn: async (preview: boolean) => {
      const csv = (await file?.text()) ?? "";
      const { data } = await api.POST("/api/v1/portfolio/import", { body: { source, csv, preview } });
      if (!data) throw new Error("an answer without a body");
      return data;
    },
    onSuccess: (answer) => {
      if (answer.preview) return;
      done(`Imported ${count(answer.new)} of ${count(answer.new + answer.known)} transactions`);
      void queries.invalidateQueries({ queryKey: ["get", "/api/v1/portfolio/transactions"] });
      leave();
    },
  });
  const leave = () => {
    send.reset();
    setFile(null);
    close();
  };
  const seen = send.data?.preview ? send.data : undefined;
  const ready = seen && seen.errors.length === 0 && seen.new > 0;
  return (
    <Dialog opened={opened} onClose={leave} title="Import transactions" size={620}>
      <Stack>
        <Text size="sm" c="dimmed">
          A CSV file with the columns date, type, symbol, quantity, price, amount and fee. Imported
          transactions are listed beside yours; they move no cash and no shares here. The same file again adds
          nothing.
        </Text>
        <TextInput
          label="Where from"
          description="Use the same name whenever you import from there."
          placeholder="Old Broker"
          value={source}
          maxLength={40}
          onChange={(event) => {
            setSource(event.currentTarget.value);
            send.reset();
          }}
        />
        <FileInput
          label="File"
          accept=".csv,text/csv"
          placeholder="Choose a CSV file"
          value={file}
          onChange={(chosen) => {
            setFile(chosen);
            send.reset();
          }}
        />
        <Refusal error={send.error} />
        {seen && <Preview seen={seen} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={leave}>
            Cancel
          </Button>
          {ready ? (
            <Button loading={send.isPending} onClick={() => send.mutate(false)}>
              Import {count(seen.new)}
            </Button>
          ) : (
            <Button
              loading={send.isPending}
              disabled={!file || source.trim() === ""}
              onClick={() => send.mutate(true)}
            >
              Preview
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}

function Preview({ seen }: { seen: Schemas["ImportView"] }) {
  return (
    <Stack gap="xs">
      <Text fw={600}>
        {count(seen.new)} new, {count(seen.known)} imported before
      </Text>
      {seen.errors.length > 0 && (
        <Alert color="red" variant="light" title="The file cannot be imported">
          {seen.errors.slice(0, SHOWN).map(({ line, detail }) => (
            <div key={line}>
              Line {line}: {detail}
            </div>
          ))}
        </Alert>
      )}
      <Table className={tables.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Date</Table.Th>
            <Table.Th>Type</Table.Th>
            <Table.Th className={tables.number}>Shares</Table.Th>
            <Table.Th className={tables.number}>Amount</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {seen.rows.slice(0, SHOWN).map((row) => (
            <Table.Tr key={row.line}>
              <Table.Td>{date(row.at)}</Table.Td>
              <Table.Td>
                {row.type} {row.symbol ?? ""} {row.status === "known" && "(known)"}
              </Table.Td>
              <Table.Td className={tables.number}>{row.qty ? quantity(row.qty) : "\u2014"}</Table.Td>
              <Table.Td className={tables.number}>{change(row.amount)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {seen.rows.length > SHOWN && (
        <Text size="sm" c="dimmed">
          and {count(seen.rows.length - SHOWN)} more
        </Text>
      )}
    </Stack>
  );
}
