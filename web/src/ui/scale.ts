// Round numbers for the side of a chart.

/** From nothing up to at least `most`, in three to six equal steps of 1, 2 or 5 times a power of ten. */
export function steps(most: number): number[] {
  const top = Math.max(most, 1);
  const power = 10 ** Math.floor(Math.log10(top));
  const fits = [0.2, 0.5, 1, 2, 5].map((times) => times * power).filter((step) => step >= 1);
  const step = fits.find((each) => Math.ceil(top / each) <= 5) ?? 1;
  const count = Math.max(Math.ceil(top / step), 1);
  return Array.from({ length: count + 1 }, (_, at) => at * step);
}
