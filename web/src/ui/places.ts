// Where one can go from anywhere: the navigation's entries, in their order.

import {
  IconAdjustmentsHorizontal,
  IconBell,
  IconChartDots3,
  IconChartLine,
  IconDevices,
  IconKey,
  IconLifebuoy,
  IconListDetails,
  IconNews,
  IconUserCircle,
} from "@tabler/icons-react";

const PLACES = [
  {
    heading: "Invest",
    entries: [
      { to: "/", label: "Portfolio", short: "Portfolio", icon: IconAdjustmentsHorizontal },
      { to: "/markets", label: "Markets", short: "Markets", icon: IconChartLine },
      { to: "/orders", label: "Orders", short: "Orders", icon: IconListDetails },
      { to: "/news", label: "News", short: "News", icon: IconNews },
      { to: "/forecasts", label: "Forecasts", short: "Forecasts", icon: IconChartDots3 },
      { to: "/performance", label: "Performance", short: "Returns", icon: IconChartLine },
    ],
  },
  {
    heading: "Account",
    entries: [
      { to: "/security", label: "Security and passkeys", short: "Security", icon: IconKey },
      { to: "/devices", label: "Devices and sessions", short: "Devices", icon: IconDevices },
      { to: "/profile", label: "Profile", short: "Profile", icon: IconUserCircle },
      { to: "/notifications", label: "Notifications", short: "Notifications", icon: IconBell },
    ],
  },
] as const;

/** For those who work at the desk. */
const DESK = [
  {
    heading: "Desk",
    entries: [{ to: "/desk/incidents", label: "Incidents", short: "Incidents", icon: IconLifebuoy }],
  },
] as const;

const AT_THE_DESK = ["analyst", "auditor", "admin"];

/** Where somebody of this role can go. */
export function placesOf(role: string) {
  return AT_THE_DESK.includes(role) ? [...DESK, ...PLACES] : [...PLACES];
}
