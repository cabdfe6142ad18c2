// Prices as they move: one WebSocket for all that is on the page. What it says goes into the answers that are on the page
// already; while it is away those are asked for again and again instead, and `useLink` says so.

import { useEffect, useSyncExternalStore } from "react";
import { queries, type Schemas } from "../../api/client";

/** `off` while nobody listens, `lost` while the stream is tried again. */
export type Link = "off" | "live" | "lost";

type Tick = Pick<Schemas["QuoteView"], "symbol" | "bid" | "ask" | "last" | "at" | "delayed">;

/** The server is heard of every 15 s at least. */
const SILENCE_MS = 40_000;
/** Ticks that come together are drawn together. */
const TOGETHER_MS = 80;
const LONGEST_WAIT_MS = 30_000;
/** The session has ended: the next answer says so to the rest of the page. */
const SESSION_ENDED = 4001;

const wanted = new Map<string, number>();
const watchers = new Set<() => void>();
const arrived = new Map<string, Tick>();
let link: Link = "off";
let socket: WebSocket | undefined;
let tries = 0;
let retry: number | undefined;
let silence: number | undefined;
let drawing: number | undefined;

/** How the stream is. */
export function useLink(): Link {
  return useSyncExternalStore(watch, () => link);
}

/** Listens to these symbols as long as they are on the page. */
export function useTicks(symbols: readonly string[]): void {
  const key = symbols.join(",");
  useEffect(() => {
    const these = key === "" ? [] : key.split(",");
    const added = these.filter((symbol) => (wanted.get(symbol) ?? 0) === 0);
    for (const symbol of these) wanted.set(symbol, (wanted.get(symbol) ?? 0) + 1);
    if (added.length > 0) say("subscribe", added);
    return () => {
      const gone = these.filter((symbol) => wanted.get(symbol) === 1);
      for (const symbol of these) wanted.set(symbol, (wanted.get(symbol) ?? 1) - 1);
      for (const symbol of gone) wanted.delete(symbol);
      if (gone.length > 0) say("unsubscribe", gone);
    };
  }, [key]);
}

function watch(told: () => void) {
  watchers.add(told);
  return () => watchers.delete(told);
}

function is(next: Link) {
  if (link === next) return;
  link = next;
  for (const told of watchers) told();
}

function say(action: "subscribe" | "unsubscribe", symbols: readonly string[]) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ action, symbols }));
  else if (action === "subscribe" && socket === undefined && retry === undefined) open();
}

function open() {
  retry = undefined;
  if (wanted.size === 0) return is("off");
  const opened = new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/v1/stream`);
  socket = opened;
  opened.onopen = () => {
    tries = 0;
    is("live");
    heard();
    say("subscribe", [...wanted.keys()]);
  };
  opened.onmessage = ({ data }) => {
    heard();
    const said = JSON.parse(String(data)) as { type: string } & Tick;
    if (said.type !== "quote") return;
    arrived.set(said.symbol, said);
    if (drawing === undefined) drawing = window.setTimeout(draw, TOGETHER_MS);
  };
  opened.onclose = ({ code }) => {
    if (socket !== opened) return;
    window.clearTimeout(silence);
    socket = undefined;
    is("lost");
    if (code === SESSION_ENDED) return void queries.invalidateQueries();
    // A little chance, so that a thousand pages do not come back in the same moment.
    const wait = Math.min(1000 * 2 ** tries, LONGEST_WAIT_MS) * (0.5 + Math.random() / 2);
    tries += 1;
    retry = window.setTimeout(open, wait);
  };
}

function heard() {
  window.clearTimeout(silence);
  silence = window.setTimeout(() => socket?.close(), SILENCE_MS);
}

/** Writes what has arrived into the answers on the page. */
function draw() {
  drawing = undefined;
  const ticks = new Map(arrived);
  arrived.clear();
  let isNewDay = false;
  const moved = <T extends Tick | Schemas["Glance"]>(known: T): T => {
    const tick = ticks.get(known.symbol);
    if (!tick || tick.at < known.at) return known;
    isNewDay ||= tick.at.slice(0, 10) !== known.at.slice(0, 10);
    return "bid" in known ? { ...known, ...pick(tick) } : { ...known, last: tick.last, at: tick.at };
  };
  queries.setQueriesData<Schemas["Overview"]>(
    { queryKey: ["get", "/api/v1/market/overview"] },
    (old) => old && { ...old, items: old.items.map(moved) },
  );
  queries.setQueriesData<Schemas["QuoteView"]>(
    { queryKey: ["get", "/api/v1/assets/{symbol}/quote"] },
    (old) => old && moved(old),
  );
  // Yesterday's close is another one from now on.
  if (isNewDay) void queries.invalidateQueries({ queryKey: ["get", "/api/v1/market/overview"] });
}

function pick({ bid, ask, last, at, delayed }: Tick) {
  return { bid, ask, last, at, delayed };
}
