// A drawing, not data: candles that climb, and a fan of what may come.

import classes from "./Illustration.module.css";

/** Open and close of each candle, from the bottom of the drawing. */
const CANDLES: readonly (readonly [number, number])[] = [
  [96, 90],
  [90, 72],
  [72, 58],
  [58, 66],
  [66, 88],
  [88, 98],
  [98, 92],
  [92, 110],
  [110, 150],
  [150, 172],
  [172, 196],
  [196, 180],
  [180, 214],
  [214, 240],
  [240, 232],
  [232, 206],
  [206, 222],
  [222, 216],
  [216, 198],
  [198, 192],
  [192, 212],
];

const STEP = 24;
const HEIGHT = 390;
const END = CANDLES.length * STEP - 8;
const LAST = 212;

export function Illustration() {
  const y = (level: number) => HEIGHT - level - 10;
  const fan = (spread: number, lift: number) =>
    `M${END} ${y(LAST)}C${END + 70} ${y(LAST + 30 + spread / 3)} ${END + 130} ${y(LAST + lift + spread * 0.7)} ${END + 200} ${y(LAST + lift + spread)}V${y(LAST + lift - spread)}C${END + 130} ${y(LAST + lift - spread * 0.9)} ${END + 70} ${y(LAST - spread / 3)} ${END} ${y(LAST)}Z`;
  return (
    <svg
      className={classes.drawing}
      viewBox={`0 0 ${END + 200} ${HEIGHT}`}
      preserveAspectRatio="xMaxYMid slice"
      aria-hidden="true"
    >
      <path d={fan(112, 40)} className={classes.wide} />
      <path d={fan(52, 44)} className={classes.narrow} />
      <path
        d={`M${END} ${y(LAST)}Q${END + 100} ${y(LAST + 14)} ${END + 200} ${y(LAST + 46)}`}
        className={classes.middle}
      />
      {CANDLES.map(([open, close], at) => {
        const rises = close > open;
        const [top, bottom] = rises ? [close, open] : [open, close];
        const x = at * STEP + 8;
        return (
          <g key={x} className={rises ? classes.rising : classes.falling}>
            <path d={`M${x} ${y(top + 11)}V${y(bottom - 11)}`} strokeWidth="1.5" />
            <rect x={x - 5} y={y(top)} width="10" height={Math.max(top - bottom, 3)} rx="1.5" />
          </g>
        );
      })}
      <circle cx={END} cy={y(LAST)} r="4.5" fill="#fff" />
    </svg>
  );
}
