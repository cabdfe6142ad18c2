// One held transaction: what it is, why it was held, what its owner says, what else they did, and the decision.

import { Alert, Badge, Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { $api, api, queries } from "../../api/client";
import { Card, Line } from "../../ui/Card";
import { count, dateTime, money, quantity, shortly } from "../../ui/format";
import { LinkButton } from "../../ui/LinkButton";
import { useNow } from "../../ui/now";
import { PageTitle } from "../../ui/PageTitle";
import { Refusal } from "../../ui/Refusal";
import { Risk } from "../../ui/Risk";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Resource } from "../../ui/states";
import { done } from "../../ui/toast";
import { ERASED, useNames } from "../auth/people/people";
import { useMayWork, useUser } from "../auth/session";
import { factName, factValue } from "../risk/facts";
import { Terms } from "../risk/Terms";
import { actionName, capital, ruleName } from "../risk/words";
import classes from "./Reviews.module.css";
import { deciding, type Held, levelOf, stateOf, timeLeft, titleOf } from "./words";

export function ReviewCase() {
  const { id } = useParams({ strict: false }) as { id: string };
  const held = $api.useQuery(
    "get",
    "/api/admin/security/transactions/{id}",
    { params: { path: { id } } },
    // Whoever looks is put on record, so it is asked for once.
    { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false },
  );
  return (
    <>
      <PageTitle
        title={held.data ? titleOf(held.data) : "Transaction"}
        about={<Link to="/desk/review">The review queue</Link>}
      />
      <Resource of={held} what="this case" skeleton={<SkeletonRows rows={8} />}>
        {(held) => (
          <div className={classes.columns}>
            <Stack>
              <Why held={held} />
              <History held={held} />
            </Stack>
            <Stack>
              <Standing held={held} />
              <Decide held={held} />
            </Stack>
          </div>
        )}
      </Resource>
    </>
  );
}

function Why({ held }: { held: Held }) {
  const { evidence } = held;
  if (!evidence) {
    return (
      <Card title="Why it stands here">
        <Text size="sm" c="dimmed">
          The person was erased, and with them the evidence.
        </Text>
      </Card>
    );
  }
  const terms = evidence.terms.map(({ rule, weight, says }) => ({ code: rule, weight, detail: says }));
  const found = evidence.terms.flatMap((term) => term.evidence);
  return (
    <Card title="How the score was built" actions={<Risk score={held.score} level={levelOf(held.score)} />}>
      <Stack gap="md">
        <Terms terms={terms} score={evidence.score}>
          <b>Score</b>, {actionName(evidence.action).toLowerCase()}
        </Terms>
        {evidence.would_pass.length > 0 && (
          <Alert color="brand" variant="light" title="It would have passed">
            {evidence.would_pass.map((step) => (
              <Text key={step} size="sm">
                {capital(step)}
              </Text>
            ))}
          </Alert>
        )}
        <div className={classes.facts}>
          {found.map(({ name, value, meaning }) => (
            <Line key={name} label={capital(factName(meaning))}>
              {factValue(meaning, value)}
            </Line>
          ))}
        </div>
        {evidence.unheard.length > 0 && (
          <Text size="sm" c="dimmed">
            Not known, and so not counted: {evidence.unheard.map(({ rule }) => ruleName(rule)).join(", ")}.
          </Text>
        )}
      </Stack>
    </Card>
  );
}

function Standing({ held }: { held: Held }) {
  const now = useNow();
  const state = stateOf(held.state);
  const { order, withdrawal } = held;
  return (
    <Card title="What it is">
      <Line label="Whose">{held.email ?? ERASED}</Line>
      {order && (
        <Line label="Order">
          {capital(order.side)}{" "}
          {order.qty ? quantity(order.qty) : order.notional ? money(order.notional) : ""} {order.symbol},{" "}
          {order.type.replaceAll("_", " ")}
        </Line>
      )}
      {withdrawal && <Line label="Withdrawal">{money(withdrawal.amount, withdrawal.currency)}</Line>}
      {held.amount && <Line label="Amount">{money(held.amount)}</Line>}
      <Line label="Asked for">{dateTime(held.at)}</Line>
      <Line label="State">
        <Badge variant="light" color={state.color}>
          {state.label}
        </Badge>
      </Line>
      {held.expires_at && held.state === "open" && (
        <Line label="Decide by" strong>
          {shortly(held.expires_at)}, {timeLeft(held.expires_at, now)}
        </Line>
      )}
      <Line label="Their word">
        {held.answered_at ? `“It was me”, ${shortly(held.answered_at)}` : "Nothing yet"}
      </Line>
    </Card>
  );
}

