// What this browser says of itself at a sign-in, so that the server can tell a known device from a new one.

import type { Schemas } from "../../api/client";

export function deviceReport(): Schemas["DeviceReport"] {
  const { width, height, colorDepth } = screen;
  return {
    user_agent: navigator.userAgent.slice(0, 512),
    screen: `${width}x${height}x${colorDepth}`,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    languages: navigator.languages.slice(0, 8),
    platform: navigator.platform,
    plugins: Array.from(navigator.plugins, (plugin) => plugin.name).slice(0, 16),
  };
}
