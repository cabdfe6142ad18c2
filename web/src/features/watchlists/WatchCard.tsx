// On which of one's lists an instrument is.

import { Checkbox, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Card } from "../../ui/Card";
import { failed } from "../../ui/toast";
import { putOn, useWatchlists, type Watchlist } from "./lists";

export function WatchCard({ symbol }: { symbol: string }) {
  const lists = useWatchlists();
  const put = useMutation({
    mutationFn: ({ list, on }: { list: Watchlist; on: boolean }) => putOn(list, symbol, on),
    onError: (error) => failed("The list was not changed", error),
  });
  // What was asked for shows at once; a refusal takes it back.
  const asked = put.isPending ? put.variables : undefined;
  return (
    <Card title="My lists">
      <Stack gap="xs">
        {lists.length === 0 && (
          <Text size="sm" c="dimmed">
            You have no lists yet. Make one on the Markets page.
          </Text>
        )}
        {lists.map((list) => (
          <Checkbox
            key={list.id}
            label={list.name}
            checked={asked?.list.id === list.id ? asked.on : list.symbols.includes(symbol)}
            disabled={put.isPending}
            onChange={(event) => put.mutate({ list, on: event.currentTarget.checked })}
          />
        ))}
      </Stack>
    </Card>
  );
}
