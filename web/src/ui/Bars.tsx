// Stacked bars over time, with their legend. Gaps are hatched.

import { useElementSize } from "@mantine/hooks";
import { useId, useMemo } from "react";
import classes from "./Bars.module.css";
import { draw, LEFT, type Series, type Slot } from "./bars";
import { count } from "./format";

interface BarsProps {
  slots: readonly Slot[];
  series: readonly Series[];
  /** The whole in a sentence. */
  label: string;
  height?: number;
}

export function Bars({ slots, series, label, height = 250 }: BarsProps) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const drawn = useMemo(() => draw(slots, series, width, height), [slots, series, width, height]);
  const hatch = useId();
  return (
    <div ref={ref} style={{ height }}>
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label={label}>
          <pattern
            id={hatch}
            width={6}
            height={6}
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect width={2} height={6} className={classes.hatch} />
          </pattern>
          <g className={classes.axes}>
            {drawn.lines.map(({ y, value }) => (
              <g key={value}>
                <line x1={LEFT} x2={width} y1={y} y2={y} />
                <text x={LEFT - 8} y={y + 4} textAnchor="end">
                  {count(value)}
                </text>
              </g>
            ))}
            {drawn.hours.map(({ x, label }) => (
              <text key={x} x={x} y={height - 5}>
                {label}
              </text>
            ))}
          </g>
          {drawn.bars.map((bar) => (
            <g key={bar.from}>
              <title>{bar.words}</title>
              {bar.isGap && (
                <rect
                  x={bar.x}
                  width={bar.width + 2}
                  y={8}
                  height={drawn.floor - 8}
                  fill={`url(#${hatch})`}
                />
              )}
              {bar.parts.map((part) => (
                <rect
                  key={part.label}
                  x={bar.x}
                  width={bar.width}
                  y={part.y}
                  height={part.height}
                  rx={1.5}
                  fill={part.color}
                />
              ))}
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}

export function Legend({ series, hasGaps = false }: { series: readonly Series[]; hasGaps?: boolean }) {
  return (
    <ul className={classes.legend}>
      {series.map(({ label, color }) => (
        <li key={label}>
          <span className={classes.swatch} style={{ background: color }} aria-hidden="true" />
          {label}
        </li>
      ))}
      {hasGaps && (
        <li>
          <span className={`${classes.swatch} ${classes.gap}`} aria-hidden="true" />
          Not measured
        </li>
      )}
    </ul>
  );
}
