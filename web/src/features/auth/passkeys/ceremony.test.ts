import { expect, it } from "vitest";
import { refusal } from "./ceremony";

function named(name: string): Error {
  const error = new Error("from the browser");
  error.name = name;
  return error;
}

it("tells a passkey that is there already from one that was not used", () => {
  expect(refusal(named("InvalidStateError")).code).toBe("passkey.known");
  expect(refusal(named("NotAllowedError")).code).toBe("passkey.not_used");
  expect(refusal(named("AbortError")).code).toBe("passkey.not_used");
});

it("never shows what the browser wrote", () => {
  expect(refusal(named("SecurityError")).detail).toBe("the browser could not use a passkey here");
  expect(refusal("odd").code).toBe("passkey.failed");
});
