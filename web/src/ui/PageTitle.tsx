// The heading of a screen; it also names the browser's tab.

import { Group, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";

interface PageTitleProps {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
}

export function PageTitle({ title, about, actions }: PageTitleProps) {
  useDocumentTitle(`${title} · Stockade`);
  return (
    <Group justify="space-between" align="flex-end" mb="lg" gap="sm">
      <div>
        <Title order={1}>{title}</Title>
        {about !== undefined && (
          <Text c="dimmed" component="div">
            {about}
          </Text>
        )}
      </div>
      {actions}
    </Group>
  );
}
