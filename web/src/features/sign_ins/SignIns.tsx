// The sign-in feed: how many came in, what stood in their way, and each attempt as it arrives with its score.

import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import { $api } from "../../api/client";
import { count, dayAndTime } from "../../ui/format";
import { LinkButton } from "../../ui/LinkButton";
import { PageTitle } from "../../ui/PageTitle";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Spark } from "../../ui/Spark";
import { Resource } from "../../ui/states";
import { Tile, Tiles } from "../../ui/Tiles";
import { type KeptOut as Found, useKeptOut } from "../auth/restriction/keptOut";
import { severityName } from "../incidents/words";
import { Failing } from "./Failing";
import { attempts, besideUsual, type Figures, isUnusual, passedShare } from "./figures";
import { LiveFeed } from "./LiveFeed";
import { Outcomes } from "./Outcomes";
import { Reasons } from "./Reasons";
import classes from "./SignIns.module.css";

export function SignIns() {
  const figures = $api.useQuery("get", "/api/admin/security/dashboard/sign-ins", undefined, {
    refetchInterval: 10_000,
  });
  return (
    <>
      <PageTitle
        title="Sign-ins"
        about="Every attempt with its score and the reasons behind it."
        actions={<WorstIncident />}
      />
      <div className={classes.page}>
        <Resource of={figures} what="the figures" skeleton={<SkeletonRows rows={2} height={180} />}>
          {(figures) => (
            <>
              <TilesOf figures={figures} />
              <div className={classes.charts}>
                <Outcomes figures={figures} />
                <Reasons reasons={figures.reasons} />
              </div>
            </>
          )}
        </Resource>
        <LiveFeed />
        <Failing />
      </div>
    </>
  );
}

function TilesOf({ figures }: { figures: Figures }) {
  const { day, usual, slots } = figures;
  const [now, before] = [attempts(day), usual && attempts(usual)];
  return (
    <Tiles label="Sign-ins of 24 hours">
      <Tile
        label="Attempts, 24 h"
        about={besideUsual(now, before ?? undefined) ?? "password or passkey"}
        shape={<Spark values={slots.map(attempts)} color="var(--allow)" />}
      >
        {count(now)}
      </Tile>
      <Tile
        label="Blocked"
        about={besideUsual(day.blocked, usual?.blocked) ?? "wrong, or too risky"}
        warns={isUnusual(day.blocked, usual?.blocked)}
        shape={<Spark values={slots.map(({ blocked }) => blocked)} color="var(--block)" />}
      >
        {count(day.blocked)}
      </Tile>
      <Tile
        label="Asked for more"
        about={besideUsual(day.stepped_up, usual?.stepped_up) ?? "a code, or a passkey"}
        shape={<Spark values={slots.map(({ stepped_up }) => stepped_up)} color="var(--step-up)" />}
      >
        {count(day.stepped_up)}
      </Tile>
      <Tile label="Step-up passed" about={`${count(day.passed)} of ${count(day.stepped_up)}`}>
        {passedShare(day)}
      </Tile>
      <KeptOut />
    </Tiles>
  );
}

/** Who cannot use their account, as the navigation counts them and the page lists them. */
function KeptOut() {
  const found = useKeptOut();
  return (
    <Tile label="Locked or restricted" about={found && <KeptOutBy of={found.of} />}>
      {found?.all ?? "\u2013"}
    </Tile>
  );
}

function KeptOutBy({ of: { locked, restricted, recovery } }: Pick<Found, "of">) {
  const of = [
    { state: "locked", words: `${count(locked)} locked` },
    { state: "restricted", words: `${count(restricted)} restricted` },
    ...(recovery > 0 ? [{ state: "recovery", words: `${count(recovery)} in recovery` } as const] : []),
  ] as const;
  return of.map(({ state, words }, at) => (
    <Fragment key={state}>
      {at > 0 && ", "}
      <Link to="/desk/accounts" search={{ state }}>
        {words}
      </Link>
    </Fragment>
  ));
}

const RANKS = ["low", "medium", "high", "critical"];

/** The worst incident that waits, so that nobody studies figures while it burns. */
function WorstIncident() {
  const incidents = $api.useQuery(
    "get",
    "/api/admin/security/incidents",
    { params: { query: { unresolved: true, limit: 50 } } },
    { refetchInterval: 15_000 },
  );
  const worst = (incidents.data?.items ?? [])
    .filter(({ severity }) => severity === "high" || severity === "critical")
    .sort((one, other) => RANKS.indexOf(other.severity) - RANKS.indexOf(one.severity))[0];
  if (!worst) return null;
  return (
    <section className={classes.banner} aria-label="Worst incident">
      <div>
        <Text fw={600} size="sm">
          {worst.title}
        </Text>
        <Text size="xs" c="dimmed">
          {severityName(worst.severity)} severity, opened {dayAndTime(worst.opened_at)}, {count(worst.events)}{" "}
          {worst.events === 1 ? "event" : "events"}
        </Text>
      </div>
      <LinkButton
        to="/desk/incidents/$id"
        params={{ id: worst.id }}
        variant="default"
        size="xs"
        style={{ flex: "none" }}
      >
        Open timeline
      </LinkButton>
    </section>
  );
}
