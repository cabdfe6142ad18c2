// Accounts that their owners cannot use as usual: the evidence, and beside it what to do.

import { Badge, Button, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconLockOpen, IconShieldCheck } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { api, queries } from "../../../api/client";
import { Card } from "../../../ui/Card";
import { dateTime, shortly } from "../../../ui/format";
import { LinkButton } from "../../../ui/LinkButton";
import { More } from "../../../ui/More";
import { PageTitle } from "../../../ui/PageTitle";
import { SkeletonRows } from "../../../ui/SkeletonRows";
import { Empty, Resource } from "../../../ui/states";
import { done, failed } from "../../../ui/toast";
import { named } from "../../incidents/words";
import { useMayWork, useUser } from "../session";
import classes from "./Accounts.module.css";
import { Restore } from "./Restore";
import { type Account, indicatorName, lockName, reasonOf, restoring, stateOf } from "./words";

export type AccountsSearch = { state?: Account["states"][number] };

const SHOWN = [
  { value: "all", label: "All" },
  { value: "locked", label: "Locked" },
  { value: "restricted", label: "Restricted" },
  { value: "recovery", label: "New password" },
];

function useAccounts(state: AccountsSearch["state"]) {
  return useInfiniteQuery({
    queryKey: ["get", "/api/admin/security/accounts", "pages", state],
    initialPageParam: undefined as string | undefined,
    refetchInterval: 10_000,
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...(state ? { state } : {}), ...(pageParam ? { cursor: pageParam } : {}) };
      const { data } = await api.GET("/api/admin/security/accounts", { params: { query }, signal });
      if (!data) throw new Error("an answer without a body");
      return data;
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function Accounts() {
  const { state } = useSearch({ strict: false }) as AccountsSearch;
  const navigate = useNavigate();
  const accounts = useAccounts(state);
  return (
    <>
      <PageTitle
        title="Locked and restricted accounts"
        about="Locks end by themselves; a restriction ends when two of the desk know who the owner is."
        actions={
          <SegmentedControl
            aria-label="Which accounts"
            data={SHOWN}
            value={state ?? "all"}
            onChange={(value) =>
              navigate({
                to: "/desk/accounts",
                search: value === "all" ? {} : { state: value as Account["states"][number] },
              })
            }
          />
        }
      />
      <Resource of={accounts} what="the accounts" skeleton={<SkeletonRows rows={4} height={120} />}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) {
            return (
              <Card>
                <Empty icon={<IconShieldCheck size={22} />} title="Nobody is kept out">
                  Accounts appear here when failures lock them, or when signs of a stranger freeze them.
                </Empty>
              </Card>
            );
          }
          return (
            <Stack gap="md">
              {items.map((account) => (
                <Closed key={account.account.id} account={account} />
              ))}
            </Stack>
          );
        }}
      </Resource>
      <More of={accounts} />
    </>
  );
}

function Closed({ account }: { account: Account }) {
  const { locks, indicators } = account;
  return (
    <Card label={named(account.account)}>
      <div className={classes.case}>
        <div className={classes.evidence}>
          <Group gap={8}>
            <Text component="h2" className={classes.name}>
              {named(account.account)}
            </Text>
            {account.states.map((state) => (
              <Badge key={state} variant="light" color={stateOf(state).color}>
                {stateOf(state).label}
              </Badge>
            ))}
          </Group>
          {account.account.name && (
            <Text size="sm" c="dimmed">
              {account.account.name}
            </Text>
          )}
          <ul className={classes.signs}>
            {account.restricted_at && (
              <li>
                {reasonOf(account)}{" "}
                <Text span c="dimmed" size="sm">
                  {dateTime(account.restricted_at)}
                </Text>
              </li>
            )}
            {indicators.map(({ indicator, first_at, last_at }) => (
              <li key={indicator}>
                {indicatorName(indicator)}{" "}
                <Text span c="dimmed" size="sm">
                  {first_at === last_at
                    ? shortly(first_at)
                    : `first ${shortly(first_at)}, last ${shortly(last_at)}`}
                </Text>
              </li>
            ))}
            {locks.map((lock) => (
              <li key={`${lock.authenticator}${lock.strangers}`}>
                {lockName(lock)}{" "}
                <Text span c="dimmed" size="sm">
                  {lock.locked_until
                    ? `until ${shortly(lock.locked_until)}`
                    : "until the owner confirms by mail"}
                </Text>
              </li>
            ))}
          </ul>
        </div>
        <Actions account={account} />
      </div>
    </Card>
  );
}

function Actions({ account }: { account: Account }) {
  const me = useUser();
  const mayWork = useMayWork();
  const isRestricted = account.states.includes("restricted");
  return (
    <Stack gap={8} className={classes.actions}>
      {mayWork && account.locks.length > 0 && <Unlock account={account} />}
      {mayWork && isRestricted && <RestoreButton account={account} step={restoring(account, me)} />}
      <LinkButton to="/desk/sign-ins" search={{ user: account.account.id }} variant="default">
        Their sign-ins
      </LinkButton>
    </Stack>
  );
}

function Unlock({ account }: { account: Account }) {
  const unlock = useMutation({
    mutationFn: async () => {
      await api.POST("/api/admin/security/accounts/{user_id}/unlock", {
        params: { path: { user_id: account.account.id } },
      });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["get"] });
      done(`${named(account.account)} may try again`);
    },
    onError: (error) => failed("Not unlocked", error),
  });
  return (
    <Button
      leftSection={<IconLockOpen size={16} />}
      loading={unlock.isPending}
      onClick={() => unlock.mutate()}
      aria-label={`Unlock ${named(account.account)}`}
    >
      Unlock
    </Button>
  );
}

function RestoreButton({ account, step }: { account: Account; step: ReturnType<typeof restoring> }) {
  const [opened, { open, close }] = useDisclosure(false);
  const { restoration } = account;
  if (step === "another" && restoration) {
    return (
      <Text size="sm" c="dimmed">
        You asked for the restoration. Another person finishes it by {shortly(restoration.expires_at)}.
      </Text>
    );
  }
  return (
    <>
      <Button onClick={open}>{step === "finish" ? "Finish the restoration" : "Restore…"}</Button>
      <Restore account={account} opened={opened} close={close} />
    </>
  );
}
