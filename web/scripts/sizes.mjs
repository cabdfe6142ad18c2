// What a visitor loads first, compressed: at most 200 kB of script on the sign-in page, 270 kB on any. Read from the build's
// manifest: the entry, the frame around the screen, the screen, and whatever those import before they can be drawn. What
// they ask for afterwards (dialogs, cards below the fold) is told beside it. `--brief` tells only of what is too large. Either
// way a build that is too large fails.

import { readFileSync, statSync } from "node:fs";

const DIST = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", DIST), "utf8"));
const ENTRY = "index.html";
const OUTSIDE = "src/features/auth/Outside.tsx";
const INSIDE = "src/ui/Shell.tsx";
const SIGN_IN = "src/features/auth/sign_in/SignIn.tsx";
const MAILBOX = "src/features/mail/Mailbox.tsx";

const MOST = 270;
const MOST_AT_SIGN_IN = 200;

/** The files that are loaded with a chunk, each once; on request those that it asks for later, too, but for the entry's,
 * which are the other screens. */
function files(name, withLater, found = new Set()) {
  const chunk = manifest[name];
  if (!chunk) throw new Error(`the build has no ${name}`);
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  const later = withLater && name !== ENTRY ? (chunk.dynamicImports ?? []) : [];
  for (const next of [...(chunk.imports ?? []), ...later]) files(next, withLater, found);
  return found;
}

function kilobytes(names, withLater) {
  const found = new Set();
  for (const name of names) files(name, withLater, found);
  let bytes = 0;
  for (const file of found) bytes += statSync(new URL(`${file}.gz`, DIST)).size;
  return bytes / 1000;
}

function frameOf(screen) {
  if (screen === MAILBOX) return [];
  return /auth\/(sign_in|mail_links|SignUp|Setup)/.test(screen) ? [OUTSIDE] : [INSIDE];
}

const screens = manifest[ENTRY].dynamicImports.filter((name) => name !== OUTSIDE && name !== INSIDE);
for (const frame of [OUTSIDE, INSIDE, SIGN_IN])
  if (!manifest[frame]) throw new Error(`the build has no ${frame}`);

let fits = true;
for (const screen of screens.sort()) {
  const chunks = [ENTRY, ...frameOf(screen), screen];
  const size = kilobytes(chunks, false);
  const all = kilobytes(chunks, true);
  const most = screen === SIGN_IN ? MOST_AT_SIGN_IN : MOST;
  const word = size <= most ? "fits" : "IS TOO LARGE";
  fits &&= size <= most;
  const name = screen.replace(/^src\/features\/|\.tsx$/g, "");
  if (size > most || !process.argv.includes("--brief")) {
    process.stdout.write(
      `${name.padEnd(36)}${size.toFixed(1).padStart(7)} kB of ${most} ${word}, ${all.toFixed(1)} with all\n`,
    );
  }
}
if (!fits) process.exit(1);
