// Where the parts of stacked bars stand: a bar for each stretch of time, and a gap where nothing is known, which is not the
// same as nothing.

import { count } from "./format";
import { steps } from "./scale";

export interface Series {
  label: string;
  color: string;
}

export interface Slot {
  from: string;
  /** A number for each series; null where nothing was measured. */
  values: readonly number[] | null;
}

export interface Bar {
  from: string;
  x: number;
  width: number;
  words: string;
  /** Nothing was measured. */
  isGap: boolean;
  parts: { label: string; color: string; y: number; height: number }[];
}

export interface Drawn {
  bars: Bar[];
  lines: { y: number; value: number }[];
  hours: { x: number; label: string }[];
  floor: number;
}

const ABOVE = 8;
const BELOW = 24;
export const LEFT = 36;
const GAP = 2;
const HOURS_APART = 4;
/** The width of an hour's label. */
const CLOCK = 34;

export function draw(
  slots: readonly Slot[],
  series: readonly Series[],
  width: number,
  height: number,
): Drawn {
  const floor = height - BELOW;
  const values = steps(Math.max(...slots.map(({ values }) => sum(values)), 0));
  const top = values.at(-1) ?? 1;
  const y = (value: number) => floor - (value / top) * (floor - ABOVE);
  const room = (width - LEFT) / Math.max(slots.length, 1);
  const bars = slots.map((slot, at) => {
    let below = 0;
    const parts = series.flatMap(({ label, color }, index) => {
      const value = slot.values?.[index] ?? 0;
      if (value === 0) return [];
      const [lower, upper] = [y(below), y(below + value)];
      below += value;
      // A line of the ground parts what stands above the other.
      return [{ label, color, y: upper, height: Math.max(lower - upper - 1, 0.5) }];
    });
    const bar = { from: slot.from, x: LEFT + at * room, width: Math.max(room - GAP, 1) };
    return { ...bar, words: words(slot, series), isGap: slot.values === null, parts };
  });
  const hours = slots.flatMap(({ from }, at) => {
    const time = new Date(from);
    const x = LEFT + at * room;
    const isShown = time.getMinutes() === 0 && time.getHours() % HOURS_APART === 0 && x + CLOCK <= width;
    return isShown ? [{ x, label: clock(from) }] : [];
  });
  return { bars, hours, floor, lines: values.map((value) => ({ y: y(value), value })) };
}

function words({ from, values }: Slot, series: readonly Series[]): string {
  if (values === null) return `${clock(from)}: not measured`;
  const parts = series.map(({ label }, index) => `${label.toLowerCase()} ${count(values[index] ?? 0)}`);
  return `${clock(from)}: ${parts.join(", ")}`;
}

function sum(values: readonly number[] | null): number {
  return (values ?? []).reduce((total, value) => total + value, 0);
}

/** `20:30`, in the reader's time zone. */
function clock(at: string): string {
  const time = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(time.getHours())}:${two(time.getMinutes())}`;
}
