// An address that leads nowhere.

import { Button } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Empty } from "./states";

export function NotFound() {
  return (
    <main>
      <h1 className="hidden-visually">Not found</h1>
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
    </main>
  );
}
