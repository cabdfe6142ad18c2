import { expect, it } from "vitest";
import { checksOf } from "./checks";

const open = (factors: Parameters<typeof checksOf>[0], passkeys?: number) =>
  checksOf(factors, passkeys)
    .filter(({ good }) => !good)
    .map(({ name }) => name);

it("asks a newcomer for an app and a passkey, and for no codes yet", () => {
  expect(open({ methods: [], backup_codes_left: 0 }, 0)).toEqual(["app", "passkey"]);
});

it("asks for new codes before the last ones are gone", () => {
  const methods = ["totp", "backup_code"] as never[];
  expect(open({ methods, backup_codes_left: 2 }, 1)).toEqual(["codes"]);
  expect(open({ methods, backup_codes_left: 3 }, 1)).toEqual([]);
});
