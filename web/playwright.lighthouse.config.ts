// Lighthouse: `npm run lighthouse` runs it against the real binary, for accessibility and best practices.

import { defineConfig } from "@playwright/test";
import stories from "./playwright.config";

export default defineConfig({
  ...stories,
  testDir: "lighthouse",
  workers: 1,
  timeout: 300_000,
  use: { ...stories.use, trace: "off" },
});
