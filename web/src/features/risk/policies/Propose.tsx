// Proposes a policy: the live one to begin with, changed. What cannot be used is refused line by line.

import { Alert, Button, Group, List, Stack, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { $api, api, queries } from "../../../api/client";
import { asProblem } from "../../../api/problem";
import { Card } from "../../../ui/Card";
import { PageTitle } from "../../../ui/PageTitle";
import { Refusal } from "../../../ui/Refusal";
import { SkeletonRows } from "../../../ui/SkeletonRows";
import { Resource } from "../../../ui/states";
import { done } from "../../../ui/toast";
import { Difference } from "./Difference";
import classes from "./Policies.module.css";

export function Propose() {
  const live = $api.useQuery("get", "/api/admin/security/policies/live", undefined, {
    refetchOnWindowFocus: false,
  });
  return (
    <>
      <PageTitle
        title="Propose a policy"
        about={
          <>
            Proposing changes nothing yet: next you see what it would have decided last month.{" "}
            <Link to="/desk/policies">All policies</Link>
          </>
        }
      />
      <Resource of={live} what="the live policy" skeleton={<SkeletonRows rows={10} />}>
        {({ text, hash }) => <Form key={hash} live={text} />}
      </Resource>
    </>
  );
}

function Form({ live }: { live: string }) {
  const [text, setText] = useState(live);
  const [note, setNote] = useState("");
  const navigate = useNavigate();
  const propose = useMutation({
    mutationFn: async () => {
      const { data } = await api.POST("/api/admin/security/policies", { body: { text, note } });
      return data;
    },
    onSuccess: async (proposal) => {
      await queries.invalidateQueries({ queryKey: ["get"] });
      done("Proposed. Another administrator approves it.");
      if (proposal) await navigate({ to: "/desk/policies/$id", params: { id: proposal.id } });
    },
  });
  const problems = propose.error === null ? [] : asProblem(propose.error).fields;
  return (
    <div className={classes.page}>
      <Card label="The policy">
        <Stack gap="md">
          {propose.error !== null && <Refusal error={propose.error} />}
          {problems.length > 0 && (
            <Alert color="red" variant="light" title="What is wrong with it">
              <List size="sm">
                {problems.map(({ field, detail }) => (
                  <List.Item key={`${field}${detail}`}>{detail}</List.Item>
                ))}
              </List>
            </Alert>
          )}
          <TextInput
            label="Why"
            description="Whoever approves it reads this."
            maxLength={1000}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Textarea
            label="The policy, as TOML"
            className={classes.text ?? ""}
            autosize
            minRows={12}
            maxRows={28}
            spellCheck={false}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Group>
            <Button
              disabled={note.trim() === "" || text === live}
              loading={propose.isPending}
              onClick={() => propose.mutate()}
            >
              Propose it
            </Button>
          </Group>
        </Stack>
      </Card>
      {text !== live && (
        <Card title="What you changed">
          <Difference before={live} after={text} />
        </Card>
      )}
    </div>
  );
}
