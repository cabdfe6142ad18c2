// Has the log been altered? The server reads all of it; here stands how far it is, and what it found.

import { Alert, Button, Group, List, Progress, Text } from "@mantine/core";
import { IconShieldCheck, IconShieldX } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { $api, api, queries, type Schemas } from "../../../api/client";
import { Card } from "../../../ui/Card";
import { count, dateTime } from "../../../ui/format";
import { Refusal } from "../../../ui/Refusal";
import { findingName } from "./words";

type Outcome = Schemas["Verification"];

const PATH = "/api/admin/security/audit-logs/verify-chain";

export function Verify() {
  const verify = useMutation({
    mutationFn: async () => {
      const { data } = await api.POST(PATH);
      if (!data) throw new Error("an answer without a body");
      return data;
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["get", PATH] }),
  });
  const { data: known } = $api.useQuery("get", PATH, undefined, { staleTime: 10_000 });
  return (
    <Card
      title="Has the log been altered?"
      about="Every entry, its chain, the tree above, payloads and every kept checkpoint are checked anew."
      actions={
        <Button loading={verify.isPending} onClick={() => verify.mutate()}>
          Verify the whole log
        </Button>
      }
    >
      <div aria-live="polite">
        {verify.isPending && <HowFar />}
        {verify.error !== null && <Refusal error={verify.error} />}
        {verify.data && <Found outcome={verify.data} />}
        {verify.isIdle && <Before last={known?.last} />}
      </div>
    </Card>
  );
}

/** What is known from before. */
function Before({ last }: { last: Schemas["VerificationProgress"]["last"] }) {
  const words = !last
    ? "Nobody has verified it since the server was started."
    : last.valid
      ? `Not altered: all ${count(last.entries)} entries were whole on ${dateTime(last.at)}. What came later was not looked at yet.`
      : `Altered: ${count(last.problems)} problems were found on ${dateTime(last.at)}. Verify it again to see them.`;
  return (
    <Text size="sm" c={last?.valid === false ? "red" : "dimmed"}>
      {words}
    </Text>
  );
}

function HowFar() {
  const progress = $api.useQuery("get", PATH, undefined, { refetchInterval: 400, staleTime: 0 });
  const { running = false, checked = 0, of = 0 } = progress.data ?? {};
  const share = running && of > 0 ? (checked / of) * 100 : 0;
  return (
    <>
      <Progress value={share} aria-label="Entries checked" />
      <Text size="sm" c="dimmed" mt={6} className="figures">
        {running && of > 0 ? `${count(checked)} of ${count(of)} entries` : "Beginning…"}
      </Text>
    </>
  );
}

function Found({ outcome }: { outcome: Outcome }) {
  if (outcome.valid) {
    return (
      <Alert color="teal" icon={<IconShieldCheck size={20} />} title="Not altered">
        <Text size="sm">
          All {count(outcome.entries)} entries are as they were written, {count(outcome.payloads)} payloads
          match what the log committed to, and {count(outcome.kept_confirmed)} older checkpoints agree.
          {outcome.erased > 0 && ` ${count(outcome.erased)} payloads were erased with their persons.`}
          {outcome.unsigned > 0 && ` The last ${count(outcome.unsigned)} are not yet signed.`}
        </Text>
        {outcome.checkpoint && (
          <Text size="xs" c="dimmed" mt={6} style={{ overflowWrap: "anywhere" }}>
            Root <span className="mono">{outcome.checkpoint.root}</span>
          </Text>
        )}
      </Alert>
    );
  }
  const [first] = outcome.problems;
  return (
    <Alert color="red" icon={<IconShieldX size={20} />} title="The log was altered" role="alert">
      {first && (
        <Text fw={600}>
          First broken record:{" "}
          {first.seq === null || first.seq === undefined ? "the log as a whole" : count(first.seq)}.{" "}
          {findingName(first.kind)}: {first.detail}
        </Text>
      )}
      <Group gap={6} mt={6}>
        <Text size="sm">
          {count(outcome.problem_count)} {outcome.problem_count === 1 ? "problem" : "problems"} among{" "}
          {count(outcome.entries)} entries.
        </Text>
      </Group>
      <List size="sm" mt={6}>
        {outcome.problems.slice(1, 10).map(({ kind, seq, detail }) => (
          <List.Item key={`${kind}${seq}${detail}`}>
            {seq === null || seq === undefined ? "" : `Record ${count(seq)}: `}
            {findingName(kind)}. {detail}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
