// Short messages in the corner: what was done, or what failed.

import { notifications } from "@mantine/notifications";
import { IconCheck, IconX } from "@tabler/icons-react";
import { asProblem, sentence } from "../api/problem";

export function done(message: string): void {
  notifications.show({
    message,
    color: "teal",
    icon: <IconCheck size={16} />,
    autoClose: 4_000,
    closeButtonProps: { "aria-label": "Dismiss" },
  });
}

export function failed(what: string, error: unknown): void {
  notifications.show({
    title: what,
    message: sentence(asProblem(error)),
    color: "red",
    icon: <IconX size={16} />,
    autoClose: 8_000,
    closeButtonProps: { "aria-label": "Dismiss" },
  });
}
