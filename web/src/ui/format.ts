// How money, quantities, shares of a whole and times are written. Decimal strings go to `Intl` as they are.

import { type Decimal, exact, sign, text } from "./decimal";

const LOCALE = "en-US";
const MINUS = "\u2212";

type Numeric = string | Decimal;

const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const name = JSON.stringify(options);
  let format = formats.get(name);
  if (!format) {
    format = new Intl.NumberFormat(LOCALE, options);
    formats.set(name, format);
  }
  return format;
}

function write(value: Numeric, options: Intl.NumberFormatOptions): string {
  const digits = typeof value === "string" ? value : text(value);
  // `Intl` takes decimal strings exactly (ECMA-402 §15.5.16); TypeScript wants them typed as literals.
  return numberFormat(options)
    .format(digits as Intl.StringNumericLiteral)
    .replace("-", MINUS);
}

/** `$1,234.50` */
export function money(amount: Numeric, currency = "USD"): string {
  return write(amount, { style: "currency", currency });
}

/** `+$1,234.50`, `−$3.00`, `$0.00` */
export function change(amount: Numeric, currency = "USD"): string {
  return write(amount, { style: "currency", currency, signDisplay: "exceptZero" });
}

/** A price, with as many decimals as it has, at least two. */
export function price(value: Numeric, currency = "USD"): string {
  return write(value, { style: "currency", currency, minimumFractionDigits: 2, maximumFractionDigits: 6 });
}

/** A price of an index or on an axis: `4,123.40`, without a currency. */
export function level(value: Numeric): string {
  return write(value, { minimumFractionDigits: 2, maximumFractionDigits: 6 });
}

/** Shares, with as many decimals as they have. */
export function quantity(value: Numeric): string {
  return write(value, { maximumFractionDigits: 9 });
}

/** Shares where there is little room: so many decimals at most, but never nothing of something. */
export function quantityShortly(value: Numeric, decimals: number): string {
  return write(value, {
    maximumFractionDigits: decimals,
    maximumSignificantDigits: 2,
    roundingPriority: "morePrecision",
  });
}

/** A share of a whole in hundredths of a percent: `34.7%`. */
export function share(bps: number): string {
  return write(
    { units: BigInt(Math.round(bps)), scale: 4 },
    { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 },
  );
}

/** A ratio such as 0.0043 as a signed change: `+0.43%`. */
export function percentChange(value: Numeric): string {
  return write(value, {
    style: "percent",
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    signDisplay: "exceptZero",
  });
}

/** Whole numbers: `1,284,907`. */
export function count(value: number | bigint): string {
  return numberFormat({}).format(value);
}

/** How much was traded: `16.6M`. */
export function volume(value: number): string {
  return numberFormat({ notation: "compact", maximumFractionDigits: 1 }).format(value);
}

/** Which way an amount goes. */
export function direction(value: Numeric): -1 | 0 | 1 {
  return sign(typeof value === "string" ? exact(value) : value);
}

const DATE_TIME: Intl.DateTimeFormatOptions = { dateStyle: "medium", timeStyle: "short" };
const DATE: Intl.DateTimeFormatOptions = { dateStyle: "medium" };

/** `Nov 21, 2026, 8:04 PM`, in the reader's time zone. */
export function dateTime(at: string): string {
  return new Intl.DateTimeFormat(LOCALE, DATE_TIME).format(new Date(at));
}

/** `Nov 21, 2026` */
export function date(at: string): string {
  return new Intl.DateTimeFormat(LOCALE, DATE).format(new Date(at));
}

const DAY_MONTH: Intl.DateTimeFormatOptions = { month: "short", day: "numeric" };
const DAY_AND_TIME: Intl.DateTimeFormatOptions = {
  ...DAY_MONTH,
  hour: "2-digit",
  minute: "2-digit",
  hour12: false,
};

/** `Nov 21` */
export function dayMonth(at: string): string {
  return new Intl.DateTimeFormat(LOCALE, DAY_MONTH).format(new Date(at));
}

/** `Nov 21, 20:04` */
export function dayAndTime(at: string): string {
  return new Intl.DateTimeFormat(LOCALE, DAY_AND_TIME).format(new Date(at));
}

/** `Nov 21, 20:04`, with the year instead of the time once that is another. */
export function shortly(at: string, now = Date.now()): string {
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? dayAndTime(at) : date(at);
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** `5 minutes ago`, `in 2 hours`; what is further than a month away is a date. */
export function relative(at: string | number, now: number): string {
  const then = typeof at === "number" ? at : Date.parse(at);
  const seconds = Math.round((then - now) / 1000);
  if (Math.abs(seconds) > 30 * 86_400) return date(new Date(then).toISOString());
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) {
      return new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" }).format(
        Math.trunc(seconds / length),
        unit,
      );
    }
  }
  return seconds > 0 ? "in a moment" : "just now";
}
