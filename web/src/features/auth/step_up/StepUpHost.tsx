// Waits for a request that asks for a fresh proof; the dialog itself is loaded when the first one does.

import { type ComponentType, useEffect, useState } from "react";
import { provideStepUp, type StepUpAsk } from "../../../api/step-up";

export interface StepUpProps {
  ask: StepUpAsk;
  settle: (proof: string | null) => void;
}

interface Open extends StepUpProps {
  Dialog: ComponentType<StepUpProps>;
}

export function StepUpHost() {
  const [open, setOpen] = useState<Open | null>(null);
  useEffect(
    () =>
      provideStepUp(async (ask) => {
        // Whoever cannot be asked has not proven anything.
        const loaded = await import("./StepUp").catch(() => null);
        if (loaded === null) return null;
        return new Promise((resolve) => {
          const settle = (proof: string | null) => {
            setOpen(null);
            resolve(proof);
          };
          setOpen({ Dialog: loaded.StepUp, ask, settle });
        });
      }),
    [],
  );
  return open && <open.Dialog ask={open.ask} settle={open.settle} />;
}
