// A small line over an area: a shape beside a number, never instead of it.

import { area, line } from "d3-shape";

interface SparkProps {
  values: readonly number[];
  color: string;
  width?: number;
  height?: number;
}

export function Spark({ values, color, width = 64, height = 30 }: SparkProps) {
  const most = Math.max(...values, 1);
  const x = (_: number, at: number) => (at / Math.max(values.length - 1, 1)) * width;
  const y = (value: number) => height - 2 - (value / most) * (height - 4);
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <path d={area<number>(x, height, y)([...values]) ?? ""} fill={color} opacity="0.14" />
      <path
        d={line<number>(x, y)([...values]) ?? ""}
        fill="none"
        stroke={color}
        strokeWidth="1.4"
        strokeLinejoin="round"
      />
    </svg>
  );
}
