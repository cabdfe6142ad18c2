// The fan of the days to come, behind it how such forecasts of the past did. A close outside of its wide band is a ring.

import { useElementSize } from "@mantine/hooks";
import { useMemo } from "react";
import { dayMonth, level } from "../../ui/format";
import classes from "./Forecasts.module.css";
import { fan, type Prediction } from "./fan";

const HEIGHT = 260;

export function Fan({ prediction }: { prediction: Prediction }) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const drawn = useMemo(() => fan(prediction, width, HEIGHT), [prediction, width]);
  const { plot, past, future, now, x } = drawn;
  const first = prediction.past[0];
  return (
    <figure className={classes.figure}>
      <div ref={ref} className={classes.place} style={{ height: HEIGHT }}>
        {width > 0 && (
          <svg width={width} height={HEIGHT} role="img" aria-label={inWords(prediction, drawn.misses.length)}>
            <g className={classes.axes}>
              {drawn.prices.map(({ y, value }) => (
                <g key={value}>
                  <line x2={plot.width} y1={y} y2={y} />
                  <text x={plot.width + 10} y={y + 4}>
                    {level(value.toFixed(2))}
                  </text>
                </g>
              ))}
              {first && (
                <text x={0} y={HEIGHT - 5}>
                  {dayMonth(`${first.day}T12:00:00`)}
                </text>
              )}
              <text x={plot.width} y={HEIGHT - 5} textAnchor="end">
                +{prediction.horizon}
              </text>
            </g>
            <path className={classes.pastWide} d={past.wide} />
            <path className={classes.pastNarrow} d={past.narrow} />
            <path className={classes.futureWide} d={future.wide} />
            <path className={classes.futureNarrow} d={future.narrow} />
            <line className={classes.now} x1={x(now)} x2={x(now)} y2={plot.height} />
            <path className={classes.closes} d={drawn.closes} />
            <path className={classes.median} d={future.median} />
            {drawn.misses.map((miss) => (
              <circle key={miss.at} className={classes.miss} cx={miss.x} cy={miss.y} r={4} />
            ))}
          </svg>
        )}
      </div>
      <figcaption className={classes.legend}>
        <span>Line: closes</span>
        <span>
          Bands: where 80 % and 95 % of closes were meant to lie, {ahead(prediction.horizon)} before
        </span>
        <span>Rings: closes outside of 95 %</span>
      </figcaption>
    </figure>
  );
}

function ahead(days: number): string {
  return days === 1 ? "a day" : `${days} days`;
}

function inWords({ symbol, horizon, point, interval_95, past }: Prediction, misses: number): string {
  const [low, high] = interval_95.at(-1) ?? ["", ""];
  return `Forecast of ${symbol} in ${ahead(horizon)}: ${point.at(-1)}, with 95 % between ${low} and ${high}. Of the last ${past.length} such forecasts, ${misses} closes lay outside.`;
}
