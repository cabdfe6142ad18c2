import { expect, test } from "vitest";
import { isAtMarket, isOpen, reasonsInWords, statusOf } from "./status";

test("why something is held is told in a sentence", () => {
  expect(reasonsInWords([])).toBe("It is unlike what you usually do.");
  expect(reasonsInWords(["more than 5 within an hour", "a new payee"])).toBe(
    "It is unlike you: more than 5 within an hour; a new payee.",
  );
  expect(reasonsInWords(["more than is usual for this person"])).toBe(
    "It is unlike you: more than is usual for you.",
  );
});

test("what is held may be canceled and not changed", () => {
  expect([isOpen("pending_review"), isAtMarket("pending_review")]).toEqual([true, false]);
  expect(statusOf("pending_review").label).toBe("Held for review");
});
