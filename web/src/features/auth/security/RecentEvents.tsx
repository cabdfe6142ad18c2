// What lately happened to the account's safety, from one's own record.

import { Anchor, Text } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { $api } from "../../../api/client";
import { Card } from "../../../ui/Card";
import { relative } from "../../../ui/format";
import { useNow } from "../../../ui/now";
import { SkeletonRows } from "../../../ui/SkeletonRows";
import { Empty, Resource } from "../../../ui/states";
import { inWords, isAboutSecurity } from "../../audit/words";
import classes from "./Security.module.css";

const SHOWN = 12;

export function RecentEvents() {
  const record = $api.useQuery(
    "get",
    "/api/v1/audit/mine",
    { params: { query: { limit: 100 } } },
    { refetchInterval: 15_000 },
  );
  const now = useNow();
  return (
    <Card
      title="Recent security events"
      actions={
        <Anchor
          renderRoot={(props) => <Link to="/orders" search={{ tab: "record" }} {...props} />}
          size="sm"
          underline="always"
        >
          All records
        </Anchor>
      }
    >
      <Resource of={record} what="recent events" skeleton={<SkeletonRows rows={6} height={36} />}>
        {({ items }) => {
          const events = items.filter(({ kind }) => isAboutSecurity(kind)).slice(0, SHOWN);
          if (events.length === 0) {
            return (
              <Empty icon={<IconShieldCheck size={22} />} title="Nothing happened">
                Sign-ins, new devices and changes appear here.
              </Empty>
            );
          }
          return events.map((entry) => (
            <div key={entry.id} className={classes.event}>
              <div className={classes.words}>
                <Text fw={500}>{inWords(entry)}</Text>
                <Text size="sm" c="dimmed">
                  {entry.ip ? <span className="mono">{entry.ip}</span> : "From this server"}
                </Text>
              </div>
              <Text size="sm" c="dimmed" style={{ whiteSpace: "nowrap" }}>
                {relative(entry.at, now)}
              </Text>
            </div>
          ));
        }}
      </Resource>
    </Card>
  );
}
