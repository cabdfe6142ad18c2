// How risky something looked: a number from 0 to 100, a bar of four parts, and the word, so that colour alone never says it.

import classes from "./Risk.module.css";

export type RiskLevel = "low" | "medium" | "high" | "critical";

const LEVELS: readonly RiskLevel[] = ["low", "medium", "high", "critical"];
const WORDS: Record<RiskLevel, string> = {
  low: "Low",
  medium: "Medium",
  high: "High",
  critical: "Critical",
};

export function Risk({ score, level }: { score: number; level: RiskLevel }) {
  const lit = LEVELS.indexOf(level) + 1;
  return (
    <span className={`${classes.risk} figures`} data-level={level}>
      <b className={classes.score}>{points(score)}</b>
      <span className={classes.parts} aria-hidden="true">
        {LEVELS.map((each, at) => (
          <span key={each} data-lit={at < lit || undefined} />
        ))}
      </span>
      <span>{WORDS[level]}</span>
    </span>
  );
}

/** A score of 0 to 1 as it is shown. */
export function points(score: number): number {
  return Math.round(score * 100);
}
