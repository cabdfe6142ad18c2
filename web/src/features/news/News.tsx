// All news, and how the feeds they come from do.

import { Badge, Group, Skeleton, Text } from "@mantine/core";
import { IconNews } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { $api, api, type Schemas } from "../../api/client";
import { Card } from "../../ui/Card";
import { dateTime, relative } from "../../ui/format";
import { More } from "../../ui/More";
import { useNow } from "../../ui/now";
import { PageTitle } from "../../ui/PageTitle";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Empty, Resource } from "../../ui/states";
import grid from "../portfolio/Portfolio.module.css";
import classes from "./News.module.css";
import { NewsList } from "./NewsList";

function useNews() {
  return useInfiniteQuery({
    queryKey: ["get", "/api/v1/news", "pages"],
    initialPageParam: undefined as string | undefined,
    refetchInterval: 60_000,
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: 30, ...(pageParam ? { cursor: pageParam } : {}) };
      const { data } = await api.GET("/api/v1/news", { params: { query }, signal });
      if (!data) throw new Error("an answer without a body");
      return data;
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function News() {
  const news = useNews();
  return (
    <>
      <PageTitle title="News" about="From the feeds that are set up here, as plain text." />
      <div className={grid.grid}>
        <Card flush label="News">
          <Resource of={news} what="the news" skeleton={<SkeletonRows rows={8} height={64} />}>
            {({ pages }) => {
              const items = pages.flatMap((page) => page.items);
              if (items.length > 0) return <NewsList items={items} />;
              return (
                <Empty icon={<IconNews size={22} />} title="No news yet">
                  Feeds are read every few minutes. What they bring appears here.
                </Empty>
              );
            }}
          </Resource>
          <More of={news} />
        </Card>
        <Feeds />
      </div>
    </>
  );
}

function Feeds() {
  const feeds = $api.useQuery("get", "/api/v1/news/feeds", undefined, { refetchInterval: 60_000 });
  return (
    <Card title="Feeds">
      <Resource of={feeds} what="the feeds" skeleton={<Skeleton height={180} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              No feed is set up. Whoever runs this names some under news.feeds.
            </Text>
          ) : (
            items.map((feed) => <Feed key={feed.name} feed={feed} />)
          )
        }
      </Resource>
    </Card>
  );
}

const STATES: Record<string, { words: string; color: string }> = {
  waiting: { words: "Waiting", color: "gray" },
  working: { words: "Working", color: "teal" },
  failing: { words: "Failing", color: "red" },
};

function Feed({ feed }: { feed: Schemas["NewsFeed"] }) {
  const now = useNow();
  const state = STATES[feed.status] ?? { words: feed.status, color: "gray" };
  return (
    <div className={classes.feed}>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text fw={600}>{feed.name}</Text>
        <Badge size="sm" variant="light" color={state.color}>
          {state.words}
        </Badge>
      </Group>
      <Text size="sm" c="dimmed">
        {feed.worked_at ? (
          <span title={dateTime(feed.worked_at)}>Last worked {relative(feed.worked_at, now)}</span>
        ) : (
          "Has not worked yet"
        )}
        {feed.problem && `: ${feed.problem}`}
      </Text>
    </div>
  );
}
