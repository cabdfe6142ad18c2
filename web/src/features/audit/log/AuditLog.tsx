// The audit log for staff: events in words, each raw and proved on demand. That one reads is itself put on record.

import { Badge, Select, Table, Text, TextInput } from "@mantine/core";
import { IconListSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../../api/client";
import { Card } from "../../../ui/Card";
import { count, shortly } from "../../../ui/format";
import { More } from "../../../ui/More";
import { PageTitle } from "../../../ui/PageTitle";
import { Rows } from "../../../ui/Rows";
import { SkeletonRows } from "../../../ui/SkeletonRows";
import { Empty, Resource } from "../../../ui/states";
import tables from "../../../ui/tables.module.css";
import { PersonFilter } from "../../auth/people/PersonFilter";
import { useNames } from "../../auth/people/people";
import { capital } from "../../risk/words";
import classes from "./AuditLog.module.css";
import { Record } from "./Record";
import { asked, type LogSearch } from "./search";
import { Verify } from "./Verify";
import { actorId, actorName, type Entry, FAMILIES, said } from "./words";

function useLog(search: LogSearch) {
  return useInfiniteQuery({
    queryKey: ["get", "/api/admin/security/audit-logs", "pages", asked(search)],
    initialPageParam: undefined as string | undefined,
    refetchOnWindowFocus: false,
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: 50, ...asked(search), ...(pageParam ? { cursor: pageParam } : {}) };
      const { data } = await api.GET("/api/admin/security/audit-logs", { params: { query }, signal });
      if (!data) throw new Error("an answer without a body");
      return data;
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function AuditLog() {
  const search = useSearch({ strict: false }) as LogSearch;
  const log = useLog(search);
  const [chosen, choose] = useState<Entry | null>(null);
  const entries = log.data?.pages.flatMap((page) => page.items) ?? [];
  const nameOf = useNames(entries.flatMap((entry) => [actorId(entry), entry.subject]));
  return (
    <>
      <PageTitle
        title="Audit log"
        about="What happened, in a log that nobody can change unseen. Your reading is on record, too."
      />
      <div className={classes.page}>
        <Verify />
        <Card flush title="Entries" actions={<Filters search={search} />}>
          <Resource of={log} what="the log" skeleton={<SkeletonRows rows={10} />}>
            {() =>
              entries.length === 0 ? (
                <Empty icon={<IconListSearch size={22} />} title="Nothing found">
                  {log.hasNextPage
                    ? "Nothing among the newest entries. The search can go on into older ones."
                    : "No entry is like this."}
                </Empty>
              ) : (
                <Table className={tables.table}>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th className={`${tables.number} ${tables.wide}`}>Record</Table.Th>
                      <Table.Th>What happened</Table.Th>
                      <Table.Th className={tables.wide}>Who did it</Table.Th>
                      <Table.Th className={tables.wide}>About</Table.Th>
                      <Table.Th className={tables.roomy}>From</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Rows items={entries} keyOf={({ id }) => id} of={log}>
                    {(entry) => (
                      <Row key={entry.id} entry={entry} nameOf={nameOf} open={() => choose(entry)} />
                    )}
                  </Rows>
                </Table>
              )
            }
          </Resource>
          <More of={log} />
        </Card>
      </div>
      <Record entry={chosen} nameOf={nameOf} close={() => choose(null)} />
    </>
  );
}

function Filters({ search }: { search: LogSearch }) {
  const navigate = useNavigate();
  const show = (change: LogSearch) =>
    void navigate({ to: "/desk/audit-log", search: { ...search, ...change }, resetScroll: false });
  const { kind } = search;
  const kinds = kind && !FAMILIES.some(({ value }) => value === kind) ? [{ value: kind, label: kind }] : [];
  return (
    <div className={tables.filters}>
      <Select
        aria-label="What"
        placeholder="Everything"
        searchable
        clearable
        clearButtonProps={{ "aria-label": "Everything" }}
        w={210}
        data={[...FAMILIES, ...kinds]}
        value={kind ?? null}
        onChange={(value) => show({ kind: value ?? undefined })}
      />
      <PersonFilter value={search.user} onChange={(user) => show({ user })} />
      <TextInput
        aria-label="From this day on"
        type="date"
        value={search.from ?? ""}
        onChange={(event) => show({ from: event.currentTarget.value || undefined })}
      />
      <TextInput
        aria-label="To this day"
        type="date"
        value={search.to ?? ""}
        onChange={(event) => show({ to: event.currentTarget.value || undefined })}
      />
    </div>
  );
}

interface RowProps {
  entry: Entry;
  nameOf: (id: string) => string;
  open: () => void;
}

function Row({ entry, nameOf, open }: RowProps) {
  return (
    <Table.Tr className={classes.row} onClick={open}>
      <Table.Td className={`${tables.number} ${tables.wide}`}>{count(entry.seq)}</Table.Td>
      <Table.Td>
        <button
          type="button"
          className={classes.what}
          onClick={(event) => {
            event.stopPropagation();
            open();
          }}
        >
          {said(entry)}
        </button>{" "}
        {entry.outcome && entry.outcome !== "success" && (
          <Badge size="sm" variant="light" color="yellow">
            {capital(entry.outcome)}
          </Badge>
        )}
        {entry.erased && (
          <Badge size="sm" variant="light" color="gray">
            Erased
          </Badge>
        )}
        <Text size="xs" c="dimmed">
          {shortly(entry.at)}
          {entry.subject && <span className={classes.whom}>, {nameOf(entry.subject)}</span>}
        </Text>
      </Table.Td>
      <Table.Td className={tables.wide}>
        <div className={tables.under}>{actorName(entry, nameOf)}</div>
      </Table.Td>
      <Table.Td className={tables.wide}>
        <div className={tables.under}>{entry.subject ? nameOf(entry.subject) : "\u2014"}</div>
      </Table.Td>
      <Table.Td className={tables.roomy}>
        <span className="mono">{entry.ip ?? "\u2014"}</span>
      </Table.Td>
    </Table.Tr>
  );
}
