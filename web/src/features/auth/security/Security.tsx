// Everything that keeps the account safe: what is on, what is missing, and what happened lately.

import { Stack } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { $api } from "../../../api/client";
import { PageTitle } from "../../../ui/PageTitle";
import { Refusal } from "../../../ui/Refusal";
import { SkeletonRows } from "../../../ui/SkeletonRows";
import { Resource } from "../../../ui/states";
import { done } from "../../../ui/toast";
import { Links } from "../oidc/Links";
import { nameOf, whyNot } from "../oidc/refusals";
import { Passkeys } from "../passkeys/Passkeys";
import { Checklist } from "./Checklist";
import { RecentEvents } from "./RecentEvents";
import { WaysIn } from "./WaysIn";

export function Security() {
  const factors = $api.useQuery("get", "/api/v1/auth/2fa");
  const passkeys = $api.useQuery("get", "/api/v1/auth/passkeys");
  const error = useReturn();
  return (
    <>
      <PageTitle title="Security" about="How you prove that it is you, and what happened lately." />
      <Refusal error={error} />
      <div className="halves">
        <Stack gap={16}>
          <Resource of={factors} what="your second factors" skeleton={<SkeletonRows rows={6} height={72} />}>
            {(data) => (
              <>
                <Checklist factors={data} passkeys={passkeys.data?.items.length} />
                <WaysIn factors={data} />
                <Passkeys of={passkeys} factors={data} />
              </>
            )}
          </Resource>
          <Links />
        </Stack>
        <RecentEvents />
      </div>
    </>
  );
}

/** Somebody who is back from a provider: a link that was made is told and taken out of the address; a refusal stays. */
function useReturn() {
  const { linked, error } = useSearch({ strict: false }) as { linked?: string; error?: string };
  const navigate = useNavigate();
  useEffect(() => {
    if (linked === undefined) return;
    if (/^[a-z0-9-]{1,40}$/.test(linked)) done(`${nameOf(linked)} signs you in from now on`);
    void navigate({ to: "/security", replace: true });
  }, [linked, navigate]);
  return whyNot(error);
}
