import { describe, expect, it } from "vitest";
import { fan, type Prediction } from "./fan";

const past = Array.from({ length: 20 }, (_, at) => ({
  day: `2026-05-${String(at + 1).padStart(2, "0")}`,
  point: "100",
  interval_80: ["98", "102"],
  interval_95: ["96", "104"],
  close: at === 7 ? "110" : "101",
}));

const prediction = {
  past,
  last: "101",
  point: ["101", "101", "101"],
  interval_80: [
    ["99", "103"],
    ["98", "104"],
    ["97", "105"],
  ],
  interval_95: [
    ["97", "105"],
    ["95", "107"],
    ["94", "108"],
  ],
} as unknown as Prediction;

describe("a fan chart", () => {
  it("marks the closes that lay outside of what was forecast", () => {
    expect(fan(prediction, 400, 200).misses.map(({ at }) => at)).toEqual([8]);
  });

  it("begins the fan at the last close and ends within the plot", () => {
    const drawn = fan(prediction, 400, 200);
    expect(drawn.now).toBe(20);
    expect(drawn.x(23)).toBeLessThanOrEqual(drawn.plot.width);
    expect(drawn.future.median.startsWith(`M${drawn.x(20).toFixed(3).replace(/0+$/, "")}`)).toBe(true);
  });

  it("keeps every price inside its plot", () => {
    const drawn = fan(prediction, 400, 200);
    for (const value of [94, 110]) {
      expect(drawn.y(value)).toBeGreaterThanOrEqual(0);
      expect(drawn.y(value)).toBeLessThanOrEqual(drawn.plot.height);
    }
  });

  it("draws a price that stands still", () => {
    const still = {
      ...prediction,
      past: [],
      last: "5",
      point: ["5"],
      interval_80: [["5", "5"]],
      interval_95: [["5", "5"]],
    };
    expect(fan(still as unknown as Prediction, 400, 200).y(5)).toBeGreaterThan(0);
  });
});
