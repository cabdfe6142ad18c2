// What people found out about past events, held against a candidate: how much confirmed fraud it stops, and how much that
// was honest. Only what somebody has looked into counts.

import { Table, Text } from "@mantine/core";
import type { Schemas } from "../../../api/client";
import tables from "../../../ui/tables.module.css";
import { kindName, ofAll } from "./words";

interface FoundOutProps {
  kinds: readonly Schemas["FoundOut"][];
}

export function FoundOut({ kinds }: FoundOutProps) {
  return (
    <>
      <Text fw={600} px="var(--edge)" pt="var(--edge)">
        Against what people found out
      </Text>
      <Text size="sm" c="dimmed" px="var(--edge)" pb={8}>
        {kinds.length === 0
          ? "Nothing of that time has been looked into: resolved incidents and decided cases count here."
          : "Of what somebody has looked into, this much was stopped. It compares policies; it is no rate of everything."}
      </Text>
      {kinds.length > 0 && (
        <Table className={tables.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Looked into</Table.Th>
              <Table.Th className={tables.number}>Then</Table.Th>
              <Table.Th className={tables.number}>With this policy</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {kinds.flatMap((of) => [
              <Table.Tr key={`${of.kind} fraud`}>
                <Table.Td>{kindName(of.kind)}s: confirmed fraud stopped</Table.Td>
                <Table.Td className={tables.number}>{ofAll(of.then.fraud, of.fraud)}</Table.Td>
                <Table.Td className={tables.number}>{ofAll(of.candidate.fraud, of.fraud)}</Table.Td>
              </Table.Tr>,
              <Table.Tr key={`${of.kind} honest`}>
                <Table.Td>{kindName(of.kind)}s: honest people stopped</Table.Td>
                <Table.Td className={tables.number}>{ofAll(of.then.legitimate, of.legitimate)}</Table.Td>
                <Table.Td className={tables.number}>{ofAll(of.candidate.legitimate, of.legitimate)}</Table.Td>
              </Table.Tr>,
            ])}
          </Table.Tbody>
        </Table>
      )}
    </>
  );
}
