// Where a fan chart's parts lie: the closes of the past with the band that was forecast for each, then the fan of the
// days to come. Geometry alone; prices here are for drawing, what is written comes from the API's text.

import { area, line } from "d3-shape";
import type { Schemas } from "../../api/client";
import { forDrawing } from "../../ui/decimal";
import { ticks } from "../market/candles";

export type Prediction = Schemas["PredictionView"];

/** Room for prices at the right and for days below. */
const RIGHT = 62;
const BELOW = 24;
const MARGIN = 10;

interface Band {
  at: number;
  low: number;
  high: number;
}

export interface Fan {
  plot: { width: number; height: number };
  x: (at: number) => number;
  y: (price: number) => number;
  /** What was forecast for the past, and what is for the days to come: wide and narrow. */
  past: { wide: string; narrow: string };
  future: { wide: string; narrow: string; median: string };
  closes: string;
  /** Closes that lay outside of the wide band. */
  misses: readonly { x: number; y: number; at: number }[];
  /** The last close. */
  now: number;
  prices: readonly { y: number; value: number }[];
}

export function fan(prediction: Prediction, width: number, height: number): Fan {
  const { past, point } = prediction;
  const now = past.length;
  const plot = { width: Math.max(width - RIGHT, 1), height: Math.max(height - BELOW, 1) };
  const last = forDrawing(prediction.last);
  const bands = (of: "interval_80" | "interval_95"): [Band[], Band[]] => [
    past.map((one, at) => band(at + 1, one[of])),
    [{ at: now, low: last, high: last }, ...prediction[of].map((one, at) => band(now + at + 1, one))],
  ];
  const [pastWide, wide] = bands("interval_95");
  const [pastNarrow, narrow] = bands("interval_80");
  const closes = past.map(({ close }, at) => ({ at: at + 1, close: forDrawing(close) }));
  const all = [...pastWide, ...wide].flatMap(({ low, high }) => [low, high]);
  const [low, high] = [
    Math.min(...all, ...closes.map(({ close }) => close)),
    Math.max(...all, ...closes.map(({ close }) => close)),
  ];
  const x = (at: number) => ((at - 0.5) / Math.max(now + point.length, 1)) * plot.width;
  const y = (price: number) =>
    high === low ? plot.height / 2 : MARGIN + ((high - price) / (high - low)) * (plot.height - 2 * MARGIN);
  const shape = area<Band>(
    ({ at }) => x(at),
    (one) => y(one.low),
    (one) => y(one.high),
  );
  const median = line<[number, number]>(
    ([at]) => x(at),
    ([, price]) => y(price),
  );
  return {
    plot,
    x,
    y,
    past: { wide: shape(pastWide) ?? "", narrow: shape(pastNarrow) ?? "" },
    future: {
      wide: shape(wide) ?? "",
      narrow: shape(narrow) ?? "",
      median:
        median([
          [now, last],
          ...point.map((price, at): [number, number] => [now + at + 1, forDrawing(price)]),
        ]) ?? "",
    },
    closes: median(closes.map(({ at, close }): [number, number] => [at, close])) ?? "",
    misses: closes.flatMap(({ at, close }) => {
      const one = pastWide[at - 1];
      return one && (close < one.low || close > one.high) ? [{ x: x(at), y: y(close), at }] : [];
    }),
    now,
    prices: ticks(low, high, Math.max(Math.round(plot.height / 46), 2)).map((value) => ({
      y: y(value),
      value,
    })),
  };
}

function band(at: number, bounds: readonly string[]): Band {
  const [low = "0", high = "0"] = bounds;
  return { at, low: forDrawing(low), high: forDrawing(high) };
}
