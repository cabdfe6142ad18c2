// Attempts as they arrive. What happens on the log says that there is something new; the rows come from the list, so that
// filters mean the same for old and new. Paused, the rows stay where they are and what arrives is counted.

import { Badge, Button, SegmentedControl, Select, Table, Text } from "@mantine/core";
import { IconFingerprint, IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useRef, useState } from "react";
import { api, queries, type Schemas } from "../../api/client";
import { Card } from "../../ui/Card";
import { count, shortly } from "../../ui/format";
import { More } from "../../ui/More";
import { Pulse } from "../../ui/Pulse";
import { Risk } from "../../ui/Risk";
import { Rows } from "../../ui/Rows";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Empty, Resource } from "../../ui/states";
import tables from "../../ui/tables.module.css";
import { useLiveEntries } from "../audit/live";
import { PersonFilter } from "../auth/people/PersonFilter";
import { ERASED } from "../auth/people/people";
import { fateOf, ruleName } from "../risk/words";
import { Attempt } from "./Attempt";
import { deviceOf, placeOf } from "./from";
import classes from "./SignIns.module.css";
import { FATES, type Outcome, type SignInsSearch } from "./search";

type SignIn = Schemas["Page_SignInRow"]["items"][number];

const KEY = ["get", "/api/admin/security/dashboard/auth", "pages"];
/** However many arrive, the rows are asked for this often at most. */
const TOGETHER_MS = 700;
/** With more pages than this on the screen somebody reads the past, which does not move. */
const LIVE_PAGES = 2;

const OUTCOMES = [
  { value: "all", label: "All" },
  { value: "allowed", label: "Allowed" },
  { value: "step-up", label: "Step-up" },
  { value: "blocked", label: "Blocked" },
];
const SCORES = [
  { value: "30", label: "30 or more" },
  { value: "50", label: "50 or more" },
  { value: "70", label: "70 or more" },
];

