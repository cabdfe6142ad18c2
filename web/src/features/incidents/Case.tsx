// One incident: what happened, in order, and what to do about it.

import { Badge, Button, Group, Radio, Stack, Text, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { $api, api, queries, type Schemas } from "../../api/client";
import { Card, Line } from "../../ui/Card";
import { count, dateTime } from "../../ui/format";
import { PageTitle } from "../../ui/PageTitle";
import { Refusal } from "../../ui/Refusal";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Resource } from "../../ui/states";
import { done } from "../../ui/toast";
import { kindName } from "../audit/log/words";
import { useMayWork } from "../auth/session";
import { capital } from "../risk/words";
import classes from "./Case.module.css";
import { named, severityColor, severityName, standing } from "./words";

type Whole = Schemas["IncidentCase"];
type Moment = Schemas["Page_MomentView"]["items"][number];

export function Case() {
  const { id } = useParams({ strict: false }) as { id: string };
  const incident = $api.useQuery("get", "/api/admin/security/incidents/{id}", {
    params: { path: { id }, query: { limit: 200 } },
  });
  return (
    <>
      <PageTitle
        title={incident.data?.title ?? "Incident"}
        about={<Link to="/desk/incidents">All incidents</Link>}
      />
      <Resource of={incident} what="this incident" skeleton={<SkeletonRows rows={8} />}>
        {(whole) => (
          <div className={classes.columns}>
            <Card flush title="What happened" about="Read from the log, which keeps that you did.">
              <ol className={classes.timeline}>
                {whole.timeline.items.map((moment) => (
                  <Happened key={moment.id} moment={moment} />
                ))}
              </ol>
            </Card>
            <Stack>
              <Standing whole={whole} />
              <Work whole={whole} />
            </Stack>
          </div>
        )}
      </Resource>
    </>
  );
}

function Standing({ whole }: { whole: Whole }) {
  return (
    <Card title="How it stands">
      <Line label="Severity">
        <Badge variant="light" color={severityColor(whole.severity)}>
          {severityName(whole.severity)}
        </Badge>
      </Line>
      <Line label="State">{standing(whole)}</Line>
      <Line label="About">{whole.subject ? named(whole.subject) : (whole.network ?? "the platform")}</Line>
      <Line label="Assigned to">{named(whole.assignee)}</Line>
      <Line label="Due">
        {dateTime(whole.due_at)}
        {whole.overdue && (
          <Text span c="red">
            {" "}
            overdue
          </Text>
        )}
      </Line>
      <Line label="Events">{count(whole.events)}</Line>
      <Line label="People">{count(whole.people)}</Line>
    </Card>
  );
}

const DONE: Record<string, string> = {
  opened: "Opened by rule",
  escalated: "Became more severe",
  assigned: "Assigned",
  noted: "Note",
  confirmed: "Resolved: confirmed",
  false_positive: "Resolved: a false positive",
};

/** What rules did, whose words are a severity. */
const BY_RULE = new Set(["opened", "escalated"]);

function Happened({ moment }: { moment: Moment }) {
  const { event } = moment;
  return (
    <li className={classes.moment} data-event={event ? true : undefined}>
      <Group gap={8} justify="space-between">
        <Text fw={600} size="md">
          {event ? kindName(event.kind) : (DONE[moment.what] ?? capital(moment.what))}
        </Text>
        <Text size="sm" c="dimmed">
          {dateTime(moment.at)}
        </Text>
      </Group>
      <Text size="sm" c="dimmed">
        {event?.erased === true && "The person was erased, and with them what it said. "}
        {moment.by && `by ${named(moment.by)} `}
        {moment.user && `${event ? "about" : "to"} ${named(moment.user)} `}
        {event?.ip && (
          <>
            from <span className="mono">{event.ip}</span>
          </>
        )}
      </Text>
      {moment.words && (
        <Text className={classes.words}>
          {BY_RULE.has(moment.what) ? `${capital(moment.words)} severity` : moment.words}
        </Text>
      )}
    </li>
  );
}

function Work({ whole }: { whole: Whole }) {
  if (!useMayWork()) return null;
  return (
    <>
      <Note whole={whole} />
      {whole.status !== "resolved" && <Resolve whole={whole} />}
    </>
  );
}

function Note({ whole }: { whole: Whole }) {
  const [text, setText] = useState("");
  const path = { id: whole.id };
  const take = useMutation({
    mutationFn: () => api.POST("/api/admin/security/incidents/{id}/assign", { params: { path }, body: {} }),
    onSuccess: () => told("It is yours now"),
  });
  const note = useMutation({
    mutationFn: () =>
      api.POST("/api/admin/security/incidents/{id}/note", { params: { path }, body: { text } }),
    onSuccess: () => {
      setText("");
      return told("Noted");
    },
  });
  return (
    <Card title="Work on it">
      <Stack gap="sm">
        {take.error !== null && <Refusal error={take.error} />}
        {note.error !== null && <Refusal error={note.error} />}
        {whole.status !== "resolved" && (
          <Button variant="default" loading={take.isPending} onClick={() => take.mutate()}>
            Take it on
          </Button>
        )}
        <Textarea
          label="Note"
          description="What you found out. It stays."
          autosize
          minRows={2}
          maxLength={4000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button
          variant="default"
          disabled={text.trim() === ""}
          loading={note.isPending}
          onClick={() => note.mutate()}
        >
          Add the note
        </Button>
      </Stack>
    </Card>
  );
}

function Resolve({ whole }: { whole: Whole }) {
  const [outcome, setOutcome] = useState<"confirmed" | "false_positive" | null>(null);
  const resolve = useMutation({
    mutationFn: async (outcome: "confirmed" | "false_positive") => {
      const path = { id: whole.id };
      await api.POST("/api/admin/security/incidents/{id}/resolve", { params: { path }, body: { outcome } });
    },
    onSuccess: () => told("Resolved"),
  });
  return (
    <Card title="Resolve it">
      <Stack gap="sm">
        {resolve.error !== null && <Refusal error={resolve.error} />}
        <Radio.Group
          label="What was it?"
          value={outcome}
          onChange={(value) => setOutcome(value === "confirmed" ? "confirmed" : "false_positive")}
        >
          <Stack gap={6} mt={6}>
            <Radio value="confirmed" label="Confirmed: somebody did harm, or tried to" />
            <Radio value="false_positive" label="A false positive: it only looked like it" />
          </Stack>
        </Radio.Group>
        <Button
          disabled={outcome === null}
          loading={resolve.isPending}
          onClick={() => outcome && resolve.mutate(outcome)}
        >
          Resolve
        </Button>
      </Stack>
    </Card>
  );
}

async function told(words: string): Promise<void> {
  await queries.invalidateQueries();
  done(words);
}
