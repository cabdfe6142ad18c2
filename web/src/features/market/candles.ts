// Where a candle chart's parts lie: paths for bodies, wicks and volume, the price axis, the days below, one's own trades.
// Geometry alone; prices here are for drawing, what is written comes from the API's text.

import type { Schemas } from "../../api/client";
import { forDrawing } from "../../ui/decimal";

export type Bar = Schemas["BarView"];

/** A trade of one's own. */
export interface OwnTrade {
  at: string;
  side: string;
  words: string;
}

export interface Size {
  width: number;
  height: number;
}

/** Room for prices at the right, for days below, for marks above and below the candles. */
const RIGHT = 62;
const BELOW = 24;
const MARGIN = 16;
/** The part of the height that volumes may take. */
const VOLUMES = 0.17;
/** Labels of days are at least so far apart. */
const LABEL = 76;

export interface Paths {
  body: string;
  wick: string;
  volume: string;
}

/** Room that a trade's words take, in px. */
const WORDS = { width: 40, height: 13 };

export interface Mark {
  x: number;
  y: number;
  buys: boolean;
  words: string;
}

export interface Candles {
  plot: Size;
  /** The middle of each bar, and the way back. */
  x: (at: number) => number;
  nearest: (x: number) => number;
  y: (price: number) => number;
  up: Paths;
  down: Paths;
  prices: readonly { y: number; value: number }[];
  days: readonly { x: number; at: string; strong: boolean }[];
  marks: readonly Mark[];
}

export function candles(
  bars: readonly Bar[],
  trades: readonly OwnTrade[],
  size: Size,
  intraday: boolean,
): Candles {
  const plot = { width: Math.max(size.width - RIGHT, 1), height: Math.max(size.height - BELOW, 1) };
  const volumes = bars.map((bar) => bar.v ?? 0);
  const most = Math.max(...volumes, 0);
  const foot = most > 0 ? plot.height * VOLUMES : 0;
  const step = plot.width / Math.max(bars.length, 1);
  const x = (at: number) => (at + 0.5) * step;
  const [low, high] = span(bars);
  const floor = plot.height - foot - MARGIN;
  const y = (price: number) => floor - ((price - low) / (high - low)) * (floor - MARGIN);
  const width = Math.max(Math.min(step * 0.64, 14), 1);
  const draw = (rising: boolean) => paths({ bars, rising, x, y, width, plot, foot, most });
  return {
    plot,
    x,
    nearest: (at) => Math.min(Math.max(Math.floor(at / step), 0), bars.length - 1),
    y,
    up: draw(true),
    down: draw(false),
    prices: ticks(low, high, Math.max(Math.round(plot.height / 46), 2)).map((value) => ({
      y: y(value),
      value,
    })),
    days: days(bars, x, plot.width, intraday),
    marks: marks(bars, trades, x, y),
  };
}

/** The lowest and the highest price; never the same, so that a flat line has somewhere to lie. */
function span(bars: readonly Bar[]): [number, number] {
  if (bars.length === 0) return [0, 1];
  const low = Math.min(...bars.map((bar) => forDrawing(bar.l)));
  const high = Math.max(...bars.map((bar) => forDrawing(bar.h)));
  return low < high ? [low, high] : [low - 1, high + 1];
}

/** About so many round numbers between two prices: steps of 1, 2 or 5, or of ten times as much or as little. */
export function ticks(low: number, high: number, about: number): number[] {
  const rough = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const [first, last] = [Math.ceil(low / step), Math.floor(high / step)];
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, at) => (first + at) * step);
}

export function rises(bar: Bar): boolean {
  return forDrawing(bar.c) >= forDrawing(bar.o);
}

interface Drawing {
  bars: readonly Bar[];
  rising: boolean;
  x: (at: number) => number;
  y: (price: number) => number;
  width: number;
  plot: Size;
  foot: number;
  most: number;
}

