// Who is here: people by name, address and role.

import { Alert, Badge, Select, Table, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch, IconUsers } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../../api/client";
import { Card } from "../../../ui/Card";
import { date } from "../../../ui/format";
import { More } from "../../../ui/More";
import { Rows } from "../../../ui/Rows";
import { SkeletonRows } from "../../../ui/SkeletonRows";
import { Empty, Resource } from "../../../ui/states";
import tables from "../../../ui/tables.module.css";
import { capital } from "../../risk/words";

const ROLES = ["customer", "analyst", "auditor", "operator", "admin"];

function usePeople(query: string, role: string | null) {
  return useInfiniteQuery({
    queryKey: ["get", "/api/admin/users", "pages", query, role],
    initialPageParam: undefined as string | undefined,
    placeholderData: keepPreviousData,
    queryFn: async ({ pageParam, signal }) => {
      const asked = {
        limit: 50,
        ...(query === "" ? {} : { query }),
        ...(role === null ? {} : { role }),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      const { data } = await api.GET("/api/admin/users", { params: { query: asked }, signal });
      if (!data) throw new Error("an answer without a body");
      return data;
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function People() {
  const [text, setText] = useState("");
  const [query] = useDebouncedValue(text.trim(), 200);
  const [role, setRole] = useState<string | null>(null);
  const people = usePeople(query, role);
  return (
    <>
      <Alert color="gray" variant="light" mb="md" title="Roles are given on the machine">
        <Text size="sm">
          Nobody changes a role from a browser, their own least of all.{" "}
          <span className="mono">stockade admin create --role analyst</span> makes a colleague.
        </Text>
      </Alert>
      <Card
        flush
        title="People"
        actions={
          <div className={tables.filters}>
            <TextInput
              aria-label="Name or address"
              placeholder="Name or address"
              leftSection={<IconSearch size={16} aria-hidden="true" />}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <Select
              aria-label="Role"
              placeholder="Any role"
              clearable
              clearButtonProps={{ "aria-label": "Any role" }}
              w={150}
              data={ROLES.map((value) => ({ value, label: capital(value) }))}
              value={role}
              onChange={setRole}
            />
          </div>
        }
      >
        <Resource of={people} what="the people" skeleton={<SkeletonRows rows={8} />}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            if (items.length === 0) {
              return (
                <Empty icon={<IconUsers size={22} />} title="Nobody like this">
                  Look for a part of a name or of an address.
                </Empty>
              );
            }
            return (
              <Table className={tables.table}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Person</Table.Th>
                    <Table.Th>Role</Table.Th>
                    <Table.Th className={tables.wide}>Joined</Table.Th>
                    <Table.Th className={tables.wide}>Standing</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Rows items={items} keyOf={({ id }) => id} of={people}>
                  {(person) => (
                    <Table.Tr key={person.id}>
                      <Table.Td>
                        <Link to="/desk/sign-ins" search={{ user: person.id }} className={tables.name}>
                          {person.email}
                        </Link>
                        <Text size="xs" c="dimmed">
                          {person.name ?? "No name given"}
                        </Text>
                      </Table.Td>
                      <Table.Td>{capital(person.role)}</Table.Td>
                      <Table.Td className={tables.wide}>{date(person.joined_at)}</Table.Td>
                      <Table.Td className={tables.wide}>
                        {person.restricted_at ? (
                          <Badge variant="light" color="red">
                            Restricted
                          </Badge>
                        ) : (
                          <Text size="sm" c="dimmed">
                            As usual
                          </Text>
                        )}
                      </Table.Td>
                    </Table.Tr>
                  )}
                </Rows>
              </Table>
            );
          }}
        </Resource>
        <More of={people} />
      </Card>
    </>
  );
}
