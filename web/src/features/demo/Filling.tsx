// Demonstration data, from the offer to fill it in over its progress to who can sign in. The server offers it once, in
// development, while nobody has joined.

import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { IconDatabasePlus } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { $api, api, queries, type Schemas } from "../../api/client";
import { Line } from "../../ui/Card";
import { count, date } from "../../ui/format";
import { Refusal } from "../../ui/Refusal";
import { capital } from "../risk/words";
import { SignInList } from "./SignInList";

type Demo = Schemas["DemoView"];

const PATH = "/api/admin/demo";

/** Where the data stands; asked for again each second while it is filled in. */
export function useDemo(enabled = true) {
  return $api.useQuery("get", PATH, undefined, {
    enabled,
    refetchInterval: ({ state }) => (state.data?.state === "running" ? 1_000 : false),
  });
}

interface FillingProps {
  demo: Demo;
  /** What else there is to choose. */
  other?: ReactNode;
}

export function Filling({ demo, other }: FillingProps) {
  if (demo.state === "running") return <Lived demo={demo} />;
  if (demo.state === "done") return <Filled happened={demo.happened} />;
  return <Offer demo={demo} other={other} />;
}

function Offer({ demo, other }: FillingProps) {
  const begin = useMutation({
    mutationFn: async () => {
      const { data } = await api.POST(PATH, { body: {} });
      queries.setQueryData(["get", PATH], data);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["get", PATH] }),
  });
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        Six months in the life of a hundred customers: sign-ins from many places, orders, a password spray, a
        stolen session, and incidents that were worked on. All of it goes through this server's own doors, so
        the books and the log verify. It takes a minute or two.
      </Text>
      {demo.state === "failed" && (
        <Text size="sm" c="red" role="alert">
          It could not be filled in: {demo.why}
        </Text>
      )}
      <Refusal error={begin.error} />
      <Group gap="sm">
        <Button
          leftSection={<IconDatabasePlus size={16} />}
          loading={begin.isPending}
          disabled={demo.state === "unavailable"}
          onClick={() => begin.mutate()}
        >
          Load demo data
        </Button>
        {other}
      </Group>
    </Stack>
  );
}

function Lived({ demo }: { demo: Demo }) {
  const now = demo.day ? `Living ${date(`${demo.day}T12:00`)}` : "Beginning…";
  return (
    <div>
      <Group justify="space-between" mb={8}>
        <Text fw={600}>{now}</Text>
        <Text className="figures" c="dimmed" size="sm">
          {demo.percent} %
        </Text>
      </Group>
      <Progress value={demo.percent} size="lg" aria-label={now} />
      <Text size="sm" c="dimmed" mt="sm">
        You may leave this page; it goes on.
      </Text>
    </div>
  );
}

function Filled({ happened }: { happened: Demo["happened"] }) {
  return (
    <Stack gap="lg">
      <div role="status">
        <Text fw={600} mb={6}>
          The demo data is there.
        </Text>
        {Object.entries(happened).map(([what, times]) => (
          <Line key={what} label={capital(what)}>
            {count(times)}
          </Line>
        ))}
      </div>
      <SignInList />
    </Stack>
  );
}
