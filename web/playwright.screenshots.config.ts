// The README's pictures: `cargo xtask screenshots` runs this against the real binary with demonstration data.

import { defineConfig } from "@playwright/test";
import stories from "./playwright.config";

export default defineConfig({
  ...stories,
  testDir: "screenshots",
  workers: 1,
  timeout: 600_000,
  use: { ...stories.use, trace: "off" },
});
