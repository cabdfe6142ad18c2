// Candles with volumes and one's own trades, as one picture in the theme's colours. Pointer, finger or arrow keys pick a
// bar, whose numbers stand above.

import { useElementSize } from "@mantine/hooks";
import { type PointerEvent, useMemo, useState } from "react";
import { dayAndTime, dayMonth, level, price, volume } from "../../ui/format";
import { type Bar, baseline, type Candles, candles, type Mark, type OwnTrade, rises } from "./candles";
import classes from "./PriceChart.module.css";

interface PriceChartProps {
  bars: readonly Bar[];
  trades: readonly OwnTrade[];
  intraday: boolean;
  /** What a screen reader says of the picture. */
  label: string;
  height: number;
}

export function PriceChart({ bars, trades, intraday, label, height }: PriceChartProps) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const [picked, setPicked] = useState<number | null>(null);
  const drawn = useMemo(
    () => candles(bars, trades, { width, height }, intraday),
    [bars, trades, width, height, intraday],
  );
  const last = bars.length - 1;
  const at = Math.min(picked ?? last, last);
  const shown = bars[at];
  const pick = (event: PointerEvent<SVGSVGElement>) => {
    setPicked(drawn.nearest(event.clientX - event.currentTarget.getBoundingClientRect().left));
  };
  return (
    <figure className={classes.figure}>
      <figcaption className={`${classes.numbers} figures`} aria-hidden="true">
        {shown && <Numbers bar={shown} intraday={intraday} />}
      </figcaption>
      <div ref={ref} className={classes.place} style={{ height }}>
        {width > 0 && shown && (
          <svg
            width={width}
            height={height}
            role="img"
            aria-label={label}
            onPointerMove={pick}
            onPointerDown={pick}
            onPointerLeave={() => setPicked(null)}
          >
            <Axes drawn={drawn} last={bars[last]} height={height} intraday={intraday} />
            <Bodies drawn={drawn} />
            <Last drawn={drawn} bar={bars[last]} />
            {drawn.marks.map((mark) => (
              <Trade key={`${mark.x}:${mark.y}:${mark.buys}`} mark={mark} room={drawn.plot.width - mark.x} />
            ))}
            {picked !== null && (
              <line className={classes.cross} x1={drawn.x(at)} x2={drawn.x(at)} y2={drawn.plot.height} />
            )}
          </svg>
        )}
        <input
          className={classes.keys}
          type="range"
          aria-label="Bar of the chart"
          min={0}
          max={Math.max(last, 0)}
          value={Math.max(at, 0)}
          aria-valuetext={shown ? inWords(shown, intraday) : ""}
          onChange={(event) => setPicked(Number(event.currentTarget.value))}
          onBlur={() => setPicked(null)}
        />
      </div>
    </figure>
  );
}

function Numbers({ bar, intraday }: { bar: Bar; intraday: boolean }) {
  const facts: [string, string][] = [
    ["O", level(bar.o)],
    ["H", level(bar.h)],
    ["L", level(bar.l)],
    ["C", level(bar.c)],
  ];
  return (
    <>
      <span className={classes.day}>{intraday ? dayAndTime(bar.t) : dayMonth(bar.t)}</span>
      {facts.map(([name, value]) => (
        <span key={name}>
          {name} <b>{value}</b>
        </span>
      ))}
      {bar.v ? (
        <span className={classes.volume}>
          Vol <b>{volume(bar.v)}</b>
        </span>
      ) : null}
    </>
  );
}

function inWords(bar: Bar, intraday: boolean): string {
  const day = intraday ? dayAndTime(bar.t) : dayMonth(bar.t);
  return `${day}: open ${price(bar.o)}, high ${price(bar.h)}, low ${price(bar.l)}, close ${price(bar.c)}`;
}

interface AxesProps {
  drawn: Candles;
  last: Bar | undefined;
  height: number;
  intraday: boolean;
}

/** The newest price stands on the axis, too; a number that it would cover is left out. */
const LAST_COVERS = 17;

function Axes({ drawn, last, height, intraday }: AxesProps) {
  const { plot } = drawn;
  const taken = last && drawn.y(Number(last.c));
  return (
    <g className={classes.axes}>
      {drawn.prices.map(({ y, value }) => (
        <g key={value}>
          <line x2={plot.width} y1={y} y2={y} />
          {(taken === undefined || Math.abs(y - taken) > LAST_COVERS) && (
            <text x={plot.width + 10} y={y + 4}>
              {level(value.toFixed(2))}
            </text>
          )}
        </g>
      ))}
      {drawn.days.map(({ x, at, strong }) => (
        <text key={at} x={x} y={height - 5} textAnchor="middle" data-strong={strong || undefined}>
          {dayLabel(at, strong, intraday)}
        </text>
      ))}
    </g>
  );
}

function dayLabel(at: string, strong: boolean, intraday: boolean): string {
  const when = new Date(at);
  if (intraday && !strong)
    return new Intl.DateTimeFormat("en-US", { hour: "2-digit", minute: "2-digit", hour12: false }).format(
      when,
    );
  if (!intraday && strong) return new Intl.DateTimeFormat("en-US", { month: "short" }).format(when);
  return new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric" }).format(when);
}

function Bodies({ drawn: { up, down } }: { drawn: Candles }) {
  return (
    <>
      <path className={classes.upVolume} d={up.volume} />
      <path className={classes.downVolume} d={down.volume} />
      <path className={classes.upWick} d={up.wick} />
      <path className={classes.downWick} d={down.wick} />
      <path className={classes.up} d={up.body} />
      <path className={classes.down} d={down.body} />
    </>
  );
}

/** The newest price: a dotted line across, and the number at its end. */
function Last({ drawn, bar }: { drawn: Candles; bar: Bar | undefined }) {
  if (!bar) return null;
  const { plot } = drawn;
  const y = drawn.y(Number(bar.c));
  return (
    <g className={rises(bar) ? classes.lastUp : classes.lastDown}>
      <line x2={plot.width} y1={y} y2={y} />
      <rect x={plot.width + 3} y={y - 10} width={58} height={20} rx={4} />
      <text x={plot.width + 10} y={y + 4}>
        {level(bar.c)}
      </text>
    </g>
  );
}

/** How much of a trade's words fits on each side of its mark, in px. */
const HALF_WORDS = 22;

function Trade({ mark, room }: { mark: Mark; room: number }) {
  const { x, y, buys, words } = mark;
  const anchor = room < HALF_WORDS ? "end" : x < HALF_WORDS ? "start" : "middle";
  const at = { start: 0, middle: x, end: x + room }[anchor];
  const arrow = buys ? `M${x} ${y}l5 8h-10z` : `M${x} ${y}l5 -8h-10z`;
  return (
    <g className={classes.trade}>
      <path d={arrow} />
      <text x={at} y={baseline(mark)} textAnchor={anchor}>
        {words}
      </text>
    </g>
  );
}
