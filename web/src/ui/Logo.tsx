// The mark: three stakes of a palisade, and the name.

import { Group, Text } from "@mantine/core";

export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#2f55e0" />
      <path
        fill="#fff"
        d="M6.5 24.5V12.2L9.5 8l3 4.2V15h.5v-4.8L16 6l3 4.2V15h.5v-2.8l3-4.2 3 4.2v12.3H6.5z"
      />
      <path stroke="#2f55e0" strokeWidth="1.4" d="M6.5 18.3h19M6.5 21.7h19" />
    </svg>
  );
}

export function Logo() {
  return (
    <Group gap={10} wrap="nowrap">
      <Mark />
      <Text fw={650} fz={17} component="span">
        Stockade
      </Text>
    </Group>
  );
}
