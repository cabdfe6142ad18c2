// Who is signed in, and the way out.

import { Avatar, Menu, Text, UnstyledButton } from "@mantine/core";
import { IconLogout, IconShieldLock } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { failed } from "../../ui/toast";
import { end, useUser } from "./session";

export function AccountMenu() {
  const user = useUser();
  const navigate = useNavigate();
  const signOut = async () => {
    await end().catch((error: unknown) => failed("The server was not told", error));
    await navigate({ to: "/sign-in" });
  };
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <UnstyledButton aria-label={`Account of ${user.name ?? user.email}`}>
          <Avatar size={34} color="brand" variant="filled" radius="xl">
            {initials(user.name ?? user.email)}
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)" truncate>
            {user.name ?? "Signed in"}
          </Text>
          <Text size="xs" truncate>
            {user.email}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item leftSection={<IconShieldLock size={16} />} onClick={() => navigate({ to: "/security" })}>
          Security
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function initials(name: string): string {
  const words = name.split(/[\s@.]+/).filter(Boolean);
  return ((words[0]?.[0] ?? "") + (words.length > 1 ? (words[1]?.[0] ?? "") : "")).toUpperCase();
}
