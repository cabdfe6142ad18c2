// One's own record in the audit log, each entry with a proof that this browser checks.

import { Badge, Button, Table, Text } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schemas } from "../../api/client";
import { Card } from "../../ui/Card";
import { Dialog } from "../../ui/Dialog";
import { count, dateTime } from "../../ui/format";
import { More } from "../../ui/More";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Empty, Resource } from "../../ui/states";
import tables from "../../ui/tables.module.css";
import { ProofSeal } from "./ProofSeal";
import { prove } from "./useProof";
import { inWords } from "./words";

type Entry = Schemas["EntryView"];

export function useRecord() {
  return useInfiniteQuery({
    queryKey: ["get", "/api/v1/audit/mine", "pages"],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) };
      const { data } = await api.GET("/api/v1/audit/mine", { params: { query }, signal });
      if (!data) throw new Error("an answer without a body");
      return data;
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function Activity() {
  const record = useRecord();
  const [chosen, choose] = useState<Entry | null>(null);
  return (
    <Card
      flush
      title="Your record"
      about="Every entry is in a log that nobody can change unseen. Check any of them here."
    >
      <Resource of={record} what="your record" skeleton={<SkeletonRows rows={8} />}>
        {({ pages }) => {
          const entries = pages.flatMap((page) => page.items);
          if (entries.length === 0) {
            return (
              <Empty icon={<IconHistory size={22} />} title="Nothing yet">
                What happens to your account appears here.
              </Empty>
            );
          }
          return (
            <Table className={tables.table}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>What happened</Table.Th>
                  <Table.Th className={tables.wide}>From</Table.Th>
                  <Table.Th className={`${tables.number} ${tables.wide}`}>Record</Table.Th>
                  <Table.Th className={tables.number}>Proof</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {entries.map((entry) => (
                  <Row key={entry.id} entry={entry} prove={() => choose(entry)} />
                ))}
              </Table.Tbody>
            </Table>
          );
        }}
      </Resource>
      <More of={record} />
      <Dialog
        opened={chosen !== null}
        onClose={() => choose(null)}
        title={chosen ? inWords(chosen) : ""}
        size={480}
      >
        {chosen && <Proof id={chosen.id} />}
      </Dialog>
    </Card>
  );
}

function Row({ entry, prove }: { entry: Entry; prove: () => void }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Text span fw={550} size="md">
          {inWords(entry)}
        </Text>{" "}
        {entry.outcome !== null && entry.outcome !== undefined && entry.outcome !== "success" && (
          <Badge size="sm" variant="light" color="yellow">
            {entry.outcome}
          </Badge>
        )}
        <Text size="sm" c="dimmed">
          {dateTime(entry.at)}
        </Text>
      </Table.Td>
      <Table.Td className={tables.wide}>
        <span className="mono">{entry.ip ?? "\u2014"}</span>
      </Table.Td>
      <Table.Td className={`${tables.number} ${tables.wide}`}>{count(entry.seq)}</Table.Td>
      <Table.Td className={tables.number}>
        <Button
          size="compact-sm"
          variant="default"
          onClick={prove}
          aria-label={`Prove: ${inWords(entry)}, record ${entry.seq}`}
        >
          Prove
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}

function Proof({ id }: { id: string }) {
  const proof = useQuery({ queryKey: ["proof", id], queryFn: () => prove(id), retry: false });
  return <ProofSeal of={proof} />;
}
