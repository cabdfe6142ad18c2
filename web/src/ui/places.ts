// Where one can go from anywhere: the navigation's entries, in their order.

import {
  IconAdjustmentsHorizontal,
  IconBell,
  IconChartLine,
  IconDevices,
  IconKey,
  IconListDetails,
  IconUserCircle,
} from "@tabler/icons-react";

export const PLACES = [
  {
    heading: "Invest",
    entries: [
      { to: "/", label: "Portfolio", icon: IconAdjustmentsHorizontal },
      { to: "/markets", label: "Markets", icon: IconChartLine },
      { to: "/orders", label: "Orders", icon: IconListDetails },
    ],
  },
  {
    heading: "Account",
    entries: [
      { to: "/security", label: "Security and passkeys", icon: IconKey },
      { to: "/devices", label: "Devices and sessions", icon: IconDevices },
      { to: "/profile", label: "Profile", icon: IconUserCircle },
      { to: "/notifications", label: "Notifications", icon: IconBell },
    ],
  },
] as const;
