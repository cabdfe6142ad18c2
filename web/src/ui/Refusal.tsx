// A refusal inside a form.

import { Alert } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { asProblem, sentence } from "../api/problem";

export function Refusal({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  return (
    <Alert color="red" variant="light" icon={<IconAlertCircle size={18} />} role="alert">
      {sentence(asProblem(error))}
    </Alert>
  );
}
