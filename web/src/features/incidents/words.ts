// What incidents are called, and which color says how much one matters; the word always stands beside the color.

import type { Schemas } from "../../api/client";

export type Incident = Schemas["IncidentView"];
export type Person = Schemas["PersonView"];

const COLORS: Record<Incident["severity"], string> = {
  low: "gray",
  medium: "yellow",
  high: "orange",
  critical: "red",
};

const SEVERITIES: Record<Incident["severity"], string> = {
  low: "Low",
  medium: "Medium",
  high: "High",
  critical: "Critical",
};

export const severityName = (severity: Incident["severity"]) => SEVERITIES[severity];

export const severityColor = (severity: Incident["severity"]) => COLORS[severity];

const STATES: Record<Incident["status"], string> = {
  open: "Open",
  investigating: "Investigating",
  resolved: "Resolved",
};

/** Where it stands; of a resolved one, what it was. */
export function standing(incident: Incident): string {
  if (incident.outcome === "confirmed") return "Confirmed";
  if (incident.outcome === "false_positive") return "False positive";
  return STATES[incident.status];
}

/** A person as the desk names them. */
export function named(person: Person | null | undefined): string {
  return person ? (person.email ?? "somebody who was erased") : "\u2014";
}
