// Identity data, masked; what was revealed is masked again by itself.

import { Text } from "@mantine/core";
import { useEffect } from "react";
import { Line } from "../../ui/Card";
import { date } from "../../ui/format";
import { linesOf, type ProfileData } from "./lines";
import classes from "./Profile.module.css";

/** How long identity data stays in clear on a page that nobody may be looking at. */
const SHOWN_MS = 60_000;

interface IdentityProps {
  profile: ProfileData;
  revealed: Partial<ProfileData> | undefined;
  hide: () => void;
}

export function Identity({ profile, revealed, hide }: IdentityProps) {
  useEffect(() => {
    if (!revealed) return;
    const timer = setTimeout(hide, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [revealed, hide]);
  return (
    <>
      {linesOf(profile, revealed).map(({ field, label, text }) => (
        <Line key={field} label={label}>
          {text}
        </Line>
      ))}
      {profile.updated_at && (
        <Text size="sm" c="dimmed" className={classes.foot} role="status">
          {revealed
            ? "Shown in full for a minute. It is on record that you looked."
            : `Last changed ${date(profile.updated_at)}.`}
        </Text>
      )}
    </>
  );
}
