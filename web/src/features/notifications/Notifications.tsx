// Which kinds of notice go by mail. What keeps an account safe always does.

import { Switch, Text } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { $api, api, queries, type Schemas } from "../../api/client";
import { Card } from "../../ui/Card";
import { PageTitle } from "../../ui/PageTitle";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Resource } from "../../ui/states";
import { failed } from "../../ui/toast";
import classes from "./Notifications.module.css";

type Choice = Schemas["ChoiceView"];

export function Notifications() {
  const choices = $api.useQuery("get", "/api/v1/notifications");
  return (
    <>
      <PageTitle title="Notifications" about="What we tell you by mail." />
      <Resource of={choices} what="your choices" skeleton={<SkeletonRows rows={8} height={48} />}>
        {({ items }) => (
          <div className="halves">
            <Card title="Your choice" about="On where you want a mail.">
              <Choices items={items.filter(({ locked }) => !locked)} />
            </Card>
            <Card title="Always sent" about="So that nobody who got in could keep you in the dark.">
              <ul className={classes.list}>
                {items
                  .filter(({ locked }) => locked)
                  .map(({ kind, about }) => (
                    <li key={kind} className={classes.row}>
                      <Text>{about}</Text>
                      <IconLock size={16} className={classes.lock} aria-hidden="true" />
                    </li>
                  ))}
              </ul>
            </Card>
          </div>
        )}
      </Resource>
    </>
  );
}

function Choices({ items }: { items: readonly Choice[] }) {
  const choose = useMutation({
    mutationFn: async (item: { kind: string; by_mail: boolean }) => {
      const { data } = await api.PUT("/api/v1/notifications", { body: { items: [item] } });
      return data;
    },
    onError: (error) => failed("Your choice was not saved", error),
    onSettled: () => queries.invalidateQueries({ queryKey: ["get", "/api/v1/notifications"] }),
  });
  const isOn = ({ kind, by_mail }: Choice) =>
    choose.isPending && choose.variables.kind === kind ? choose.variables.by_mail : by_mail;
  return (
    <ul className={classes.list}>
      {items.map((choice) => (
        <li key={choice.kind} className={classes.row}>
          <Text id={`notice-${choice.kind}`}>{choice.about}</Text>
          <Switch
            aria-labelledby={`notice-${choice.kind}`}
            checked={isOn(choice)}
            onChange={(event) => choose.mutate({ kind: choice.kind, by_mail: event.currentTarget.checked })}
          />
        </li>
      ))}
    </ul>
  );
}
