// The head of a form for people outside: what it is, and a sentence about it.

import { Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";

export function FormHead({ title, about }: { title: string; about: ReactNode }) {
  useDocumentTitle(`${title} · Stockade`);
  return (
    <div>
      <Title order={1}>{title}</Title>
      <Text c="dimmed" mt={4} component="div">
        {about}
      </Text>
    </div>
  );
}
