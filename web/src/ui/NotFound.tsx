// An address that leads nowhere.

import { Button, Center, Stack } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Logo } from "./Logo";
import { Empty } from "./states";

export function NotFound() {
  return (
    <Center component="main" mih="100dvh" p="md">
      <h1 className="hidden-visually">Not found</h1>
      <Stack align="center">
        <Logo />
        <Empty
          icon={<IconMapOff size={22} />}
          title="There is nothing here"
          action={
            <Button component={Link} to="/">
              To the portfolio
            </Button>
          }
        >
          The address may be mistyped, or what it led to is gone.
        </Empty>
      </Stack>
    </Center>
  );
}
