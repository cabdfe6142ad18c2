// One instrument's forecast with its record, and why the other models were not used.

import { Anchor, SegmentedControl, Skeleton, Table, Text } from "@mantine/core";
import { IconHourglass } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { $api, type Schemas } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Card, Fact } from "../../ui/Card";
import { count, date } from "../../ui/format";
import { Empty, Resource } from "../../ui/states";
import tables from "../../ui/tables.module.css";
import { Fan } from "./Fan";
import classes from "./Forecasts.module.css";
import type { Prediction } from "./fan";
import { fraction, percent } from "./figures";
import { HORIZONS, modelName, verdictWords } from "./words";

/** Forecasts are renewed once a day; one that is not there yet is asked for again. */
const AGAIN_MS = 20_000;

export function ForecastCard({ symbol }: { symbol: string }) {
  const [horizon, setHorizon] = useState("5");
  const prediction = $api.useQuery(
    "get",
    "/api/v1/predictions/{symbol}",
    { params: { path: { symbol }, query: { horizon: Number(horizon) } } },
    {
      placeholderData: keepPreviousData,
      retry: false,
      refetchInterval: ({ state }) => (state.error ? AGAIN_MS : false),
    },
  );
  const waits = prediction.error && asProblem(prediction.error).code === "prediction.not_ready";
  return (
    <Card
      label={`Forecast of ${symbol}`}
      title="Forecast"
      about="Where the price may go, and how often such forecasts were right"
      actions={
        <SegmentedControl
          aria-label="How far ahead"
          size="xs"
          data={HORIZONS}
          value={horizon}
          onChange={setHorizon}
        />
      }
    >
      {waits && !prediction.data ? (
        <Empty icon={<IconHourglass size={22} />} title="Still being made">
          Forecasts are made once a day. This one appears here when it is ready.
        </Empty>
      ) : (
        <Resource of={prediction} what={`the forecast of ${symbol}`} skeleton={<Skeleton height={420} />}>
          {(data) => <Loaded prediction={data} />}
        </Resource>
      )}
    </Card>
  );
}

function Loaded({ prediction }: { prediction: Prediction }) {
  const record = prediction.track_record;
  return (
    <>
      <Fan prediction={prediction} />
      <div className={classes.facts}>
        <Fact label="Model in use">{modelName(prediction.model)}</Fact>
        <Fact label="Inside 95 %">{percent(record.coverage_95)}</Fact>
        <Fact label="Inside 80 %">{percent(record.coverage_80)}</Fact>
        <Fact label="Error (MASE)">{fraction(record.mase)}</Fact>
        <Fact label="Forecasts scored">{count(record.n)}</Fact>
      </div>
      <details className={classes.why}>
        <summary>Why this model, and not another</summary>
        <Candidates scores={prediction.candidates} />
      </details>
      <Text size="sm" c="dimmed" mt="sm">
        As of {date(prediction.as_of)}. {prediction.note}{" "}
        <Anchor component={Link} to="/forecasts" size="sm" underline="always">
          All forecasts' record
        </Anchor>
      </Text>
    </>
  );
}

function Candidates({ scores }: { scores: readonly Schemas["ModelScore"][] }) {
  return (
    <div className={classes.scroll}>
      <Table className={tables.table} mt="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Model</Table.Th>
            <Table.Th className={tables.number}>MASE</Table.Th>
            <Table.Th className={`${tables.number} ${tables.wide}`}>Better by luck</Table.Th>
            <Table.Th>Why</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {scores.map((score) => (
            <Table.Tr key={score.model}>
              <Table.Td>{modelName(score.model)}</Table.Td>
              <Table.Td className={tables.number}>{fraction(score.mase)}</Table.Td>
              <Table.Td className={`${tables.number} ${tables.wide}`}>
                {score.p_value === null || score.p_value === undefined ? "\u2014" : percent(score.p_value)}
              </Table.Td>
              <Table.Td>{verdictWords(score.verdict)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
