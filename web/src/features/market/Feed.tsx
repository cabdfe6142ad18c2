// Where prices come from, always in sight, so that nobody takes a replay for today's market.

import { Text, Tooltip } from "@mantine/core";
import { $api } from "../../api/client";
import classes from "./Feed.module.css";
import { useLink } from "./stream";

const FEEDS: Record<string, { label: string; about: string }> = {
  replay: {
    label: "Replayed market",
    about: "Real daily closes of the past, played back as a moving market. Open day and night.",
  },
  csv: { label: "Imported prices", about: "Closes of whole days that were imported from files." },
  alpaca: { label: "Alpaca", about: "Market data by Alpaca." },
};

export function Feed() {
  const { data } = $api.useQuery("get", "/api/v1/about", undefined, { staleTime: Number.POSITIVE_INFINITY });
  const lost = useLink() === "lost";
  if (!data) return null;
  const feed = FEEDS[data.feed] ?? { label: "Market data", about: `Prices come from ${data.feed}.` };
  const about = lost
    ? "The stream of prices was lost and is tried again. Until then they are asked for."
    : "";
  return (
    <Tooltip label={`${feed.about} ${about}`} multiline w={260}>
      <Text size="sm" c="dimmed" className={`${classes.feed} only-wide`} tabIndex={0} role="status">
        <span className={classes.dot} data-lost={lost || undefined} aria-hidden="true" />
        {lost ? "Reconnecting to the market\u2026" : feed.label}
      </Text>
    </Tooltip>
  );
}
