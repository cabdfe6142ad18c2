// Decimal strings as exact numbers: whole units and how many of their digits are decimals. No float ever sees money.

export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

export const ZERO: Decimal = { units: 0n, scale: 0 };

const FORM = /^([+-]?)(\d*)(?:\.(\d*))?$/;

/** Reads what a person or the API writes; null when it is no number. */
export function decimal(text: string): Decimal | null {
  const match = FORM.exec(text.trim());
  if (!match) return null;
  const [, sign, whole = "", part = ""] = match;
  if (whole === "" && part === "") return null;
  const units = BigInt(whole + part);
  return { units: sign === "-" ? -units : units, scale: part.length };
}

/** A number that the API wrote. */
export function exact(text: string): Decimal {
  return decimal(text) ?? ZERO;
}

export function add(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale);
  return { units: at(left, scale) + at(right, scale), scale };
}

export function subtract(left: Decimal, right: Decimal): Decimal {
  return add(left, negate(right));
}

export function negate({ units, scale }: Decimal): Decimal {
  return { units: -units, scale };
}

export function multiply(left: Decimal, right: Decimal): Decimal {
  return { units: left.units * right.units, scale: left.scale + right.scale };
}

/** Negative, zero or positive, as `left` is less than, equal to or more than `right`. */
export function compare(left: Decimal, right: Decimal): number {
  return sign(subtract(left, right));
}

export function sign({ units }: Decimal): -1 | 0 | 1 {
  return units === 0n ? 0 : units < 0n ? -1 : 1;
}

/** Rounded half to even to so many decimals, as the server rounds amounts. */
export function round(value: Decimal, scale: number): Decimal {
  if (value.scale <= scale) return { units: at(value, scale), scale };
  const step = 10n ** BigInt(value.scale - scale);
  const negative = value.units < 0n;
  const size = negative ? -value.units : value.units;
  let units = size / step;
  const twice = (size % step) * 2n;
  if (twice > step || (twice === step && units % 2n === 1n)) units += 1n;
  return { units: negative ? -units : units, scale };
}

/** `part / whole` to so many decimals, rounded towards zero; null when there is no whole. */
export function ratio(part: Decimal, whole: Decimal, scale: number): Decimal | null {
  if (whole.units === 0n) return null;
  const common = Math.max(part.scale, whole.scale);
  return { units: (at(part, common) * 10n ** BigInt(scale)) / at(whole, common), scale };
}

/** The text that `decimal` reads back. */
export function text({ units, scale }: Decimal): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const part = scale === 0 ? "" : `.${digits.slice(digits.length - scale)}`;
  return `${negative ? "-" : ""}${whole}${part}`;
}

/** For drawing only: where a point or a bar lies. */
export function forDrawing(value: string): number {
  return Number(value);
}

function at({ units, scale }: Decimal, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale);
}
