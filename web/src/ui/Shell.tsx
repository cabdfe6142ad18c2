// The frame around every signed-in screen: navigation at the side, on a phone at the bottom; search, theme and account
// on top.

import { AppShell, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { Link, Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { AccountMenu } from "../features/auth/AccountMenu";
import { useUser } from "../features/auth/session";
import { StepUpHost } from "../features/auth/step_up/StepUpHost";
import { Feed } from "../features/market/Feed";
import { Find } from "../features/palette/Find";
import { isAtTheDesk } from "./home";
import { Logo, Mark } from "./Logo";
import { placesOf } from "./places";
import classes from "./Shell.module.css";
import { ThemeSwitch } from "./ThemeSwitch";

/** Only the desk needs these. */
const Waiting = lazy(() => import("./Waiting").then(({ Waiting }) => ({ default: Waiting })));
const Seal = lazy(() => import("../features/audit/log/Seal").then(({ Seal }) => ({ default: Seal })));

export function Shell() {
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: "md", collapsed: { mobile: true } }}
      layout="alt"
    >
      <a className={classes.skip} href="#main">
        Skip to the content
      </a>
      <AppShell.Header className={classes.header}>
        <div className={classes.bar}>
          <Link to="/" aria-label="Portfolio" className="only-narrow">
            <Mark />
          </Link>
          <Find />
          <div className={classes.spacer} />
          <Feed />
          <ThemeSwitch />
          <AccountMenu />
        </div>
      </AppShell.Header>
      <AppShell.Navbar className={classes.nav} component="aside">
        <SideNavigation />
      </AppShell.Navbar>
      <AppShell.Main>
        <div id="main" className={classes.main} tabIndex={-1}>
          <Outlet />
        </div>
      </AppShell.Main>
      <Tabs />
      <StepUpHost />
    </AppShell>
  );
}

function SideNavigation() {
  const { role } = useUser();
  return (
    <nav className={classes.side} aria-label="Main">
      <Link to="/" className={classes.brand} aria-label="Stockade, to the portfolio">
        <Logo />
      </Link>
      {placesOf(role).map((group) => (
        <div key={group.heading}>
          <div className={classes.heading} id={`places-${group.heading}`}>
            {group.heading}
          </div>
          <ul className={classes.list} aria-labelledby={`places-${group.heading}`}>
            {group.entries.map(({ to, label, icon: Icon }) => (
              <li key={to}>
                <Link to={to} className={classes.link} activeOptions={{ exact: to === "/" }}>
                  <Icon size={18} stroke={1.7} aria-hidden="true" />
                  {label}
                  {to.startsWith("/desk/") && (
                    <Suspense>
                      <Waiting at={to} />
                    </Suspense>
                  )}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
      {isAtTheDesk(role) && (
        <Suspense>
          <Seal />
        </Suspense>
      )}
    </nav>
  );
}

/** On a phone: the first places as tabs, the others behind a menu. */
function Tabs() {
  const navigate = useNavigate();
  const entries = placesOf(useUser().role).flatMap((group) => [...group.entries]);
  const [shown, hidden] = [entries.slice(0, 4), entries.slice(4)];
  return (
    <nav className={classes.tabs} aria-label="Main, short">
      {shown.map(({ to, short, icon: Icon }) => (
        <Link key={to} to={to} className={classes.tab} activeOptions={{ exact: to === "/" }}>
          <Icon size={20} stroke={1.7} aria-hidden="true" />
          {short}
        </Link>
      ))}
      {hidden.length > 0 && (
        <Menu position="top-end" width={220}>
          <Menu.Target>
            <button type="button" className={classes.tab}>
              <IconDots size={20} stroke={1.7} aria-hidden="true" />
              More
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {hidden.map(({ to, label, icon: Icon }) => (
              <Menu.Item key={to} leftSection={<Icon size={16} />} onClick={() => navigate({ to })}>
                {label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </nav>
  );
}
