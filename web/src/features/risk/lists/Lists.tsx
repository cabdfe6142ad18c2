// Lists that the policy looks at: what is blocked, watched or allowed, until when, and why.

import { Badge, Button, Select, Stack, Table, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconListCheck, IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, queries, type Schemas } from "../../../api/client";
import { Card } from "../../../ui/Card";
import { Dialog } from "../../../ui/Dialog";
import { shortly } from "../../../ui/format";
import { More } from "../../../ui/More";
import { Refusal } from "../../../ui/Refusal";
import { SkeletonRows } from "../../../ui/SkeletonRows";
import { Empty, Resource } from "../../../ui/states";
import tables from "../../../ui/tables.module.css";
import { done } from "../../../ui/toast";
import { useNames } from "../../auth/people/people";
import { useMayWork } from "../../auth/session";
import { RemoveLine } from "./RemoveLine";

type Line = Schemas["LineView"];
type NewLine = Schemas["AddLine"];

const LISTS = [
  { value: "block", label: "Block", color: "red" },
  { value: "watch", label: "Watch", color: "yellow" },
  { value: "allow", label: "Allow", color: "teal" },
] as const;
const THINGS = [
  { value: "address", label: "Address" },
  { value: "network", label: "Network" },
  { value: "country", label: "Country" },
  { value: "device", label: "Device" },
  { value: "payee", label: "Payee" },
] as const;

export function Lists() {
  const mayWork = useMayWork();
  const [adding, { open, close }] = useDisclosure(false);
  const lists = useInfiniteQuery({
    queryKey: ["get", "/api/admin/security/lists", "pages"],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: 25, ...(pageParam ? { cursor: pageParam } : {}) };
      const { data } = await api.GET("/api/admin/security/lists", { params: { query }, signal });
      if (!data) throw new Error("an answer without a body");
      return data;
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const items = lists.data?.pages.flatMap((page) => page.items) ?? [];
  const nameOf = useNames(items.map(({ added_by }) => added_by));
  return (
    <Card
      flush
      title="Lists"
      about="Addresses, networks, countries, devices and payees that the rules know"
      actions={
        mayWork && (
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={open}>
            Add to a list
          </Button>
        )
      }
    >
      <Resource of={lists} what="the lists" skeleton={<SkeletonRows rows={3} />}>
        {() =>
          items.length === 0 ? (
            <Empty icon={<IconListCheck size={22} />} title="The lists are empty">
              What is blocked, watched or allowed stands here, with the reason.
            </Empty>
          ) : (
            <Table className={tables.table}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>What</Table.Th>
                  <Table.Th>List</Table.Th>
                  <Table.Th className={tables.wide}>Why</Table.Th>
                  <Table.Th className={tables.wide}>Until</Table.Th>
                  <Table.Th>
                    <span className="hidden-visually">Actions</span>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((line) => (
                  <Row key={line.id} line={line} by={nameOf(line.added_by)} mayWork={mayWork} />
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Resource>
      <More of={lists} />
      <Dialog opened={adding} onClose={close} title="Add to a list">
        <Add close={close} />
      </Dialog>
    </Card>
  );
}

function Row({ line, by, mayWork }: { line: Line; by: string; mayWork: boolean }) {
  const list = LISTS.find(({ value }) => value === line.list);
  return (
    <Table.Tr>
      <Table.Td>
        <span className="mono">{line.value}</span>
        <Text size="xs" c="dimmed">
          {THINGS.find(({ value }) => value === line.what)?.label ?? line.what}, added by {by},{" "}
          {shortly(line.added_at)}
        </Text>
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={list?.color ?? "gray"}>
          {list?.label ?? line.list}
        </Badge>
      </Table.Td>
      <Table.Td className={tables.wide}>{line.reason}</Table.Td>
      <Table.Td className={tables.wide}>{line.expires_at ? shortly(line.expires_at) : "No end"}</Table.Td>
      <Table.Td className={tables.number}>{mayWork && <RemoveLine line={line} />}</Table.Td>
    </Table.Tr>
  );
}

function Add({ close }: { close: () => void }) {
  const [line, setLine] = useState<NewLine>({ list: "block", what: "address", value: "", reason: "" });
  const set = (change: Partial<NewLine>) => setLine((before) => ({ ...before, ...change }));
  const add = useMutation({
    mutationFn: async () => {
      await api.POST("/api/admin/security/lists", { body: line });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["get", "/api/admin/security/lists"] });
      done(`${line.value} is on the list`);
      close();
    },
  });
  return (
    <Stack gap="sm">
      {add.error !== null && <Refusal error={add.error} />}
      <Select
        data-autofocus
        label="List"
        allowDeselect={false}
        data={LISTS.map(({ value, label }) => ({ value, label }))}
        value={line.list}
        onChange={(list) => list && set({ list: list as NewLine["list"] })}
      />
      <Select
        label="What"
        allowDeselect={false}
        data={[...THINGS]}
        value={line.what}
        onChange={(what) => what && set({ what: what as NewLine["what"] })}
      />
      <TextInput
        label="Which"
        description="An address such as 203.0.113.7 or 203.0.113.0/24, a network’s number, a country’s code, or an id"
        value={line.value}
        onChange={(event) => set({ value: event.currentTarget.value })}
      />
      <TextInput
        label="Why"
        description="Colleagues read it."
        value={line.reason}
        onChange={(event) => set({ reason: event.currentTarget.value })}
      />
      <Button
        disabled={line.value.trim() === "" || line.reason.trim() === ""}
        loading={add.isPending}
        onClick={() => add.mutate()}
      >
        Add
      </Button>
    </Stack>
  );
}