function paths({ bars, rising, x, y, width, plot, foot, most }: Drawing): Paths {
  let [body, wick, volume] = ["", "", ""];
  bars.forEach((bar, at) => {
    if (rises(bar) !== rising) return;
    const [open, close] = [y(forDrawing(bar.o)), y(forDrawing(bar.c))];
    const [left, top] = [x(at) - width / 2, Math.min(open, close)];
    body += `M${px(left)} ${px(top)}h${px(width)}v${px(Math.max(Math.abs(open - close), 1))}h${px(-width)}z`;
    wick += `M${px(x(at))} ${px(y(forDrawing(bar.h)))}V${px(y(forDrawing(bar.l)))}`;
    const tall = most > 0 ? ((bar.v ?? 0) / most) * foot : 0;
    if (tall > 0) volume += `M${px(left)} ${px(plot.height)}h${px(width)}v${px(-tall)}h${px(-width)}z`;
  });
  return { body, wick, volume };
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Where a month, or within days a day, begins; between them whatever leaves room. */
function days(bars: readonly Bar[], x: (at: number) => number, width: number, intraday: boolean) {
  const starts = bars.map((bar, at) => ({ at: bar.t, x: x(at), strong: begins(bars, at, intraday) }));
  const inside = starts.filter((label) => label.x > 14 && label.x < width - 20);
  const kept = thin(
    inside.filter(({ strong }) => strong),
    [],
  );
  const every = Math.max(Math.ceil(bars.length / Math.max(Math.floor(width / LABEL), 1)), 1);
  return thin(
    inside.filter((_, at) => at % every === 0),
    kept,
  ).sort((left, right) => left.x - right.x);
}

interface DayLabel {
  at: string;
  x: number;
  strong: boolean;
}

/** Adds labels to those that are there, as long as they have room. */
function thin(labels: readonly DayLabel[], there: readonly DayLabel[]): DayLabel[] {
  const kept = [...there];
  for (const label of labels) if (kept.every(({ x }) => Math.abs(x - label.x) >= LABEL)) kept.push(label);
  return kept;
}

function begins(bars: readonly Bar[], at: number, intraday: boolean): boolean {
  const [before, now] = [bars[at - 1], bars[at]];
  if (!before || !now) return false;
  const [earlier, later] = [new Date(before.t), new Date(now.t)];
  return intraday ? earlier.getDate() !== later.getDate() : earlier.getMonth() !== later.getMonth();
}

/** A trade stands at the bar that was open when it happened; what is older than the chart is left out. */
function marks(
  bars: readonly Bar[],
  trades: readonly OwnTrade[],
  x: (at: number) => number,
  y: (price: number) => number,
): Mark[] {
  const starts = bars.map((bar) => Date.parse(bar.t));
  return clear(
    trades.flatMap(({ at, side, words }) => {
      const index = starts.findLastIndex((start) => start <= Date.parse(at));
      const bar = bars[index];
      if (!bar) return [];
      const buys = side === "buy";
      return [{ x: x(index), y: buys ? y(forDrawing(bar.l)) + 7 : y(forDrawing(bar.h)) - 7, buys, words }];
    }),
  );
}

/** Of marks on one spot one stays; words that would lie on those of a newer trade are left out. */
function clear(marks: readonly Mark[]): Mark[] {
  const kept: Mark[] = [];
  for (const mark of [...marks].sort((one, other) => other.x - one.x)) {
    const { x, y, buys } = mark;
    if (kept.some((other) => other.x === x && other.y === y && other.buys === buys)) continue;
    const covered = kept.some(
      (other) =>
        other.words !== "" &&
        Math.abs(other.x - x) < WORDS.width &&
        Math.abs(baseline(other) - baseline(mark)) < WORDS.height,
    );
    kept.push(covered ? { ...mark, words: "" } : mark);
  }
  return kept;
}

/** Where a mark's words stand: below what was bought, above what was sold. */
export function baseline({ y, buys }: Mark): number {
  return buys ? y + 20 : y - 12;
}
