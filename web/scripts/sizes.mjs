// What a visitor loads first, compressed: at most 200 kB of script on the sign-in page, 270 kB on any; the chart, which
// comes after the screen around it is drawn, at most 60 kB more. Read from the build's manifest: the entry, the screen,
// the frame around it, and whatever those import.

import { readFileSync, statSync } from "node:fs";

const DIST = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", DIST), "utf8"));
const ENTRY = "index.html";

/** The files that are loaded with these chunks, each once. */
function files(names, found = new Set()) {
  for (const name of names) {
    const chunk = manifest[name];
    if (!chunk) throw new Error(`the build has no ${name}`);
    if (found.has(chunk.file)) continue;
    found.add(chunk.file);
    files(chunk.imports ?? [], found);
  }
  return found;
}

/** What these chunks add to those that are already there. */
function kilobytes(names, there = []) {
  let bytes = 0;
  const known = files(there);
  for (const file of files(names)) bytes += known.has(file) ? 0 : statSync(new URL(`${file}.gz`, DIST)).size;
  return bytes / 1000;
}

const outside = [ENTRY, "src/features/auth/Outside.tsx"];
const inside = [ENTRY, "src/ui/Shell.tsx"];
const screens = [
  ["sign-in", [...outside, "src/features/auth/SignIn.tsx"], 200],
  ["sign-up", [...outside, "src/features/auth/SignUp.tsx"], 270],
  ["portfolio", [...inside, "src/features/portfolio/Portfolio.tsx"], 270],
  ["instrument", [...inside, "src/features/market/Instrument.tsx"], 270],
  ["orders", [...inside, "src/features/orders/Orders.tsx"], 270],
  [
    "chart alone",
    ["src/features/market/PriceChart.tsx"],
    60,
    [...inside, "src/features/portfolio/Portfolio.tsx"],
  ],
  ["security", [...inside, "src/features/auth/security/Security.tsx"], 270],
];

let fits = true;
for (const [name, chunks, most, there] of screens) {
  const size = kilobytes(chunks, there);
  const word = size <= most ? "fits" : "IS TOO LARGE";
  fits &&= size <= most;
  process.stdout.write(`${name.padEnd(12)}${size.toFixed(1).padStart(7)} kB of ${most} ${word}\n`);
}
if (!fits) process.exit(1);
