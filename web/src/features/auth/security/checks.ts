// The safety checklist, from what the server knows.

import type { Schemas } from "../../../api/client";

/** Below this many backup codes it is time for new ones. */
export const FEW = 3;

export interface Check {
  name: "password" | "app" | "passkey" | "codes";
  good: boolean;
  title: string;
  about: string;
}

export function checksOf(factors: Schemas["SecondFactors"], passkeys: number | undefined): Check[] {
  const hasApp = factors.methods.some((method) => String(method) === "totp");
  const left = factors.backup_codes_left;
  const checks: Check[] = [
    {
      name: "password",
      good: true,
      title: "A password of your own",
      about: "Long enough, not easily guessed, and known from no breach.",
    },
    {
      name: "app",
      good: hasApp,
      title: "An authenticator app",
      about: hasApp
        ? "A stolen password alone opens nothing."
        : "Until it is on, a stolen password may be enough.",
    },
    {
      name: "passkey",
      good: (passkeys ?? 0) > 0,
      title: "A passkey",
      about:
        (passkeys ?? 0) > 0
          ? "No imitation of this site can make use of it."
          : "The one way in that cannot be phished. Add one below.",
    },
  ];
  if (factors.methods.length > 0) {
    checks.push({
      name: "codes",
      good: left >= FEW,
      title: "Backup codes to hand",
      about:
        left === 0
          ? "None is left. Make new ones below."
          : `${left} of ten are left, should you lose your phone.`,
    });
  }
  return checks;
}