function Decide({ held }: { held: Held }) {
  const me = useUser();
  const mayWork = useMayWork();
  const [note, setNote] = useState("");
  const nameOf = useNames([...held.approvals.map(({ by }) => by), held.closed_by]);
  const where = { params: { path: { id: held.id } }, body: { note: note.trim() } };
  const decide = useMutation({
    mutationFn: async (what: "approve" | "reject") => {
      const { data } = await (what === "approve"
        ? api.POST("/api/admin/security/transactions/{id}/approve", where)
        : api.POST("/api/admin/security/transactions/{id}/reject", where));
      return data?.state;
    },
    onSuccess: async (state) => {
      setNote("");
      await queries.invalidateQueries({ queryKey: ["get"] });
      done(state === "open" ? "Approved. It needs one more." : `${stateOf(state).label}.`);
    },
  });
  const step = deciding(held, me.id);
  return (
    <Card title="Decide">
      <Stack gap="sm">
        {held.approvals_needed > 1 && (
          <Text size="sm">
            For its amount {count(held.approvals_needed)} must approve; {count(held.approvals.length)} did.
          </Text>
        )}
        {held.approvals.map(({ by, at }) => (
          <Text key={by} size="sm" c="dimmed">
            Approved by {nameOf(by)}, {shortly(at)}
          </Text>
        ))}
        {step === "over" && (
          <Text size="sm" c="dimmed">
            {held.closed_by ? `Decided by ${nameOf(held.closed_by)}` : "It is over"}
            {held.closed_at ? `, ${dateTime(held.closed_at)}.` : "."}
          </Text>
        )}
        {step === "wait" && (
          <Text size="sm" c="dimmed">
            You approved it. Another person must, too.
          </Text>
        )}
        {step === "own" && (
          <Text size="sm" c="dimmed">
            Nobody decides on their own case. Ask a colleague.
          </Text>
        )}
        {decide.error !== null && <Refusal error={decide.error} />}
        {mayWork && step === "decide" && (
          <>
            <Textarea
              label="Why"
              description="It stays on record."
              autosize
              minRows={2}
              maxLength={1000}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
            <Group grow>
              <Button
                disabled={note.trim() === ""}
                loading={decide.isPending && decide.variables === "approve"}
                onClick={() => decide.mutate("approve")}
              >
                Approve
              </Button>
              <Button
                color="red"
                disabled={note.trim() === ""}
                loading={decide.isPending && decide.variables === "reject"}
                onClick={() => decide.mutate("reject")}
              >
                Reject
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Card>
  );
}

/** What else of them looked unusual lately. */
function History({ held }: { held: Held }) {
  const others = $api.useQuery("get", "/api/admin/security/transactions", {
    params: { query: { user: held.user_id, limit: 10 } },
  });
  return (
    <Card
      title="What else of them was high risk"
      actions={
        <LinkButton variant="default" size="xs" to="/desk/sign-ins" search={{ user: held.user_id }}>
          Their sign-ins
        </LinkButton>
      }
    >
      <Resource of={others} what="their history" skeleton={<SkeletonRows rows={3} />}>
        {({ items }) => {
          const rest = items.filter(({ id }) => id !== held.id);
          if (rest.length === 0) {
            return (
              <Text size="sm" c="dimmed">
                Nothing else.
              </Text>
            );
          }
          return (
            <Stack gap={6}>
              {rest.map((other) => (
                <Group key={other.id} justify="space-between" gap={8}>
                  <Link to="/desk/review/$id" params={{ id: other.id }}>
                    {titleOf(other)}
                  </Link>
                  <Group gap={10}>
                    <Text size="xs" c="dimmed">
                      {shortly(other.at)}
                    </Text>
                    <Risk score={other.score} level={levelOf(other.score)} />
                    <Badge variant="light" color={stateOf(other.state).color}>
                      {stateOf(other.state).label}
                    </Badge>
                  </Group>
                </Group>
              ))}
            </Stack>
          );
        }}
      </Resource>
    </Card>
  );
}
