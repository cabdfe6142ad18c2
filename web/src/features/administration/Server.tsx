// How this server is set up, and whether what it stands on is well. Settings are files and variables on the machine, not
// something a browser changes.

import { Badge, Text } from "@mantine/core";
import { $api } from "../../api/client";
import { Card, Line } from "../../ui/Card";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Resource } from "../../ui/states";
import { useUser } from "../auth/session";
import { DemoCard } from "../demo/DemoCard";
import { capital } from "../risk/words";

export function Server() {
  const isAdmin = useUser().role === "admin";
  const about = $api.useQuery("get", "/api/v1/about");
  const health = $api.useQuery("get", "/health", undefined, { refetchInterval: 10_000 });
  return (
    <div className="halves level">
      <Card title="Set up">
        <Resource of={about} what="the settings" skeleton={<SkeletonRows rows={4} />}>
          {({ version, environment, feed, registration_open }) => (
            <>
              <Line label="Version">{version}</Line>
              <Line label="Environment">{capital(environment)}</Line>
              <Line label="Prices come from">{capital(feed)}</Line>
              <Line label="Anybody may join">{registration_open ? "Yes" : "No"}</Line>
              <Text size="sm" c="dimmed" mt="sm">
                Settings are changed on the machine: <span className="mono">stockade config show</span> prints
                them with where each comes from.
              </Text>
            </>
          )}
        </Resource>
      </Card>
      <Card title="Health">
        <Resource of={health} what="the server's health" skeleton={<SkeletonRows rows={4} />}>
          {(found) => (
            <>
              <Line label="Whole">
                <Standing status={found.status} />
              </Line>
              {Object.entries(found.checks ?? {}).map(([name, check]) => (
                <Line key={name} label={capital(name.replaceAll("_", " "))}>
                  <Standing status={check} />
                </Line>
              ))}
            </>
          )}
        </Resource>
      </Card>
      {isAdmin && <DemoCard />}
    </div>
  );
}

function Standing({ status }: { status: string }) {
  return (
    <Badge variant="light" color={status === "ok" ? "teal" : "yellow"}>
      {status === "ok" ? "Well" : capital(status)}
    </Badge>
  );
}
