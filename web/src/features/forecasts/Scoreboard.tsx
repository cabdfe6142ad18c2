// How every model did: over all instruments, and on each.

import { SegmentedControl, Table, Text } from "@mantine/core";
import { IconHourglass } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { $api, type Schemas } from "../../api/client";
import { Card } from "../../ui/Card";
import { count } from "../../ui/format";
import { PageTitle } from "../../ui/PageTitle";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Empty, Resource } from "../../ui/states";
import tables from "../../ui/tables.module.css";
import classes from "./Forecasts.module.css";
import { fraction, percent } from "./figures";
import { HORIZONS, modelName } from "./words";

export function Scoreboard() {
  const [horizon, setHorizon] = useState("1");
  const board = $api.useQuery(
    "get",
    "/api/v1/predictions/scoreboard",
    { params: { query: { horizon: Number(horizon) } } },
    { placeholderData: keepPreviousData, refetchInterval: 30_000 },
  );
  return (
    <>
      <PageTitle
        title="Forecasts"
        about="Every model's record, measured day by day on what was known then. Intervals are what is claimed; whether a price rises or falls is not predicted."
        actions={
          <SegmentedControl
            aria-label="How far ahead"
            size="sm"
            data={HORIZONS}
            value={horizon}
            onChange={setHorizon}
          />
        }
      />
      <Resource of={board} what="the scoreboard" skeleton={<SkeletonRows rows={12} />}>
        {({ items, overall }) =>
          items.length === 0 ? (
            <Card>
              <Empty icon={<IconHourglass size={22} />} title="Still being made">
                Forecasts are made once a day, an instrument at a time. They appear here when they are ready.
              </Empty>
            </Card>
          ) : (
            <div className={classes.column}>
              <Overall scores={overall} symbols={items.length} />
              <BySymbol items={items} />
            </div>
          )
        }
      </Resource>
    </>
  );
}

function Overall({ scores, symbols }: { scores: readonly Schemas["OverallScore"][]; symbols: number }) {
  return (
    <Card
      flush
      title="Models"
      about={`Over ${symbols} instruments. MASE is the error in units of the last price's usual one: less is better.`}
    >
      <Table className={tables.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Model</Table.Th>
            <Table.Th className={tables.number}>In use for</Table.Th>
            <Table.Th className={tables.number}>MASE</Table.Th>
            <Table.Th className={`${tables.number} ${tables.wide}`}>Pinball loss</Table.Th>
            <Table.Th className={`${tables.number} ${tables.wide}`}>Inside 80 %</Table.Th>
            <Table.Th className={tables.number}>Inside 95 %</Table.Th>
            <Table.Th className={`${tables.number} ${tables.wide}`}>Forecasts</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {scores.map((score) => (
            <Table.Tr key={score.model}>
              <Table.Td>
                <Text span fw={600}>
                  {modelName(score.model)}
                </Text>
              </Table.Td>
              <Table.Td className={tables.number}>{count(score.used_for)}</Table.Td>
              <Figures of={score} />
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}

function BySymbol({ items }: { items: readonly Schemas["SymbolScores"][] }) {
  return (
    <Card flush title="Instruments" about="The model in use for each, and its record">
      <Table className={tables.table} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Instrument</Table.Th>
            <Table.Th>Model</Table.Th>
            <Table.Th className={tables.number}>MASE</Table.Th>
            <Table.Th className={`${tables.number} ${tables.wide}`}>Pinball loss</Table.Th>
            <Table.Th className={`${tables.number} ${tables.wide}`}>Inside 80 %</Table.Th>
            <Table.Th className={tables.number}>Inside 95 %</Table.Th>
            <Table.Th className={`${tables.number} ${tables.wide}`}>Forecasts</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map(({ symbol, model, models }) => {
            const used = models.find((score) => score.model === model);
            return (
              <Table.Tr key={symbol}>
                <Table.Td>
                  <Link to="/markets/$symbol" params={{ symbol }} className={tables.name}>
                    {symbol}
                  </Link>
                </Table.Td>
                <Table.Td>{modelName(model)}</Table.Td>
                {used && <Figures of={used} />}
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Card>
  );
}

type Scored = Pick<Schemas["ModelScore"], "mase" | "pinball_loss" | "coverage_80" | "coverage_95" | "n">;

function Figures({ of }: { of: Scored }) {
  return (
    <>
      <Table.Td className={tables.number}>{fraction(of.mase)}</Table.Td>
      <Table.Td className={`${tables.number} ${tables.wide}`}>{fraction(of.pinball_loss)}</Table.Td>
      <Table.Td className={`${tables.number} ${tables.wide}`}>{percent(of.coverage_80)}</Table.Td>
      <Table.Td className={tables.number}>{percent(of.coverage_95)}</Table.Td>
      <Table.Td className={`${tables.number} ${tables.wide}`}>{count(of.n)}</Table.Td>
    </>
  );
}
