// Where one can go from anywhere: the navigation's entries, in their order.

import {
  IconAdjustmentsHorizontal,
  IconBell,
  IconChartLine,
  IconKey,
  IconListDetails,
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
      { to: "/security", label: "Security", icon: IconKey },
      { to: "/notifications", label: "Notifications", icon: IconBell },
    ],
  },
] as const;
