// Whether what is shown moves by itself: live, paused, or cut off and tried again.

import { Text } from "@mantine/core";
import classes from "./Pulse.module.css";

interface PulseProps {
  state: "opening" | "live" | "lost" | "paused";
  /** Whether it follows a sentence. */
  apart?: boolean;
  children?: string;
}

const WORDS = {
  opening: "Connecting…",
  live: "Live",
  lost: "Reconnecting…",
  paused: "Paused",
};

export function Pulse({ state, apart = false, children }: PulseProps) {
  return (
    <Text component="span" size="sm" c="dimmed" className={classes.pulse} ml={apart ? 10 : 0} role="status">
      <span className={classes.dot} data-state={state} aria-hidden="true" />
      {children ?? WORDS[state]}
    </Text>
  );
}
