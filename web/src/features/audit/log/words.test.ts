import { expect, test } from "vitest";
import { actorId, actorName, type Entry, findingName, kindName, reasonOf, said } from "./words";

const entry: Entry = {
  seq: 7,
  id: "e",
  at: "2026-11-21T20:00:00Z",
  kind: "incident.opened",
  actor: "program:worker",
  details: {},
  erased: false,
  hash: "",
  prev_hash: "",
};
const nameOf = (id: string) => `name of ${id}`;

test("entries are told in words, and what is not known is still readable", () => {
  expect(said(entry)).toBe("Incident opened by rule");
  expect(said({ ...entry, kind: "sign_in.failed" })).toBe("Sign-in failed");
  expect(said({ ...entry, kind: "moon.risen_late" })).toBe("Moon risen late");
});

test("whoever acted has a name", () => {
  expect(actorName(entry, nameOf)).toBe("The program: worker");
  expect(actorName({ ...entry, actor: "user:una" }, nameOf)).toBe("name of una");
  expect(actorId({ ...entry, actor: "user:una" })).toBe("una");
  expect(actorName({ ...entry, actor: "stranger" }, nameOf)).toBe("Not signed in");
  expect(actorName({ ...entry, actor: null, erased: true }, nameOf)).toBe("erased");
});

test("damage is told in words", () => {
  expect(findingName("altered_entry")).toBe("An entry was altered");
  expect(findingName("new_kind")).toBe("New kind");
});

test("why something failed is told in words, where the entry says so", () => {
  const withReason = (reason: string) => ({
    ...entry,
    details: { reason } as unknown as NonNullable<Entry["details"]>,
  });
  expect(reasonOf(withReason("wrong_password"))).toBe("The password was wrong");
  expect(reasonOf(withReason("moon_too_low"))).toBe("Moon too low");
  expect(reasonOf(entry)).toBeNull();
});

test("a kind has a name without its entry", () => {
  expect(kindName("sign_in.failed")).toBe("Sign-in failed");
  expect(kindName("order.filled")).toBe("Order filled");
});
