// One open session: where it is, since when, and how to end it.

import { Badge, Button, Group, Text } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { api, queries, type Schemas } from "../../api/client";
import { dateTime, relative } from "../../ui/format";
import { useNow } from "../../ui/now";
import { done, failed } from "../../ui/toast";
import classes from "./Devices.module.css";

export type Session = Schemas["SessionView"];

interface SessionRowProps {
  session: Session;
  /** Says that it is a stranger's. */
  disown: () => void;
}

export function SessionRow({ session, disown }: SessionRowProps) {
  const now = useNow();
  const end = useMutation({
    mutationFn: async () => {
      await api.DELETE("/api/v1/sessions/{id}", { params: { path: { id: session.id } } });
    },
    onSuccess: async () => {
      done("The session has ended");
      await queries.invalidateQueries();
    },
    onError: (error) => failed("The session was not ended", error),
  });
  return (
    <li className={classes.row} data-current={session.current || undefined}>
      <span className={classes.icon}>
        <IconPlugConnected size={20} stroke={1.6} aria-hidden="true" />
      </span>
      <div className={classes.words}>
        <Group gap={8}>
          <Text fw={600}>{session.device}</Text>
          {session.current && <Badge variant="light">This session</Badge>}
        </Group>
        <Text size="sm" c="dimmed">
          Since {dateTime(session.created_at)}
          {session.place && (
            <>
              {" from "}
              <span className="mono">{session.place}</span>
            </>
          )}
        </Text>
        <Text size="sm" c="dimmed">
          {session.current ? "In use now" : `Last seen ${relative(session.last_seen_at, now)}`}
        </Text>
      </div>
      {!session.current && (
        <div className={classes.actions}>
          <Button
            size="xs"
            variant="default"
            onClick={disown}
            aria-label={`This wasn\u2019t me: session on ${session.device}`}
          >
            This wasn’t me
          </Button>
          <Button
            size="xs"
            variant="default"
            loading={end.isPending}
            onClick={() => end.mutate()}
            aria-label={`End the session on ${session.device}`}
          >
            End
          </Button>
        </div>
      )}
    </li>
  );
}
