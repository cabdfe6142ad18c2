// How the API defends itself: quotas that were used up, authentications that failed, tokens that were not good, and every
// endpoint that is watched. Hours in which this instance did not count are gaps, never zero.

import { SegmentedControl, Table, Text } from "@mantine/core";
import { Fragment, useMemo, useState } from "react";
import { $api } from "../../api/client";
import { Bars, Legend } from "../../ui/Bars";
import { Card } from "../../ui/Card";
import { count, dateTime, shortly } from "../../ui/format";
import { PageTitle } from "../../ui/PageTitle";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Resource } from "../../ui/states";
import { Tile, Tiles } from "../../ui/Tiles";
import tables from "../../ui/tables.module.css";
import { capital } from "../risk/words";
import classes from "./ApiSecurity.module.css";
import {
  type ApiSecurityView,
  codeName,
  type Endpoint,
  hourSlots,
  SERIES,
  scopeName,
  total,
  worstFirst,
} from "./words";

export function ApiSecurity() {
  const security = $api.useQuery("get", "/api/admin/security/dashboard/api-security", undefined, {
    refetchInterval: 10_000,
  });
  return (
    <>
      <PageTitle
        title="API security"
        about={security.data && `As this instance has counted since ${dateTime(security.data.since)}.`}
      />
      <Resource of={security} what="the API's defences" skeleton={<SkeletonRows rows={3} height={180} />}>
        {(view) => (
          <div className={classes.page}>
            <TilesOf view={view} />
            <Hours hours={view.hours} />
            <div className="halves level">
              <Quotas view={view} />
              <Codes view={view} />
            </div>
            <Endpoints endpoints={view.endpoints} />
          </div>
        )}
      </Resource>
    </>
  );
}

function TilesOf({ view: { hours, endpoints } }: { view: ApiSecurityView }) {
  const sum = (name: "served" | "failed") => endpoints.reduce((total, endpoint) => total + endpoint[name], 0);
  return (
    <Tiles label="The API in figures">
      <Tile label="Served" about="since it started">
        {count(sum("served"))}
      </Tile>
      <Tile label="Rate limited, 24 h" about="quotas used up">
        {count(total(hours, "rate_limited"))}
      </Tile>
      <Tile label="Failed authentication, 24 h" about="no right proof">
        {count(total(hours, "failed_authentications"))}
      </Tile>
      <Tile label="Invalid tokens, 24 h" about="old, ended or forged">
        {count(total(hours, "invalid_tokens"))}
      </Tile>
      <Tile label="Faults" about="since it started" warns={sum("failed") > 0}>
        {count(sum("failed"))}
      </Tile>
    </Tiles>
  );
}

function Hours({ hours }: { hours: ApiSecurityView["hours"] }) {
  const slots = useMemo(() => hourSlots(hours), [hours]);
  const gaps = slots.filter(({ values }) => values === null).length;
  const said = SERIES.map(({ name, label }) => `${label.toLowerCase()} ${count(total(hours, name))}`);
  return (
    <Card
      title="Refusals"
      about="Per hour, last 24 hours, in your time zone"
      actions={<Legend series={SERIES} hasGaps={gaps > 0} />}
    >
      <Bars
        slots={slots}
        series={SERIES}
        label={`Refusals of 24 hours: ${said.join(", ")}${gaps > 0 ? `; ${gaps} hours were not measured` : ""}`}
      />
    </Card>
  );
}

function Quotas({ view: { rate_limits, addresses } }: { view: ApiSecurityView }) {
  return (
    <Card flush title="Quotas used up" about="By what was asked, and by whom a quota tells apart">
      {rate_limits.length === 0 ? (
        <Nothing>No quota was used up.</Nothing>
      ) : (
        <Table className={tables.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Quota</Table.Th>
              <Table.Th className={tables.number}>Times</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rate_limits.map((limit) => (
              <Table.Tr key={`${limit.class}${limit.scope}`}>
                <Table.Td>
                  {capital(limit.class.replaceAll("_", " "))}, {scopeName(limit.scope)}
                </Table.Td>
                <Table.Td className={tables.number}>{count(limit.count)}</Table.Td>
              </Table.Tr>
            ))}
            {addresses.slice(0, 10).map((address) => (
              <Table.Tr key={`${address.class}${address.address}`}>
                <Table.Td>
                  <span className="mono">{address.address}</span>
                  <Text size="xs" c="dimmed">
                    {capital(address.class.replaceAll("_", " "))}, last {shortly(address.last_at)}
                  </Text>
                </Table.Td>
                <Table.Td className={tables.number}>{count(address.count)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Card>
  );
}

function Codes({ view: { failed_authentications, invalid_tokens } }: { view: ApiSecurityView }) {
  const rows = [...failed_authentications, ...invalid_tokens].sort((one, other) => other.count - one.count);
  return (
    <Card flush title="Why requests were turned away" about="Authentications and tokens, since it started">
      {rows.length === 0 ? (
        <Nothing>Nobody was turned away.</Nothing>
      ) : (
        <Table className={tables.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Reason</Table.Th>
              <Table.Th className={tables.number}>Times</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ code, count: times }) => (
              <Table.Tr key={code}>
                <Table.Td>{codeName(code)}</Table.Td>
                <Table.Td className={tables.number}>{count(times)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Card>
  );
}

function Endpoints({ endpoints }: { endpoints: readonly Endpoint[] }) {
  const [shown, show] = useState("called");
  const sorted = useMemo(() => worstFirst(endpoints), [endpoints]);
  const rows =
    shown === "all" ? sorted : sorted.filter(({ served, refused, failed }) => served + refused + failed > 0);
  return (
    <Card
      flush
      title="Endpoints"
      about={`${count(endpoints.length)} are watched`}
      actions={
        <SegmentedControl
          aria-label="Which endpoints"
          data={[
            { value: "called", label: "Called" },
            { value: "all", label: "All" },
          ]}
          value={shown}
          onChange={show}
        />
      }
    >
      <Table className={tables.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Endpoint</Table.Th>
            <Table.Th className={tables.wide}>Quota</Table.Th>
            <Table.Th className={tables.number}>Served</Table.Th>
            <Table.Th className={tables.number}>Refused</Table.Th>
            <Table.Th className={`${tables.number} ${tables.wide}`}>Rate limited</Table.Th>
            <Table.Th className={tables.number}>Faults</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((endpoint) => (
            <Table.Tr key={`${endpoint.method}${endpoint.path}`}>
              <Table.Td className={classes.path}>
                {endpoint.path === "*" ? (
                  "Everything else, such as files of these pages"
                ) : (
                  <span className="mono">
                    <b>{endpoint.method}</b> <Path path={endpoint.path} />
                  </span>
                )}
              </Table.Td>
              <Table.Td className={tables.wide}>{capital(endpoint.class.replaceAll("_", " "))}</Table.Td>
              <Table.Td className={tables.number}>{count(endpoint.served)}</Table.Td>
              <Table.Td className={tables.number}>{count(endpoint.refused)}</Table.Td>
              <Table.Td className={`${tables.number} ${tables.wide}`}>
                {count(endpoint.rate_limited)}
              </Table.Td>
              <Table.Td className={tables.number}>{count(endpoint.failed)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}

function Nothing({ children }: { children: string }) {
  return (
    <Text c="dimmed" size="sm" px="var(--edge)" pb={16}>
      {children}
    </Text>
  );
}

/** A path that breaks before a slash, where it has to. */
function Path({ path }: { path: string }) {
  return path.split(/(?=\/)/).map((part, at) => (
    <Fragment key={at}>
      <wbr />
      {part}
    </Fragment>
  ));
}
