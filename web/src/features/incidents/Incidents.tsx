// What somebody of the desk must look into: incidents, the newest first, and how many wait.

import { Badge, SegmentedControl, Table, Text } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api/client";
import { Card } from "../../ui/Card";
import { count, dateTime } from "../../ui/format";
import { More } from "../../ui/More";
import { PageTitle } from "../../ui/PageTitle";
import { Rows } from "../../ui/Rows";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Empty, Resource } from "../../ui/states";
import tables from "../../ui/tables.module.css";
import { type Incident, named, severityColor, severityName, standing } from "./words";

type Shown = "waiting" | "resolved" | "all";

function useIncidents(shown: Shown) {
  return useInfiniteQuery({
    queryKey: ["get", "/api/admin/security/incidents", "pages", shown],
    initialPageParam: undefined as string | undefined,
    refetchInterval: 15_000,
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        ...(shown === "resolved" ? { status: "resolved" as const } : {}),
        ...(shown === "waiting" ? { unresolved: true } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      const { data } = await api.GET("/api/admin/security/incidents", { params: { query }, signal });
      if (!data) throw new Error("an answer without a body");
      return data;
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function Incidents() {
  const [shown, show] = useState<Shown>("waiting");
  const incidents = useIncidents(shown);
  const waiting = incidents.data?.pages[0]?.unresolved ?? [];
  return (
    <>
      <PageTitle
        title="Incidents"
        about={
          waiting.map((group) => `${count(group.incidents)} ${group.severity}`).join(", ") || "Nothing waits"
        }
        actions={
          <SegmentedControl
            aria-label="Which incidents"
            value={shown}
            onChange={(value) => show(value as Shown)}
            data={[
              { value: "waiting", label: "Waiting" },
              { value: "resolved", label: "Resolved" },
              { value: "all", label: "All" },
            ]}
          />
        }
      />
      <Card flush label="Incidents">
        <Resource of={incidents} what="the incidents" skeleton={<SkeletonRows rows={8} />}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            if (items.length === 0) {
              return (
                <Empty icon={<IconShieldCheck size={22} />} title="Nothing here">
                  Rules open incidents from what happens on the platform. None is here now.
                </Empty>
              );
            }
            return (
              <Table className={tables.table}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Incident</Table.Th>
                    <Table.Th>Severity</Table.Th>
                    <Table.Th className={tables.wide}>About</Table.Th>
                    <Table.Th className={`${tables.number} ${tables.wide}`}>Events</Table.Th>
                    <Table.Th className={tables.roomy}>Assigned to</Table.Th>
                    <Table.Th>State</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Rows items={items} keyOf={({ id }) => id} of={incidents}>
                  {(incident) => <Row key={incident.id} incident={incident} />}
                </Rows>
              </Table>
            );
          }}
        </Resource>
        <More of={incidents} />
      </Card>
    </>
  );
}

function Row({ incident }: { incident: Incident }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Link to="/desk/incidents/$id" params={{ id: incident.id }} className={tables.name}>
          {incident.title}
        </Link>
        <Text size="sm" c="dimmed">
          {dateTime(incident.opened_at)}
        </Text>
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={severityColor(incident.severity)}>
          {severityName(incident.severity)}
        </Badge>
      </Table.Td>
      <Table.Td className={tables.wide}>
        {incident.subject ? named(incident.subject) : (incident.network ?? "\u2014")}
      </Table.Td>
      <Table.Td className={`${tables.number} ${tables.wide}`}>{count(incident.events)}</Table.Td>
      <Table.Td className={tables.roomy}>{named(incident.assignee)}</Table.Td>
      <Table.Td>
        {standing(incident)}
        {incident.overdue && incident.status !== "resolved" && (
          <Text size="sm" c="red">
            Overdue
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
