// The states of everything that is fetched: on its way, failed (what, why, again), failed with data of a known age, empty.

import { Alert, Button, Group, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconAlertTriangle, IconCloudOff, IconRefresh } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { asProblem, sentence } from "../api/problem";
import { relative } from "./format";
import { useNow } from "./now";
import classes from "./states.module.css";

/** What a query of react-query tells. */
export interface Fetched<T> {
  data: T | undefined;
  error: unknown;
  isFetching: boolean;
  dataUpdatedAt: number;
  refetch: () => unknown;
}

export interface ResourceProps<T> {
  of: Fetched<T>;
  /** What is fetched, as in "your portfolio". */
  what: string;
  /** Drawn meanwhile, of the same size as what comes. */
  skeleton: ReactNode;
  children: (data: T) => ReactNode;
}

/** Draws what was fetched, in whichever state it is. */
export function Resource<T>({ of, what, skeleton, children }: ResourceProps<T>) {
  if (of.data === undefined) {
    if (of.error === null || of.error === undefined) return <Busy what={what}>{skeleton}</Busy>;
    return <Failed what={what} error={of.error} busy={of.isFetching} again={of.refetch} />;
  }
  return (
    <>
      {of.error !== null && of.error !== undefined && <Stale of={of} what={what} />}
      {children(of.data)}
    </>
  );
}

function Busy({ what, children }: { what: string; children: ReactNode }) {
  return (
    <div aria-busy="true">
      <span className="hidden-visually" role="status">
        Loading {what}
      </span>
      <div aria-hidden="true">{children}</div>
    </div>
  );
}

interface FailedProps {
  what: string;
  error: unknown;
  busy: boolean;
  again: () => unknown;
}

export function Failed({ what, error, busy, again }: FailedProps) {
  const problem = asProblem(error);
  return (
    <Stack className={classes.blank} align="center" gap={6} role="alert">
      <ThemeIcon variant="light" color="red" size={40} radius="xl">
        {problem.status === 0 ? <IconCloudOff size={20} /> : <IconAlertTriangle size={20} />}
      </ThemeIcon>
      <Text fw={600}>Could not load {what}</Text>
      <Text c="dimmed" size="sm" ta="center">
        {sentence(problem)}
        {problem.requestId !== null && problem.status >= 500 && ` Request ${problem.requestId}.`}
      </Text>
      <Button
        mt={8}
        size="xs"
        variant="default"
        leftSection={<IconRefresh size={14} />}
        loading={busy}
        onClick={() => again()}
      >
        Try again
      </Button>
    </Stack>
  );
}

function Stale<T>({ of, what }: { of: Fetched<T>; what: string }) {
  const now = useNow();
  return (
    <Alert className={classes.stale} color="yellow" variant="light" role="status" p="xs" mb="sm">
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          Could not refresh {what}: {sentence(asProblem(of.error)).replace(/\.$/, "")}. This is from{" "}
          {relative(of.dataUpdatedAt, now)}.
        </Text>
        <Button size="compact-xs" variant="default" loading={of.isFetching} onClick={() => of.refetch()}>
          Try again
        </Button>
      </Group>
    </Alert>
  );
}

interface EmptyProps {
  icon: ReactNode;
  title: string;
  children: ReactNode;
  action?: ReactNode;
}

/** Nothing yet, and what to do next. */
export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <Stack className={classes.blank} align="center" gap={6}>
      <ThemeIcon variant="light" size={44} radius="xl">
        {icon}
      </ThemeIcon>
      <Text fw={600} mt={4}>
        {title}
      </Text>
      <Text c="dimmed" size="sm" ta="center" maw={420}>
        {children}
      </Text>
      {action !== undefined && <div className={classes.action}>{action}</div>}
    </Stack>
  );
}
