// One proposed policy: what it changes, what it would have changed in the past, and the decision of a second person.

import { Badge, Button, Select, Table, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { $api, api, queries, type Schemas } from "../../../api/client";
import { Card, Line } from "../../../ui/Card";
import { count, dateTime } from "../../../ui/format";
import { PageTitle } from "../../../ui/PageTitle";
import { Refusal } from "../../../ui/Refusal";
import { points } from "../../../ui/Risk";
import { SkeletonRows } from "../../../ui/SkeletonRows";
import { Resource } from "../../../ui/states";
import tables from "../../../ui/tables.module.css";
import { done } from "../../../ui/toast";
import { useNames } from "../../auth/people/people";
import { useUser } from "../../auth/session";
import { Difference } from "./Difference";
import { FoundOut } from "./FoundOut";
import classes from "./Policies.module.css";
import { type Backtested, changeName, mayDecide, short, stateOf, summary } from "./words";

type Whole = Schemas["PolicyText"];

export function Proposal() {
  const { id } = useParams({ strict: false }) as { id: string };
  const proposal = $api.useQuery("get", "/api/admin/security/policies/{id}", { params: { path: { id } } });
  return (
    <>
      <PageTitle
        title={proposal.data?.name ?? "Policy"}
        about={<Link to="/desk/policies">All policies</Link>}
      />
      <Resource of={proposal} what="this policy" skeleton={<SkeletonRows rows={8} />}>
        {(whole) => (
          <div className={classes.page}>
            <div className="halves level">
              <Standing whole={whole} />
              <Decide whole={whole} />
            </div>
            <Backtest id={whole.id} />
            <Against text={whole.text} />
          </div>
        )}
      </Resource>
    </>
  );
}

function Standing({ whole }: { whole: Whole }) {
  const nameOf = useNames([whole.proposed_by, whole.decided_by]);
  return (
    <Card title="What it is">
      <Line label="State">
        <Badge variant="light" color={stateOf(whole.status).color}>
          {stateOf(whole.status).label}
        </Badge>
      </Line>
      <Line label="Why">{whole.note}</Line>
      <Line label="Proposed by">{nameOf(whole.proposed_by)}</Line>
      <Line label="Proposed">{dateTime(whole.proposed_at)}</Line>
      {whole.decided_by && <Line label="Decided by">{nameOf(whole.decided_by)}</Line>}
      {whole.decided_at && <Line label="Decided">{dateTime(whole.decided_at)}</Line>}
      <Line label="SHA-256 of its text">
        <span className="mono">{short(whole.hash)}…</span>
      </Line>
    </Card>
  );
}

function Decide({ whole }: { whole: Whole }) {
  const me = useUser();
  const may = mayDecide(whole, me);
  const path = { id: whole.id };
  const decide = useMutation({
    mutationFn: async (what: "approve" | "reject" | "shadow") => {
      if (what === "approve") {
        await api.POST("/api/admin/security/policies/{id}/approve", { params: { path } });
        return "It decides from now on";
      }
      if (what === "reject") {
        await api.POST("/api/admin/security/policies/{id}/reject", { params: { path } });
        return "Rejected";
      }
      await api.PUT("/api/admin/security/policies/shadow", { body: { proposal: whole.id } });
      return "It is tried beside the live one";
    },
    onSuccess: async (words) => {
      await queries.invalidateQueries({ queryKey: ["get"] });
      done(words);
    },
  });
  const button = (what: "approve" | "reject" | "shadow") => ({
    loading: decide.isPending && decide.variables === what,
    onClick: () => decide.mutate(what),
  });
  return (
    <Card title="Decide">
      {decide.error !== null && <Refusal error={decide.error} />}
      <Text size="sm" c="dimmed" mb="sm">
        {hint(whole, me)}
      </Text>
      {may.reject && (
        <div className={classes.actions}>
          {may.approve && <Button {...button("approve")}>Approve: it decides at once</Button>}
          <Button variant="default" {...button("shadow")}>
            Try it in the shadow
          </Button>
          <Button variant="default" color="red" {...button("reject")}>
            Reject
          </Button>
        </div>
      )}
    </Card>
  );
}

function hint(whole: Whole, me: { id: string; role: string }): string {
  if (whole.status !== "proposed") return "This proposal has been decided.";
  if (me.role !== "admin") return "Administrators decide on policies.";
  if (whole.proposed_by === me.id) return "You proposed it, so another administrator must approve it.";
  return "Look at the backtest and at the difference below before you approve it.";
}

const SINCE = [
  { value: "30", label: "The last 30 days" },
  { value: "7", label: "The last 7 days" },
  { value: "all", label: "All that happened" },
];

function Backtest({ id }: { id: string }) {
  const isAdmin = useUser().role === "admin";
  const [since, setSince] = useState("30");
  const run = useMutation({
    mutationFn: async () => {
      const from = new Date(Date.now() - Number(since) * 86_400_000).toISOString();
      const { data } = await api.POST("/api/admin/security/policies/{id}/backtest", {
        params: { path: { id } },
        body: since === "all" ? {} : { since: from },
      });
      if (!data) throw new Error("an answer without a body");
      return data;
    },
  });
  return (
    <Card
      flush
      title="What it would have changed"
      about="Stored sign-ins and transactions, decided anew. Nobody is asked or held by it."
      actions={
        isAdmin && (
          <div className={classes.actions}>
            <Select
              aria-label="How far back"
              allowDeselect={false}
              w={180}
              data={SINCE}
              value={since}
              onChange={(value) => setSince(value ?? "30")}
            />
            <Button loading={run.isPending} onClick={() => run.mutate()}>
              Run the backtest
            </Button>
          </div>
        )
      }
    >
      {run.error !== null && <Refusal error={run.error} />}
      {run.data ? (
        <Changes found={run.data} />
      ) : (
        <Text size="sm" c="dimmed" px="var(--edge)" pb={16}>
          {isAdmin ? "Not run yet." : "Administrators run it."}
        </Text>
      )}
    </Card>
  );
}

function Changes({ found }: { found: Backtested }) {
  return (
    <>
      <Text fw={600} px="var(--edge)" pb={12} role="status">
        {summary(found)}
      </Text>
      {found.changes.length > 0 && (
        <Table className={tables.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Change</Table.Th>
              <Table.Th className={tables.number}>Times</Table.Th>
              <Table.Th>
                Examples<span className={tables.roomy}>: score, and what it would be</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.changes.map((change) => (
              <Table.Tr key={changeName(change)}>
                <Table.Td style={{ minWidth: 130 }}>{changeName(change)}</Table.Td>
                <Table.Td className={tables.number}>{count(change.times)}</Table.Td>
                <Table.Td>
                  {change.examples.slice(0, 3).map((example) => (
                    <Link
                      key={example.decision}
                      to="/desk/sign-ins"
                      search={{ attempt: example.decision }}
                      style={{ display: "inline-block", marginRight: 14, whiteSpace: "nowrap" }}
                    >
                      {points(example.score)} → {points(example.would_be)}
                    </Link>
                  ))}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <FoundOut kinds={found.found_out} />
    </>
  );
}

function Against({ text }: { text: string }) {
  const live = $api.useQuery("get", "/api/admin/security/policies/live");
  return (
    <Card title="Against the live policy">
      <Resource of={live} what="the live policy" skeleton={<SkeletonRows rows={6} />}>
        {(policy) =>
          policy.text === text ? (
            <Text size="sm" c="dimmed">
              It is the policy that decides.
            </Text>
          ) : (
            <Difference before={policy.text} after={text} />
          )
        }
      </Resource>
    </Card>
  );
}
