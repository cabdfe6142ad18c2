// How a score was built: each rule with its part, what it found, and the sum.

import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { points } from "../../ui/Risk";
import classes from "./Terms.module.css";
import { capital, ruleName } from "./words";

export interface Term {
  code: string;
  weight: number;
  detail: string;
}

interface TermsProps {
  terms: readonly Term[];
  score: number;
  /** What stands beside the sum. */
  children: ReactNode;
}

export function Terms({ terms, score, children }: TermsProps) {
  const top = Math.max(...terms.map(({ weight }) => weight), 0.01);
  return (
    <ul className={classes.terms}>
      {terms.length === 0 && (
        <li>
          <Text size="sm" c="dimmed">
            Nothing was unlike this person.
          </Text>
        </li>
      )}
      {terms.map(({ code, weight, detail }) => (
        <li key={code}>
          <div className={classes.term}>
            <span>{ruleName(code)}</span>
            <b className="figures">+{points(weight)}</b>
          </div>
          <div className={classes.track} aria-hidden="true">
            <div style={{ width: `${(weight / top) * 100}%` }} />
          </div>
          <div className={classes.about}>{capital(detail)}</div>
        </li>
      ))}
      <li className={`${classes.term} ${classes.sum}`}>
        <span>{children}</span>
        <b className="figures">{points(score)}</b>
      </li>
    </ul>
  );
}
