// One's accounts elsewhere that sign in here. Where the server knows no provider, there is nothing to show.

import { Button, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { $api, api, queries, type Schemas } from "../../../api/client";
import { Card } from "../../../ui/Card";
import { date, relative } from "../../../ui/format";
import { useNow } from "../../../ui/now";
import { SkeletonRows } from "../../../ui/SkeletonRows";
import { Resource } from "../../../ui/states";
import { done, failed } from "../../../ui/toast";
import classes from "../security/Security.module.css";
import { nameOf } from "./refusals";

export function Links() {
  const links = $api.useQuery("get", "/api/v1/auth/oidc/links");
  const providers = $api.useQuery("get", "/api/v1/auth/oidc/providers", undefined, {
    staleTime: Number.POSITIVE_INFINITY,
  });
  const offered = providers.data?.items.map(({ name }) => name) ?? [];
  const linked = links.data?.items.map(({ provider }) => provider) ?? [];
  const names = [...new Set([...offered, ...linked])];
  if (names.length === 0) return null;
  return (
    <Card
      title="Linked sign-ins"
      about="Accounts elsewhere that open this one. Your second factor is still asked."
    >
      <Resource
        of={links}
        what="your linked sign-ins"
        skeleton={<SkeletonRows rows={names.length} height={44} />}
      >
        {({ items }) =>
          names.map((name) => (
            <Row key={name} name={name} link={items.find(({ provider }) => provider === name)} />
          ))
        }
      </Resource>
    </Card>
  );
}

function Row({ name, link }: { name: string; link: Schemas["OidcLinkView"] | undefined }) {
  const now = useNow();
  const params = { path: { provider: name } };
  const change = useMutation({
    mutationFn: async () => {
      if (link) {
        await api.DELETE("/api/v1/auth/oidc/links/{provider}", { params });
        done(`${nameOf(name)} signs you in no more`);
        return queries.invalidateQueries();
      }
      const { data } = await api.POST("/api/v1/auth/oidc/links/{provider}", { params });
      if (data) location.assign(data.url);
    },
    onError: (error) => failed("Nothing was changed", error),
  });
  const used = link?.last_used_at ? `, used ${relative(link.last_used_at, now)}` : "";
  return (
    <div className={classes.row}>
      <div className={classes.words}>
        <Text fw={550}>{nameOf(name)}</Text>
        <Text size="sm" c="dimmed">
          {link ? `Linked ${date(link.linked_at)}${used}` : "Not linked"}
        </Text>
      </div>
      <Button
        size="xs"
        variant="default"
        loading={change.isPending}
        onClick={() => change.mutate()}
        aria-label={`${link ? "Unlink" : "Link"} ${nameOf(name)}`}
      >
        {link ? "Unlink" : "Link"}
      </Button>
    </div>
  );
}
