import { expect, test } from "vitest";
import { draw, type Slot } from "./bars";

const SERIES = [
  { label: "Allowed", color: "a" },
  { label: "Step-up", color: "b" },
  { label: "Blocked", color: "c" },
];

const slot = (at: number, values: number[] | null): Slot => ({
  from: new Date(Date.UTC(2026, 10, 21, 0, at * 30)).toISOString(),
  values,
});

test("bars stand on the floor, one part on the other, and none is drawn for nothing", () => {
  const slots = [slot(0, [8, 1, 1]), slot(1, [0, 0, 0]), slot(2, [0, 0, 5])];
  const { bars, floor, lines } = draw(slots, SERIES, 336, 224);
  expect(lines.map(({ value }) => value)).toEqual([0, 2, 4, 6, 8, 10]);
  expect(bars.map(({ parts }) => parts.map(({ label }) => label))).toEqual([
    ["Allowed", "Step-up", "Blocked"],
    [],
    ["Blocked"],
  ]);
  const [allowed, stepUp, blocked] = bars[0]?.parts ?? [];
  expect((allowed?.y ?? 0) + (allowed?.height ?? 0) + 1).toBeCloseTo(floor);
  expect((stepUp?.y ?? 0) + (stepUp?.height ?? 0) + 1).toBeCloseTo(allowed?.y ?? 0);
  expect(blocked?.y).toBeCloseTo(8);
  const last = bars.at(-1);
  expect((last?.x ?? 0) + (last?.width ?? 0)).toBeLessThanOrEqual(336);
});

test("what was not measured is a gap, and nothing is nothing", () => {
  const { bars } = draw([slot(0, null), slot(1, [0, 0, 0])], SERIES, 336, 224);
  expect(bars.map(({ isGap }) => isGap)).toEqual([true, false]);
  expect(bars[0]?.words).toContain("not measured");
  expect(bars[1]?.words).toContain("allowed 0, step-up 0, blocked 0");
});

test("no numbers at all are an empty chart, not a broken one", () => {
  const slots = Array.from({ length: 48 }, (_, at) => slot(at, [0, 0, 0]));
  const { bars, lines } = draw(slots, SERIES, 800, 240);
  expect(bars.every(({ parts }) => parts.length === 0)).toBe(true);
  expect(lines).toHaveLength(2);
});
