import { expect, it } from "vitest";
import { challengeOf } from "./fragment";

it("reads the waiting sign-in", () => {
  expect(challengeOf("#challenge=abc_-9&methods=totp,backup_code")).toEqual({
    challenge: "abc_-9",
    methods: ["totp", "backup_code"],
  });
});

it("finds none where a part is missing", () => {
  for (const fragment of ["", "#", "#challenge=abc", "#methods=totp", "#challenge=&methods="])
    expect(challengeOf(fragment)).toBeNull();
});
