// The last news about one instrument.

import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { $api } from "../../api/client";
import { Card } from "../../ui/Card";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Resource } from "../../ui/states";
import { NewsList } from "./NewsList";

export function NewsCard({ symbol }: { symbol: string }) {
  const news = $api.useQuery(
    "get",
    "/api/v1/news",
    { params: { query: { symbol, limit: 5 } } },
    { refetchInterval: 60_000 },
  );
  return (
    <Card
      flush
      title="News"
      label={`News about ${symbol}`}
      actions={
        <Anchor component={Link} to="/news" size="sm">
          All news
        </Anchor>
      }
    >
      <Resource of={news} what="the news" skeleton={<SkeletonRows rows={3} height={56} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed" px="var(--edge)" pb={16}>
              Nothing about {symbol} in the last weeks.
            </Text>
          ) : (
            <NewsList items={items} short />
          )
        }
      </Resource>
    </Card>
  );
}
