// Which rules stood in somebody's way, most often first.

import { Text } from "@mantine/core";
import { Card } from "../../ui/Card";
import { count } from "../../ui/format";
import { ruleName } from "../risk/words";
import type { Figures } from "./figures";
import classes from "./SignIns.module.css";

const MOST = 7;

export function Reasons({ reasons }: { reasons: Figures["reasons"] }) {
  const shown = reasons.slice(0, MOST);
  const top = shown[0]?.sign_ins ?? 1;
  return (
    <Card title="Why scores were high" about="On sign-ins that were asked for more, or refused">
      {shown.length === 0 ? (
        <Text c="dimmed" size="sm">
          No rule stood in anybody's way in the last 24 hours.
        </Text>
      ) : (
        <ul className={classes.reasons}>
          {shown.map(({ rule, sign_ins }) => (
            <li key={rule}>
              <div className={classes.reason}>
                <span>{ruleName(rule)}</span>
                <b className="figures">{count(sign_ins)}</b>
              </div>
              <div className={classes.track} aria-hidden="true">
                <div style={{ width: `${(sign_ins / top) * 100}%` }} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
