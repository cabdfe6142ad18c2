import { describe, expect, it } from "vitest";
import { type Bar, candles, ticks } from "./candles";

const SIZE = { width: 462, height: 324 };

function bar(day: number, open: number, close: number, volume: number | null = 1000): Bar {
  const [low, high] = [Math.min(open, close) - 1, Math.max(open, close) + 1];
  const at = new Date(Date.UTC(2026, 0, day, 12)).toISOString();
  return { t: at, o: `${open}`, h: `${high}`, l: `${low}`, c: `${close}`, v: volume };
}

const month = Array.from({ length: 60 }, (_, at) => bar(at + 1, 100 + (at % 7), 101 + (at % 5)));

describe("a candle chart", () => {
  it("draws rising and falling bars apart, each once", () => {
    const drawn = candles([bar(1, 10, 12), bar(2, 12, 11), bar(3, 11, 11)], [], SIZE, false);
    expect(drawn.up.body.match(/M/g)).toHaveLength(2);
    expect(drawn.down.body.match(/M/g)).toHaveLength(1);
    expect(drawn.y(12)).toBeLessThan(drawn.y(11));
  });

  it("keeps every price inside its plot, above the volumes", () => {
    const drawn = candles(month, [], SIZE, false);
    for (const { y } of drawn.prices) {
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(drawn.plot.height * 0.83);
    }
  });

  it("draws no volumes where none are known", () => {
    const drawn = candles([bar(1, 10, 12, null)], [], SIZE, false);
    expect(drawn.up.volume).toBe("");
  });

  it("finds the bar under the pointer, also outside of the plot", () => {
    const drawn = candles(month, [], SIZE, false);
    expect(drawn.nearest(drawn.x(17))).toBe(17);
    expect(drawn.nearest(-50)).toBe(0);
    expect(drawn.nearest(9_999)).toBe(59);
  });

  it("leaves room between the days it names", () => {
    const { days } = candles(month, [], SIZE, false);
    expect(days.length).toBeGreaterThan(2);
    days.slice(1).forEach((day, at) => {
      expect(day.x - (days[at]?.x ?? 0)).toBeGreaterThanOrEqual(76);
    });
  });

  it("marks one's trades at their bars, and leaves older ones out", () => {
    const trade = (at: string, side: string) => ({ at, side, words: "+1" });
    const drawn = candles(
      month,
      [trade("2026-01-03T15:00:00Z", "buy"), trade("2025-06-01T15:00:00Z", "sell")],
      SIZE,
      false,
    );
    expect(drawn.marks).toHaveLength(1);
    expect(drawn.marks[0]).toMatchObject({ x: drawn.x(2), buys: true });
  });

  it("marks close trades once a spot, and says the newest where words would lie on words", () => {
    const trade = (at: string, words: string) => ({ at, side: "buy", words });
    const level = month.map((bar) => ({ ...bar, l: "5" }));
    const { marks } = candles(
      level,
      [
        trade("2026-01-03T15:00:00Z", "+1"),
        trade("2026-01-04T15:00:00Z", "+2"),
        trade("2026-01-04T15:00:00Z", "+3"),
      ],
      SIZE,
      false,
    );
    expect(marks.map(({ words }) => words)).toEqual(["+2", ""]);
  });

  it("writes round prices", () => {
    expect(ticks(187, 241, 5)).toEqual([200, 220, 240]);
    expect(ticks(9.96, 10.13, 4).map((value) => value.toFixed(2))).toEqual(["10.00", "10.05", "10.10"]);
    expect(ticks(5, 5.1, 2).length).toBeGreaterThan(0);
  });

  it("survives having nothing, or one flat bar", () => {
    expect(candles([], [], SIZE, true).up.body).toBe("");
    const flat: Bar = { t: "2026-01-01T00:00:00Z", o: "5", h: "5", l: "5", c: "5", v: 0 };
    expect(candles([flat], [], SIZE, true).up.body).toContain("h");
  });
});
