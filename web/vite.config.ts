// How the UI is built: hashed files with compressed forms beside them, and a page with a place for each response's nonce.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react(), compressed()],
  html: { cspNonce: "__CSP_NONCE__" },
  build: {
    target: "es2023",
    // No file may be inlined as a data: URL; the policy knows only our own origin.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
  },
  // A path counts from its beginning, so that "/dev" alone would take "/devices" along.
  server: {
    proxy: Object.fromEntries(["/api/", "/dev/", "/health"].map((path) => [path, "http://localhost:8000"])),
  },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"] },
});

/** Writes `name.gz` beside every text file of the build. */
function compressed(): Plugin {
  let folder = "";
  return {
    name: "compressed",
    apply: "build",
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    closeBundle() {
      for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
        if (!/\.(js|css|svg)$/.test(file)) continue;
        const path = join(folder, file);
        writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
      }
    },
  };
}
