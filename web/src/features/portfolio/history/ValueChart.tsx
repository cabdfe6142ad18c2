// The value of an account as a line over an area. Pointer, finger or arrow keys pick a point, whose numbers stand above.

import { Text } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { area, line } from "d3-shape";
import { type PointerEvent, useState } from "react";
import type { Schemas } from "../../../api/client";
import { forDrawing } from "../../../ui/decimal";
import { date, dayAndTime, dayMonth, money, percentChange } from "../../../ui/format";
import classes from "./ValueChart.module.css";

type Point = Schemas["PointView"];

const HEIGHT = 260;
const EDGE = 8;
const BELOW = 22;

interface ValueChartProps {
  points: readonly Point[];
  currency: string;
  intraday: boolean;
}

export function ValueChart({ points, currency, intraday }: ValueChartProps) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const [picked, setPicked] = useState<number | null>(null);
  const known = points.filter(({ value }) => value !== null && value !== undefined);
  const last = known.length - 1;
  const at = Math.min(picked ?? last, last);
  const shown = known[at];
  if (known.length < 2 || !shown) {
    return (
      <Text c="dimmed" className={classes.none}>
        There is nothing to draw yet: a line needs two points in time.
      </Text>
    );
  }
  const drawn = draw(known, width);
  const pick = (event: PointerEvent<SVGSVGElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    setPicked(drawn.nearest(x));
  };
  const words = (point: Point) =>
    `${intraday ? dayAndTime(point.at) : date(point.at)}: ${money(point.value ?? "0", currency)}`;
  return (
    <figure className={classes.figure}>
      <figcaption className={`${classes.numbers} figures`} aria-hidden="true">
        <b>{words(shown)}</b>
        {typeof shown.twr === "number" && <span>return {percentChange(shown.twr.toFixed(6))}</span>}
        {typeof shown.benchmark === "number" && (
          <span>index {percentChange(shown.benchmark.toFixed(6))}</span>
        )}
      </figcaption>
      <div ref={ref} className={classes.place}>
        {width > 0 && (
          <svg
            width={width}
            height={HEIGHT}
            role="img"
            aria-label={`Value from ${words(known[0] ?? shown)} to ${words(known[last] ?? shown)}`}
            onPointerMove={pick}
            onPointerDown={pick}
            onPointerLeave={() => setPicked(null)}
          >
            <path className={classes.area} d={drawn.area} />
            <path className={classes.line} d={drawn.line} />
            <line className={classes.cross} x1={drawn.x(at)} x2={drawn.x(at)} y2={HEIGHT - BELOW} />
            <circle className={classes.dot} cx={drawn.x(at)} cy={drawn.y(at)} r={4} />
            {[0, Math.floor(last / 2), last].map((index, place) => (
              <text
                key={`${place}:${known[index]?.at}`}
                className={classes.label}
                x={drawn.x(index)}
                y={HEIGHT - 5}
                textAnchor={place === 0 ? "start" : place === 1 ? "middle" : "end"}
              >
                {intraday ? dayAndTime(known[index]?.at ?? "") : dayMonth(known[index]?.at ?? "")}
              </text>
            ))}
          </svg>
        )}
        <input
          className={classes.keys}
          type="range"
          aria-label="Point of the chart"
          min={0}
          max={last}
          value={at}
          aria-valuetext={words(shown)}
          onChange={(event) => setPicked(Number(event.currentTarget.value))}
          onBlur={() => setPicked(null)}
        />
      </div>
    </figure>
  );
}

/** Places on the screen: time is even from left to right, and the line fills the height. */
function draw(points: readonly Point[], width: number) {
  const times = points.map(({ at }) => Date.parse(at));
  const values = points.map(({ value }) => forDrawing(value ?? "0"));
  const [from, to] = [times[0] ?? 0, times.at(-1) ?? 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const floor = HEIGHT - BELOW;
  const x = (index: number) =>
    EDGE + (((times[index] ?? from) - from) / Math.max(to - from, 1)) * (width - 2 * EDGE);
  const y = (index: number) =>
    high === low ? floor / 2 : EDGE + ((high - (values[index] ?? low)) / (high - low)) * (floor - 3 * EDGE);
  const indices = points.map((_, index) => index);
  return {
    x,
    y,
    line: line<number>(x, y)(indices) ?? "",
    area: area<number>(x, floor, y)(indices) ?? "",
    nearest: (place: number) =>
      indices.reduce((best, index) =>
        Math.abs(x(index) - place) < Math.abs(x(best) - place) ? index : best,
      ),
  };
}
