// Risk policies: the one that decides, the one that is tried beside it, and what was proposed; and the lists they look at.

import { Badge, Button, Table, Text } from "@mantine/core";
import { IconScale } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { $api, api, queries, type Schemas } from "../../../api/client";
import { Card, Line } from "../../../ui/Card";
import { count, shortly } from "../../../ui/format";
import { LinkButton } from "../../../ui/LinkButton";
import { More } from "../../../ui/More";
import { PageTitle } from "../../../ui/PageTitle";
import { SkeletonRows } from "../../../ui/SkeletonRows";
import { Empty, Resource } from "../../../ui/states";
import tables from "../../../ui/tables.module.css";
import { done, failed } from "../../../ui/toast";
import { useNames } from "../../auth/people/people";
import { useUser } from "../../auth/session";
import { Lists } from "../lists/Lists";
import { actionName } from "../words";
import classes from "./Policies.module.css";
import { kindName, type Proposal, short, stateOf } from "./words";

function usePolicies() {
  return useInfiniteQuery({
    queryKey: ["get", "/api/admin/security/policies", "pages"],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: 25, ...(pageParam ? { cursor: pageParam } : {}) };
      const { data } = await api.GET("/api/admin/security/policies", { params: { query }, signal });
      if (!data) throw new Error("an answer without a body");
      return data;
    },
    getNextPageParam: (page) => page.proposals.next_cursor ?? undefined,
  });
}

export function Policies() {
  const policies = usePolicies();
  const isAdmin = useUser().role === "admin";
  return (
    <>
      <PageTitle
        title="Risk policies"
        about="How risky something is, and what follows. One administrator proposes, another approves."
        actions={isAdmin && <LinkButton to="/desk/policies/new">Propose a policy</LinkButton>}
      />
      <div className={classes.page}>
        <Resource of={policies} what="the policies" skeleton={<SkeletonRows rows={4} height={90} />}>
          {({ pages }) => {
            const proposals = pages.flatMap((page) => page.proposals.items);
            const shadow = pages[0]?.shadow;
            return (
              <>
                <div className="halves level">
                  <Live />
                  {shadow ? (
                    <Shadow shadow={shadow} proposals={proposals} />
                  ) : (
                    <Card title="Tried in the shadow">
                      <Text size="sm" c="dimmed">
                        No policy is tried beside the live one. Open a proposal to try it: it decides nothing,
                        and what it would have decided is counted here.
                      </Text>
                    </Card>
                  )}
                </div>
                <Card flush title="Proposals">
                  <Proposals proposals={proposals} />
                  <More of={policies} />
                </Card>
              </>
            );
          }}
        </Resource>
        <Lists />
      </div>
    </>
  );
}

function Live() {
  const live = $api.useQuery("get", "/api/admin/security/policies/live");
  return (
    <Card title="Decides now">
      <Resource of={live} what="the live policy" skeleton={<SkeletonRows rows={2} />}>
        {({ name, hash, text }) => (
          <>
            <Line label="Name">{name}</Line>
            <Line label="SHA-256 of its text">
              <span className="mono">{short(hash)}…</span>
            </Line>
            <Line label="Rules">{count(text.split("rules]]").length - 1)}</Line>
          </>
        )}
      </Resource>
    </Card>
  );
}

interface ShadowProps {
  shadow: Schemas["Shadow"];
  proposals: readonly Proposal[];
}

function Shadow({ shadow, proposals }: ShadowProps) {
  const isAdmin = useUser().role === "admin";
  const tried = proposals.find(({ hash }) => hash === shadow.hash);
  const stop = useMutation({
    mutationFn: async () => {
      await api.PUT("/api/admin/security/policies/shadow", { body: { proposal: null } });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["get"] });
      done("No policy is tried any more");
    },
    onError: (error) => failed("Not ended", error),
  });
  const others = shadow.compared.filter(({ live, shadow }) => live !== shadow);
  const same = shadow.compared
    .filter(({ live, shadow }) => live === shadow)
    .reduce((sum, { times }) => sum + times, 0);
  return (
    <Card
      title="Tried in the shadow"
      about={tried?.name ?? short(shadow.hash)}
      actions={
        isAdmin && (
          <Button variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
            End the trial
          </Button>
        )
      }
    >
      <Line label="Decided the same">{count(same)}</Line>
      {others.map(({ kind, live, shadow, times }) => (
        <Line
          key={`${kind}${live}${shadow}`}
          label={`${kindName(kind)}: ${actionName(live).toLowerCase()} → ${actionName(shadow).toLowerCase()}`}
        >
          {count(times)}
        </Line>
      ))}
    </Card>
  );
}

function Proposals({ proposals }: { proposals: readonly Proposal[] }) {
  const nameOf = useNames(proposals.flatMap(({ proposed_by, decided_by }) => [proposed_by, decided_by]));
  if (proposals.length === 0) {
    return (
      <Empty icon={<IconScale size={22} />} title="Nothing was proposed yet">
        The policy that the program brings along decides. Propose another one, and look at what it would have
        changed, before somebody approves it.
      </Empty>
    );
  }
  return (
    <Table className={tables.table}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Policy</Table.Th>
          <Table.Th className={tables.wide}>Why</Table.Th>
          <Table.Th className={tables.wide}>Proposed by</Table.Th>
          <Table.Th>State</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {proposals.map((proposal) => (
          <Table.Tr key={proposal.id}>
            <Table.Td>
              <Link to="/desk/policies/$id" params={{ id: proposal.id }} className={tables.name}>
                {proposal.name}
              </Link>
              <Text size="xs" c="dimmed">
                {shortly(proposal.proposed_at)}
              </Text>
            </Table.Td>
            <Table.Td className={tables.wide}>{proposal.note}</Table.Td>
            <Table.Td className={tables.wide}>{nameOf(proposal.proposed_by)}</Table.Td>
            <Table.Td>
              <Badge variant="light" color={stateOf(proposal.status).color}>
                {stateOf(proposal.status).label}
              </Badge>
              {proposal.decided_by && (
                <Text size="xs" c="dimmed">
                  by {nameOf(proposal.decided_by)}
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
