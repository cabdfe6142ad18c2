// What is done for the account's safety, and what is left to do.

import { Button, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Schemas } from "../../../api/client";
import { Card } from "../../../ui/Card";
import { count } from "../../../ui/format";
import { type Check, checksOf } from "./checks";
import classes from "./Security.module.css";

interface ChecklistProps {
  factors: Schemas["SecondFactors"];
  /** How many there are; unknown while they are on their way. */
  passkeys: number | undefined;
}

const ACTIONS: Partial<Record<Check["name"], ReactNode>> = {
  app: (
    <Button size="xs" component={Link} to="/security/authenticator">
      Set it up
    </Button>
  ),
};

export function Checklist({ factors, passkeys }: ChecklistProps) {
  const checks = checksOf(factors, passkeys);
  const good = checks.filter(({ good }) => good).length;
  return (
    <Card title="Safety checklist" about={`${count(good)} of ${count(checks.length)} done`}>
      <ul className={classes.list}>
        {checks.map(({ name, good, title, about }) => (
          <li key={name} className={classes.check}>
            {good ? (
              <IconCircleCheck size={22} className="up" role="img" aria-label="Done" />
            ) : (
              <IconCircleDashed size={22} className={classes.open} role="img" aria-label="To do" />
            )}
            <div className={classes.words}>
              <Text fw={550}>{title}</Text>
              <Text size="sm" c="dimmed">
                {about}
              </Text>
            </div>
            {!good && ACTIONS[name]}
          </li>
        ))}
      </ul>
    </Card>
  );
}
