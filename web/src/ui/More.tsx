// The next page of a list, on demand.

import { Button, Center } from "@mantine/core";

interface MoreProps {
  of: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

export function More({ of }: MoreProps) {
  if (!of.hasNextPage) return null;
  return (
    <Center p="md">
      <Button variant="default" loading={of.isFetchingNextPage} onClick={() => of.fetchNextPage()}>
        Show more
      </Button>
    </Center>
  );
}
