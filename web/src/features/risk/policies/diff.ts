// What differs between two texts, line by line: the longest common subsequence, told in stretches.

export interface DiffLine {
  kind: "same" | "removed" | "added";
  text: string;
  /** Line numbers in the old and the new text. */
  old: number | null;
  new: number | null;
}

export type Piece = DiffLine | { kind: "skipped"; lines: number; at: number };

/** Every line of both texts, in an order that reads from the top. */
export function diff(before: string, after: string): DiffLine[] {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const lengths = common(old, fresh);
  const found: DiffLine[] = [];
  let [at, to] = [0, 0];
  while (at < old.length || to < fresh.length) {
    const [left, right] = [old[at], fresh[to]];
    if (left !== undefined && left === right) {
      found.push({ kind: "same", text: left, old: ++at, new: ++to });
    } else if (
      right === undefined ||
      (left !== undefined && below(lengths, at, to) >= beside(lengths, at, to))
    ) {
      found.push({ kind: "removed", text: left ?? "", old: ++at, new: null });
    } else {
      found.push({ kind: "added", text: right, old: null, new: ++to });
    }
  }
  return found;
}

/** Leaves out what is the same, but for so many lines around each change. */
export function brief(lines: readonly DiffLine[], around = 3): Piece[] {
  const isNear = (at: number) =>
    lines.slice(Math.max(at - around, 0), at + around + 1).some(({ kind }) => kind !== "same");
  const pieces: Piece[] = [];
  for (const [at, line] of lines.entries()) {
    const last = pieces.at(-1);
    if (isNear(at)) pieces.push(line);
    else if (last?.kind === "skipped") last.lines += 1;
    else pieces.push({ kind: "skipped", lines: 1, at });
  }
  return pieces;
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, "").split("\n");
}

/** `lengths[i][j]`: how long the longest common subsequence of the rests from there is. */
function common(old: readonly string[], fresh: readonly string[]): number[][] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(fresh.length + 1).fill(0));
  for (let at = old.length - 1; at >= 0; at--) {
    const row = lengths[at] ?? [];
    for (let to = fresh.length - 1; to >= 0; to--) {
      const same = old[at] === fresh[to];
      row[to] = same
        ? (lengths[at + 1]?.[to + 1] ?? 0) + 1
        : Math.max(below(lengths, at, to), beside(lengths, at, to));
    }
  }
  return lengths;
}

function below(lengths: readonly number[][], at: number, to: number): number {
  return lengths[at + 1]?.[to] ?? 0;
}

function beside(lengths: readonly number[][], at: number, to: number): number {
  return lengths[at]?.[to + 1] ?? 0;
}
