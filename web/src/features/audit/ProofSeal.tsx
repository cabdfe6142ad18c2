// A proof in words: that the entry is in the log, checked in this browser, and the file to check it elsewhere.

import { Alert, Anchor, Button, Collapse, Group, Loader, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload, IconShieldCheck, IconShieldX } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { asProblem, sentence } from "../../api/problem";
import { Line } from "../../ui/Card";
import { count } from "../../ui/format";
import { ProofRefused } from "./proof";
import type { Proven } from "./useProof";

export function ProofSeal({ of }: { of: UseQueryResult<Proven> }) {
  const [opened, { toggle }] = useDisclosure(false);
  if (of.isPending) {
    return (
      <Group gap="sm" role="status">
        <Loader size={16} />
        <Text size="sm" c="dimmed">
          Waiting for the record in the audit log…
        </Text>
      </Group>
    );
  }
  if (of.error) {
    const why = of.error instanceof ProofRefused ? of.error.message : sentence(asProblem(of.error));
    return (
      <Alert color="red" icon={<IconShieldX size={18} />} title="Not proved" role="alert">
        {why}{" "}
        <Anchor component="button" type="button" size="sm" underline="always" onClick={() => of.refetch()}>
          Try again
        </Anchor>
      </Alert>
    );
  }
  const { proof, verified } = of.data;
  return (
    <Alert color="teal" icon={<IconShieldCheck size={20} />} title="On record, and proved" role="status">
      <Text size="sm">
        This is record {count(verified.index)} of the audit log. Your browser computed its way to the root
        that the server signed{verified.signed === true ? " and checked the signature" : ""}.
      </Text>
      <Group gap="md" mt={8}>
        <Anchor
          component="button"
          type="button"
          size="sm"
          underline="always"
          onClick={toggle}
          aria-expanded={opened}
        >
          {opened ? "Hide the numbers" : "Show the numbers"}
        </Anchor>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconDownload size={14} />}
          onClick={() => save(proof)}
        >
          Save the proof
        </Button>
      </Group>
      <Collapse expanded={opened}>
        <div style={{ marginTop: 10 }}>
          <Line label="Log">{verified.origin}</Line>
          <Line label="Size of the log">{count(verified.size)}</Line>
          <Line label="Root">
            <span className="mono">{verified.root}</span>
          </Line>
          <Line label="Signature">{verified.signed === null ? "this browser cannot check it" : "good"}</Line>
          <Line label="Words match the record">{verified.committed === null ? "not handed out" : "yes"}</Line>
        </div>
      </Collapse>
    </Alert>
  );
}

/** A file that `stockade-verify proof` takes, offline. */
function save(proof: Proven["proof"]): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(proof, null, 2)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `stockade-proof-${proof.entry.seq}.json`;
  link.click();
  URL.revokeObjectURL(url);
}
