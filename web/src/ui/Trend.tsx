// A small line of what a price did: a shape beside a number, never instead of it.

import { line } from "d3-shape";
import { forDrawing } from "./decimal";

interface TrendProps {
  values: readonly string[];
  width?: number;
  height?: number;
}

export function Trend({ values, width = 84, height = 28 }: TrendProps) {
  const points = values.map(forDrawing);
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2)
    return <svg width={width} height={height} aria-hidden="true" />;
  const [low, high] = [Math.min(...points), Math.max(...points)];
  const x = (at: number) => 1 + (at / (points.length - 1)) * (width - 2);
  const y = (value: number) =>
    high === low ? height / 2 : 3 + ((high - value) / (high - low)) * (height - 6);
  const path = line<number>((_, at) => x(at), y)(points);
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <path
        d={path ?? ""}
        fill="none"
        stroke={last >= first ? "var(--up)" : "var(--down)"}
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
    </svg>
  );
}
