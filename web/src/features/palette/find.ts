// What the palette offers for what was typed: places by their names, incidents by their titles.

interface Named {
  label: string;
}

/** Those in whose name each typed word begins some word, in their order. */
export function matching<T extends Named>(all: readonly T[], typed: string): T[] {
  const wanted = words(typed);
  if (wanted.length === 0) return [];
  return all.filter(({ label }) => {
    const known = words(label);
    return wanted.every((word) => known.some((each) => each.startsWith(word)));
  });
}

function words(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}