function useSignIns({ outcome, user, score }: SignInsSearch) {
  return useInfiniteQuery({
    queryKey: [...KEY, outcome, user, score],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        limit: 50,
        ...(outcome ? { fate: FATES[outcome] } : {}),
        ...(user ? { user } : {}),
        ...(score ? { min_score: score / 100 } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      const { data } = await api.GET("/api/admin/security/dashboard/auth", { params: { query }, signal });
      if (!data) throw new Error("an answer without a body");
      return data.sign_ins;
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

/** Asks for the rows anew when something arrives; while paused, and for who reads far back, counts what would have moved them. */
function useArrivals(isFarBack: boolean) {
  const [asked, setPaused] = useState(false);
  const paused = asked || isFarBack;
  const [missed, setMissed] = useState(0);
  const timer = useRef<number>(undefined);
  const refresh = useCallback(() => {
    timer.current ??= window.setTimeout(() => {
      timer.current = undefined;
      void queries.invalidateQueries({ queryKey: KEY });
    }, TOGETHER_MS);
  }, []);
  const line = useLiveEntries("sign_in.*", () => (paused ? setMissed((known) => known + 1) : refresh()));
  const toggle = () => {
    // Only the newest pages come back, or all that was read would be asked for each time.
    if (paused) {
      queries.setQueriesData<{ pages: unknown[]; pageParams: unknown[] }>(
        { queryKey: KEY },
        (old) => old && { pages: old.pages.slice(0, 1), pageParams: old.pageParams.slice(0, 1) },
      );
      refresh();
    }
    setMissed(0);
    setPaused(!paused);
  };
  return { paused, missed, line, toggle };
}

/** Where to look for an attempt that has no score, since its password was wrong. */
function WrongOnes({ user }: Pick<SignInsSearch, "user">) {
  return (
    <div>
      Wrong passwords get no score:{" "}
      <Link to="/desk/audit-log" search={{ kind: "sign_in.*", ...(user ? { user } : {}) }}>
        refusals in the log
      </Link>
    </div>
  );
}

export function LiveFeed() {
  const search = useSearch({ strict: false }) as SignInsSearch;
  const navigate = useNavigate();
  const show = (change: Partial<SignInsSearch>) =>
    void navigate({ to: "/desk/sign-ins", search: { ...search, ...change }, resetScroll: false });
  const signIns = useSignIns(search);
  const pages = signIns.data?.pages ?? [];
  const { paused, missed, line, toggle } = useArrivals(pages.length > LIVE_PAGES);
  const rows = pages.flatMap((page) => page.items);
  return (
    <Card
      flush
      title="Live feed"
      about={
        <>
          <Pulse state={paused ? "paused" : line}>
            {paused
              ? `Paused, ${count(missed)} new`
              : line === "live"
                ? "Updating as attempts arrive"
                : undefined}
          </Pulse>
          <WrongOnes user={search.user} />
        </>
      }
      actions={
        <div className={tables.filters}>
          <PersonFilter value={search.user} onChange={(user) => show({ user })} />
          <Select
            aria-label="Least score"
            placeholder="Any score"
            clearable
            clearButtonProps={{ "aria-label": "Any score" }}
            w={140}
            data={SCORES}
            value={search.score === undefined ? null : String(search.score)}
            onChange={(score) => show({ score: score === null ? undefined : Number(score) })}
          />
          <SegmentedControl
            aria-label="Outcome"
            data={OUTCOMES}
            value={search.outcome ?? "all"}
            onChange={(value) => show({ outcome: value === "all" ? undefined : (value as Outcome) })}
          />
          <Button
            variant="default"
            leftSection={paused ? <IconPlayerPlay size={15} /> : <IconPlayerPause size={15} />}
            onClick={toggle}
          >
            {paused ? "Go on" : "Pause"}
          </Button>
        </div>
      }
    >
      <Resource of={signIns} what="the sign-ins" skeleton={<SkeletonRows rows={8} />}>
        {() =>
          rows.length === 0 ? (
            <Empty icon={<IconFingerprint size={22} />} title="No sign-ins like this">
              Attempts with a right password or passkey appear here with their score. Why others were refused
              stands in the{" "}
              <Link to="/desk/audit-log" search={{ kind: "sign_in.*" }}>
                audit log
              </Link>
              .
            </Empty>
          ) : (
            <Table className={tables.table}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th className={tables.roomy}>Time</Table.Th>
                  <Table.Th>Risk</Table.Th>
                  <Table.Th>Account</Table.Th>
                  <Table.Th className={tables.wide}>Reasons</Table.Th>
                  <Table.Th className={tables.roomy}>From</Table.Th>
                  <Table.Th>Outcome</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Rows items={rows} keyOf={({ id }) => id} of={signIns}>
                {(row) => (
                  <Row key={row.id} row={row} search={search} open={() => show({ attempt: row.id })} />
                )}
              </Rows>
            </Table>
          )
        }
      </Resource>
      <More of={signIns} />
      <Attempt
        id={search.attempt}
        row={rows.find(({ id }) => id === search.attempt)}
        close={() => show({ attempt: undefined })}
      />
    </Card>
  );
}

interface RowProps {
  row: SignIn;
  search: SignInsSearch;
  open: () => void;
}

function Row({ row, search, open }: RowProps) {
  const fate = fateOf(row.fate);
  return (
    <Table.Tr className={classes.row} onClick={open}>
      <Table.Td className={`${tables.roomy} ${classes.time}`}>
        <span className="mono">{shortly(row.at)}</span>
      </Table.Td>
      <Table.Td className={classes.risk}>
        <Risk score={row.score} level={row.level} />
      </Table.Td>
      <Table.Td>
        <Link
          to="/desk/sign-ins"
          search={{ ...search, attempt: row.id }}
          resetScroll={false}
          className={`${tables.name} ${classes.account}`}
          style={{ display: "block" }}
          onClick={(event) => event.stopPropagation()}
        >
          {row.email ?? ERASED}
        </Link>
        <Text size="xs" c="dimmed" className="only-narrow">
          {shortly(row.at)}
          {row.from && `, ${placeOf(row.from)}`}
        </Text>
      </Table.Td>
      <Table.Td className={tables.wide}>
        {row.reasons.length === 0 ? (
          <Text size="sm" c="dimmed">
            Matches the usual
          </Text>
        ) : (
          <div className={classes.chips}>
            {row.reasons.map(({ code }) => (
              <span key={code} className={classes.chip}>
                {ruleName(code)}
              </span>
            ))}
          </div>
        )}
      </Table.Td>
      <Table.Td className={tables.roomy}>
        {row.from ? (
          <>
            <Text size="sm" fw={500}>
              {placeOf(row.from)}
            </Text>
            <Text size="xs" c="dimmed">
              <span className="mono">{row.from.ip ?? "no address"}</span>, {deviceOf(row.from)}
            </Text>
          </>
        ) : (
          "\u2014"
        )}
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={fate.color}>
          {fate.label}
        </Badge>
      </Table.Td>
    </Table.Tr>
  );
}
