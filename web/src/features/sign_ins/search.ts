// What the feed shows, as the address says it, so that a view can be sent to a colleague.

export interface SignInsSearch {
  outcome?: Outcome;
  /** A person's id. */
  user?: string;
  /** The least score, of 100. */
  score?: number;
  /** The decision that the panel is about. */
  attempt?: string;
}

export type Outcome = keyof typeof FATES;

/** Outcomes as the server names them. */
export const FATES = { allowed: "done", "step-up": "challenged", blocked: "refused" } as const;

export function signInsSearch(search: Record<string, unknown>): SignInsSearch {
  const { outcome, user, score, attempt } = search;
  return {
    ...(typeof outcome === "string" && Object.hasOwn(FATES, outcome) ? { outcome: outcome as Outcome } : {}),
    ...(typeof user === "string" ? { user } : {}),
    ...(typeof score === "number" && score > 0 && score <= 100 ? { score } : {}),
    ...(typeof attempt === "string" ? { attempt } : {}),
  };
}
