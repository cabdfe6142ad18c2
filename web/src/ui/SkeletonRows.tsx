// Grey rows of a list that is on its way.

import { Skeleton, Stack } from "@mantine/core";

export function SkeletonRows({ rows, height = 44 }: { rows: number; height?: number }) {
  return (
    <Stack gap={8} p={4}>
      {Array.from({ length: rows }, (_, at) => (
        <Skeleton key={at} height={height} radius={8} />
      ))}
    </Stack>
  );
}
