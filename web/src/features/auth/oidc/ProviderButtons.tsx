// A button for each provider whose accounts sign in here; the server says which.

import { Button } from "@mantine/core";
import { IconBrandGithub, IconBrandGoogle, IconLogin2 } from "@tabler/icons-react";
import { $api } from "../../../api/client";
import { expectSession } from "../session";
import { nameOf } from "./refusals";

const ICONS: Record<string, typeof IconLogin2> = { github: IconBrandGithub, google: IconBrandGoogle };

export function ProviderButtons() {
  const { data } = $api.useQuery("get", "/api/v1/auth/oidc/providers", undefined, {
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!data || data.items.length === 0) return null;
  return (
    <>
      {data.items.map(({ name, start }) => {
        const Icon = ICONS[name] ?? IconLogin2;
        return (
          <Button
            key={name}
            component="a"
            href={start}
            size="md"
            variant="default"
            leftSection={<Icon size={18} />}
            onClick={expectSession}
          >
            Continue with {nameOf(name)}
          </Button>
        );
      })}
    </>
  );
}
