// Which kinds of notice go by mail. What keeps an account safe always does.

import { Switch, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { $api, api, queries } from "../../api/client";
import { Card } from "../../ui/Card";
import { PageTitle } from "../../ui/PageTitle";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Resource } from "../../ui/states";
import { failed } from "../../ui/toast";
import classes from "./Notifications.module.css";

export function Notifications() {
  const choices = $api.useQuery("get", "/api/v1/notifications");
  const choose = useMutation({
    mutationFn: async (item: { kind: string; by_mail: boolean }) => {
      const { data } = await api.PUT("/api/v1/notifications", { body: { items: [item] } });
      return data;
    },
    onError: (error) => failed("Your choice was not saved", error),
    onSettled: () => queries.invalidateQueries({ queryKey: ["get", "/api/v1/notifications"] }),
  });
  return (
    <>
      <PageTitle title="Notifications" about="What we tell you by mail." />
      <div className={classes.narrow}>
        <Card label="Kinds of notice">
          <Resource of={choices} what="your choices" skeleton={<SkeletonRows rows={6} height={48} />}>
            {({ items }) =>
              items.map(({ kind, about, by_mail, locked }) => (
                <div key={kind} className={classes.row}>
                  <div>
                    <Text fw={550} id={`notice-${kind}`}>
                      {capital(kind.replaceAll("_", " "))}
                    </Text>
                    <Text size="sm" c="dimmed">
                      {about}
                      {locked && " Always sent, for your safety."}
                    </Text>
                  </div>
                  <Switch
                    aria-labelledby={`notice-${kind}`}
                    checked={
                      choose.isPending && choose.variables.kind === kind ? choose.variables.by_mail : by_mail
                    }
                    disabled={locked}
                    onChange={(event) => choose.mutate({ kind, by_mail: event.currentTarget.checked })}
                  />
                </div>
              ))
            }
          </Resource>
        </Card>
      </div>
    </>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
