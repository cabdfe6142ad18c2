// The last news about what one holds.

import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { $api } from "../../api/client";
import { Card } from "../../ui/Card";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Resource } from "../../ui/states";
import { NewsList } from "./NewsList";

/** So many fit beside the holdings. */
const MOST = 4;

export function HoldingsNews({ symbols }: { symbols: readonly string[] }) {
  const news = $api.useQuery(
    "get",
    "/api/v1/news",
    { params: { query: { limit: 100 } } },
    { refetchInterval: 60_000 },
  );
  return (
    <Card
      flush
      title="News for your holdings"
      actions={
        <Anchor component={Link} to="/news" size="sm">
          All news
        </Anchor>
      }
    >
      <Resource of={news} what="the news" skeleton={<SkeletonRows rows={3} height={56} />}>
        {({ items }) => {
          const about = items.filter((item) => item.symbols.some((symbol) => symbols.includes(symbol)));
          if (about.length > 0) return <NewsList items={about.slice(0, MOST)} short />;
          return (
            <Text size="sm" c="dimmed" px="var(--edge)" pb={16}>
              Nothing about what you hold lately.
            </Text>
          );
        }}
      </Resource>
    </Card>
  );
}
