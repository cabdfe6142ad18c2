// Step-up: a request that needs a fresh proof of who asks is held here until the dialog has one, and then repeated.
// The dialog registers itself; without one, the refusal stands. What is asked at the same time waits its turn.

import type { Problem } from "./problem";

/** What a request needs a proof for. */
export interface StepUpAsk {
  /** Names the very request, to the server. */
  operation: string;
  methods: readonly string[];
  /** The request, so that a person can be told what they confirm. */
  method: string;
  path: string;
}

/** Asks the person; answers the proof, or null when they think better of it. */
export type StepUpDialog = (ask: StepUpAsk) => Promise<string | null>;

let dialog: StepUpDialog | null = null;
let before: Promise<unknown> = Promise.resolve();

/** The dialog that asks; one at a time. Answers how to take it away again. */
export function provideStepUp(next: StepUpDialog): () => void {
  dialog = next;
  return () => {
    if (dialog === next) dialog = null;
  };
}

/** The proof for a request that was refused with `step_up.required`, or null. */
export async function proofFor(
  problem: Problem,
  request: { method: string; path: string },
): Promise<string | null> {
  const { operation, methods } = problem.extra;
  if (problem.code !== "step_up.required" || dialog === null || typeof operation !== "string") return null;
  const ask = { operation, methods: Array.isArray(methods) ? methods.map(String) : [], ...request };
  const turn = before.then(() => (dialog === null ? null : dialog(ask)));
  before = turn.catch(() => null);
  return turn;
}
