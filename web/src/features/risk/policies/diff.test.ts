import { expect, test } from "vitest";
import { brief, diff } from "./diff";

const signs = { same: " ", removed: "-", added: "+" };
const drawn = (before: string, after: string) =>
  diff(before, after).map(({ kind, text }) => `${signs[kind]}${text}`);

test("what was changed is taken out and put in where it stood", () => {
  expect(drawn("a\nb\nc\n", "a\nB\nc\n")).toEqual([" a", "-b", "+B", " c"]);
  expect(drawn("a\nb", "a\nx\nb\ny")).toEqual([" a", "+x", " b", "+y"]);
  expect(drawn("a\nb\nc", "c")).toEqual(["-a", "-b", " c"]);
  expect(drawn("same\n", "same")).toEqual([" same"]);
});

test("both texts can be read out of it, whatever they are", () => {
  let seed = 7;
  const next = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed % 4;
  };
  for (let round = 0; round < 200; round++) {
    const text = () => Array.from({ length: next() + next() }, () => "abcd"[next()]).join("\n");
    const [before, after] = [text(), text()];
    const lines = diff(before, after);
    const read = (without: string) =>
      lines
        .filter(({ kind }) => kind !== without)
        .map((line) => line.text)
        .join("\n");
    expect(read("added")).toBe(before);
    expect(read("removed")).toBe(after);
  }
});

test("only what is near a change is told", () => {
  const before = Array.from({ length: 20 }, (_, at) => `line ${at}`).join("\n");
  const pieces = brief(diff(before, before.replace("line 10", "another")), 1);
  expect(pieces.map((piece) => (piece.kind === "skipped" ? piece.lines : piece.text))).toEqual([
    9,
    "line 9",
    "line 10",
    "another",
    "line 11",
    8,
  ]);
  expect(brief(diff(before, before))).toEqual([{ kind: "skipped", lines: 20, at: 0 }]);
});
