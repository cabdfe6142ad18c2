// One entry: what it says, in words and raw, and its proof, which this browser computes.

import { Button, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../../api/client";
import { asProblem, Problem } from "../../../api/problem";
import { Line } from "../../../ui/Card";
import { count, dateTime } from "../../../ui/format";
import { LinkButton } from "../../../ui/LinkButton";
import { Side } from "../../../ui/Side";
import { capital } from "../../risk/words";
import { ProofSeal } from "../ProofSeal";
import { verifyProof } from "../proof";
import classes from "./AuditLog.module.css";
import { actorName, type Entry, reasonOf, said } from "./words";

interface RecordProps {
  entry: Entry | null;
  nameOf: (id: string) => string;
  close: () => void;
}

export function Record({ entry, nameOf, close }: RecordProps) {
  return (
    <Side opened={entry !== null} onClose={close} title={entry ? `Record ${count(entry.seq)}` : ""}>
      {entry && <Whole key={entry.id} entry={entry} nameOf={nameOf} />}
    </Side>
  );
}

function Whole({ entry, nameOf }: { entry: Entry; nameOf: (id: string) => string }) {
  const [isRaw, { toggle }] = useDisclosure(false);
  const reason = reasonOf(entry);
  const [isProving, { open: prove }] = useDisclosure(false);
  return (
    <Stack gap="md">
      <Text fw={650} fz="lg">
        {said(entry)}
      </Text>
      <div>
        <Line label="When">{dateTime(entry.at)}</Line>
        <Line label="Who did it">{actorName(entry, nameOf)}</Line>
        <Line label="About">{entry.subject ? nameOf(entry.subject) : "nobody in particular"}</Line>
        <Line label="Outcome">{entry.outcome ? capital(entry.outcome) : "Erased"}</Line>
        {reason && <Line label="Why">{reason}</Line>}
        <Line label="From">
          <span className="mono">{entry.ip ?? "no address"}</span>
        </Line>
        {entry.user_agent && <Line label="Program">{entry.user_agent}</Line>}
        <Line label="Kind">
          <span className="mono">{entry.kind}</span>
        </Line>
      </div>
      {isProving ? <Proof id={entry.id} /> : <Button onClick={prove}>Prove it in this browser</Button>}
      {entry.request_id && (
        <LinkButton variant="default" to="/desk/audit-log" search={{ request: entry.request_id }}>
          Everything of that request
        </LinkButton>
      )}
      <Button variant="default" onClick={toggle} aria-expanded={isRaw}>
        {isRaw ? "Hide the raw entry" : "Show the raw entry"}
      </Button>
      {isRaw && <pre className={classes.raw}>{JSON.stringify(entry, null, 2)}</pre>}
    </Stack>
  );
}

function Proof({ id }: { id: string }) {
  const proof = useQuery({
    queryKey: ["proof", "staff", id],
    staleTime: Number.POSITIVE_INFINITY,
    retry: (tries, error) => asProblem(error).code === "audit.not_yet_numbered" && tries < 20,
    retryDelay: 500,
    queryFn: async () => {
      const { data: proof } = await api.GET("/api/admin/security/audit-logs/{id}/proof", {
        params: { path: { id } },
      });
      if (!proof) throw new Problem(404, "audit.unknown_entry", "there is no such entry");
      return { proof, verified: await verifyProof(proof) };
    },
  });
  return <ProofSeal of={proof} />;
}
