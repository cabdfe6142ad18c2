// How the sign-ins of a day ended, a bar for each half hour.

import { useMemo } from "react";
import { Bars, Legend } from "../../ui/Bars";
import { Card } from "../../ui/Card";
import { count } from "../../ui/format";
import { type Figures, OUTCOMES } from "./figures";

export function Outcomes({ figures: { slots, day } }: { figures: Figures }) {
  const bars = useMemo(
    () => slots.map((slot) => ({ from: slot.from, values: OUTCOMES.map(({ name }) => slot[name]) })),
    [slots],
  );
  const said = OUTCOMES.map(({ name, label }) => `${label.toLowerCase()} ${count(day[name])}`).join(", ");
  return (
    <Card
      title="Outcomes"
      about="Per half hour, last 24 hours, in your time zone"
      actions={<Legend series={OUTCOMES} />}
    >
      <Bars slots={bars} series={OUTCOMES} label={`Sign-ins of 24 hours: ${said}`} />
    </Card>
  );
}
