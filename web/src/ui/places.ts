// Where one can go from anywhere: the navigation's entries, in their order.

import {
  IconAdjustmentsHorizontal,
  IconBell,
  IconChartDots3,
  IconChartLine,
  IconChecks,
  IconClipboardList,
  IconDevices,
  IconFingerprint,
  IconGauge,
  IconKey,
  IconLifebuoy,
  IconListDetails,
  IconLock,
  IconNews,
  IconScale,
  IconSettings,
  IconUserCircle,
} from "@tabler/icons-react";
import { isAtTheDesk } from "./home";

/** Who holds an account: staff hold none, so that nobody decides on their own orders. */
const INVEST = {
  heading: "Invest",
  entries: [
    { to: "/", label: "Portfolio", short: "Portfolio", icon: IconAdjustmentsHorizontal },
    { to: "/markets", label: "Markets", short: "Markets", icon: IconChartLine },
    { to: "/orders", label: "Orders", short: "Orders", icon: IconListDetails },
    { to: "/news", label: "News", short: "News", icon: IconNews },
    { to: "/forecasts", label: "Forecasts", short: "Forecasts", icon: IconChartDots3 },
    { to: "/performance", label: "Performance", short: "Returns", icon: IconChartLine },
  ],
} as const;

/** For those who work at the desk. */
const DESK = {
  heading: "Security operations",
  entries: [
    { to: "/desk/sign-ins", label: "Sign-ins", short: "Sign-ins", icon: IconFingerprint },
    { to: "/desk/review", label: "Review queue", short: "Review", icon: IconChecks },
    { to: "/desk/accounts", label: "Locked accounts", short: "Locked", icon: IconLock },
    { to: "/desk/incidents", label: "Incidents", short: "Incidents", icon: IconLifebuoy },
    { to: "/desk/api-security", label: "API security", short: "API", icon: IconGauge },
    { to: "/desk/audit-log", label: "Audit log", short: "Audit", icon: IconClipboardList },
    { to: "/desk/policies", label: "Risk policies", short: "Policies", icon: IconScale },
    { to: "/desk/admin", label: "Administration", short: "Admin", icon: IconSettings },
  ],
} as const;

const ACCOUNT = {
  heading: "Account",
  entries: [
    { to: "/security", label: "Security and passkeys", short: "Security", icon: IconKey },
    { to: "/devices", label: "Devices and sessions", short: "Devices", icon: IconDevices },
    { to: "/profile", label: "Profile", short: "Profile", icon: IconUserCircle },
    { to: "/notifications", label: "Notifications", short: "Notifications", icon: IconBell },
  ],
} as const;

const NEEDS_AN_ACCOUNT = ["/", "/orders", "/performance"];
const MARKET = {
  heading: "Market",
  entries: INVEST.entries.filter(({ to }) => !NEEDS_AN_ACCOUNT.includes(to)),
};

/** Where somebody of this role can go. */
export function placesOf(role: string) {
  if (isAtTheDesk(role)) return [DESK, MARKET, ACCOUNT];
  return role === "customer" ? [INVEST, ACCOUNT] : [MARKET, ACCOUNT];
}
