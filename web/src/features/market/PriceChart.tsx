// Candles with one's own trades on them. The chart library draws; colours follow the theme, prices are the API's.

import { useComputedColorScheme } from "@mantine/core";
import {
  CandlestickSeries,
  ColorType,
  createChart,
  createSeriesMarkers,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";
import { useEffect, useRef } from "react";
import type { Schemas } from "../../api/client";
import { forDrawing } from "../../ui/decimal";
import classes from "./PriceChart.module.css";

/** A trade of one's own. */
export interface OwnTrade {
  at: string;
  side: string;
  words: string;
}

interface PriceChartProps {
  bars: readonly Schemas["BarView"][];
  trades: readonly OwnTrade[];
  intraday: boolean;
  /** What a screen reader says of the picture. */
  label: string;
  height?: number;
}

interface Drawn {
  chart: IChartApi;
  candles: ISeriesApi<"Candlestick">;
  markers: ISeriesMarkersPluginApi<Time>;
}

export default function PriceChart({ bars, trades, intraday, label, height = 340 }: PriceChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  const scheme = useComputedColorScheme("light");

  useEffect(() => {
    if (!place.current) return;
    const chart = createChart(place.current, {
      autoSize: true,
      layout: { attributionLogo: false, fontFamily: "'Inter Variable', sans-serif", fontSize: 12 },
      rightPriceScale: { borderVisible: false },
      timeScale: { borderVisible: false, rightOffset: 4 },
      handleScroll: { mouseWheel: false },
      handleScale: { mouseWheel: false },
    });
    const candles = chart.addSeries(CandlestickSeries, { wickVisible: true, borderVisible: false });
    drawn.current = { chart, candles, markers: createSeriesMarkers(candles, []) };
    return () => {
      drawn.current = null;
      chart.remove();
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme decides what the colours' names stand for
  useEffect(() => {
    if (drawn.current) paint(drawn.current, intraday);
  }, [scheme, intraday]);

  const span = `${bars.length}:${bars[0]?.t ?? ""}`;
  useEffect(() => {
    drawn.current?.candles.setData(bars.map(candle));
  }, [bars]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only another span of time moves the view, not each tick
  useEffect(() => {
    drawn.current?.chart.timeScale().fitContent();
  }, [span]);

  useEffect(() => {
    drawn.current?.markers.setMarkers(markersOf(bars, trades));
  }, [bars, trades]);

  return (
    <figure className={classes.figure}>
      <div ref={place} style={{ height }} role="img" aria-label={label} />
      <figcaption className={classes.credit}>
        Charts by{" "}
        <a href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
          TradingView
        </a>
      </figcaption>
    </figure>
  );
}

function candle(bar: Schemas["BarView"]) {
  return {
    time: seconds(bar.t),
    open: forDrawing(bar.o),
    high: forDrawing(bar.h),
    low: forDrawing(bar.l),
    close: forDrawing(bar.c),
  };
}

/** A trade stands at the bar that was open when it happened; what is older than the chart is left out. */
function markersOf(bars: readonly Schemas["BarView"][], trades: readonly OwnTrade[]): SeriesMarker<Time>[] {
  const starts = bars.map((bar) => seconds(bar.t));
  const style = getComputedStyle(document.documentElement);
  const color = style.getPropertyValue("--brand-text").trim();
  return trades
    .flatMap(({ at, side, words }) => {
      const time = starts.findLast((start) => start <= seconds(at));
      if (time === undefined) return [];
      const buys = side === "buy";
      const marker: SeriesMarker<Time> = {
        time,
        position: buys ? "belowBar" : "aboveBar",
        shape: buys ? "arrowUp" : "arrowDown",
        color,
        text: words,
      };
      return [marker];
    })
    .sort((left, right) => Number(left.time) - Number(right.time));
}

function paint({ chart, candles }: Drawn, intraday: boolean): void {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(name).trim();
  chart.applyOptions({
    layout: {
      background: { type: ColorType.Solid, color: color("--surface") },
      textColor: color("--mantine-color-dimmed"),
    },
    grid: { vertLines: { visible: false }, horzLines: { color: color("--line") } },
    timeScale: { timeVisible: intraday, secondsVisible: false },
  });
  const [up, down] = [color("--up"), color("--down")];
  candles.applyOptions({ upColor: up, wickUpColor: up, downColor: down, wickDownColor: down });
}

function seconds(at: string): UTCTimestamp {
  return Math.floor(Date.parse(at) / 1000) as UTCTimestamp;
}
