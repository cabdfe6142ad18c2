// A surface with an optional heading: what a screen is made of.

import { Group, Paper, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Card.module.css";

export interface CardProps {
  title?: ReactNode;
  about?: ReactNode;
  actions?: ReactNode;
  /** Content that reaches the edges, such as a table. */
  flush?: boolean;
  children: ReactNode;
  className?: string;
  label?: string;
}

export function Card({ title, about, actions, flush = false, children, className, label }: CardProps) {
  return (
    <Paper component="section" aria-label={label} className={`${classes.card} ${className ?? ""}`}>
      {title !== undefined && (
        <Group className={classes.head} justify="space-between" align="flex-start" gap="sm" wrap="wrap">
          <div className={classes.words}>
            <Title order={2}>{title}</Title>
            {about !== undefined && (
              <Text c="dimmed" size="sm" component="div">
                {about}
              </Text>
            )}
          </div>
          {actions}
        </Group>
      )}
      <div className={flush ? classes.flush : classes.body}>{children}</div>
    </Paper>
  );
}

/** A small heading with the number under it. */
export function Fact({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <Text c="dimmed" size="sm">
        {label}
      </Text>
      <Text fw={600} fz="lg" component="div" className="figures">
        {children}
      </Text>
    </div>
  );
}

/** A label and its value on one line. */
export function Line({
  label,
  children,
  strong,
}: {
  label: ReactNode;
  children: ReactNode;
  strong?: boolean;
}) {
  return (
    <div className={classes.line}>
      <Text c="dimmed" size="sm" component="span">
        {label}
      </Text>
      <Text size="sm" fw={strong ? 650 : 550} component="span" className={`${classes.value} figures`}>
        {children}
      </Text>
    </div>
  );
}
