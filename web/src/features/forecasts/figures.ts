// How statistics are written.

const PERCENT = new Intl.NumberFormat("en-US", {
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const FRACTION = new Intl.NumberFormat("en-US", { minimumFractionDigits: 3, maximumFractionDigits: 3 });

/** `95.1%` */
export const percent = (share: number) => PERCENT.format(share);

/** `1.043` */
export const fraction = (value: number) => FRACTION.format(value);
