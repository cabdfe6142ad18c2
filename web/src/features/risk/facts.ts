// What a decision found out about a person, as a label and a value. Ratios come as whole thousandths, since the policy
// knows no decimals; a reader gets the ratio itself.

import { text } from "../../ui/decimal";
import { level } from "../../ui/format";

const THOUSANDTHS = /, in thousandths$/;

export function factName(meaning: string): string {
  return meaning.replace(THOUSANDTHS, "");
}

export function factValue(meaning: string, value: unknown): string {
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (typeof value !== "number" || !Number.isInteger(value)) return String(value);
  return level(text({ units: BigInt(value), scale: THOUSANDTHS.test(meaning) ? 3 : 0 })).replace(/\.00$/, "");
}
