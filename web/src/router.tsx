// Every screen, as a table of contents. Each is loaded when it is first opened.

import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  lazyRouteComponent as lazy,
  Outlet,
  useRouter,
} from "@tanstack/react-router";
import { logSearch } from "./features/audit/log/search";
import { requireAccount, requireUser, watchForEnd } from "./features/auth/session";
import type { SignInSearch } from "./features/auth/sign_in/SignIn";
import { signInsSearch } from "./features/sign_ins/search";
import { NotFound } from "./ui/NotFound";
import { Failed } from "./ui/states";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: Broken });

/** For people who are not signed in. */
const outside = createRoute({
  getParentRoute: () => root,
  id: "outside",
  component: lazy(() => import("./features/auth/Outside"), "Outside"),
});

/** For people who are. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  beforeLoad: ({ location }) => requireUser(location.pathname + location.searchStr),
  component: lazy(() => import("./ui/Shell"), "Shell"),
});

/** A word of the address, or nothing. */
const word = (value: unknown) => (typeof value === "string" ? value : undefined);
const token = (search: Record<string, unknown>) => ({ token: word(search.token) });

const links = () => import("./features/auth/mail_links/MailLinks");

const tree = root.addChildren([
  outside.addChildren([
    createRoute({
      getParentRoute: () => outside,
      path: "/sign-in",
      validateSearch: (search: Record<string, unknown>): SignInSearch => ({
        next: word(search.next),
        error: word(search.error),
        ...(search.ended === true ? { ended: true } : {}),
      }),
      component: lazy(() => import("./features/auth/sign_in/SignIn"), "SignIn"),
    }),
    createRoute({
      getParentRoute: () => outside,
      path: "/login/second-factor",
      component: lazy(() => import("./features/auth/sign_in/SecondFactorPage"), "SecondFactorPage"),
    }),
    createRoute({
      getParentRoute: () => outside,
      path: "/not-me",
      validateSearch: token,
      component: lazy(() => import("./features/auth/mail_links/NotMe"), "NotMe"),
    }),
    createRoute({
      getParentRoute: () => outside,
      path: "/sign-up",
      component: lazy(() => import("./features/auth/SignUp"), "SignUp"),
    }),
    createRoute({
      getParentRoute: () => outside,
      path: "/confirm",
      validateSearch: token,
      component: lazy(links, "ConfirmAddress"),
    }),
    createRoute({
      getParentRoute: () => outside,
      path: "/forgot-password",
      component: lazy(links, "ForgotPassword"),
    }),
    createRoute({
      getParentRoute: () => outside,
      path: "/reset-password",
      validateSearch: token,
      component: lazy(links, "ResetPassword"),
    }),
    createRoute({
      getParentRoute: () => outside,
      path: "/confirm-email",
      validateSearch: token,
      component: lazy(links, "ConfirmNewEmail"),
    }),
    createRoute({
      getParentRoute: () => outside,
      path: "/confirm-sign-ins",
      validateSearch: token,
      component: lazy(links, "ConfirmSignIns"),
    }),
    createRoute({
      getParentRoute: () => outside,
      path: "/setup",
      validateSearch: token,
      component: lazy(() => import("./features/auth/Setup"), "Setup"),
    }),
  ]),
  createRoute({
    getParentRoute: () => root,
    path: "/dev/mailbox",
    component: lazy(() => import("./features/mail/Mailbox"), "Mailbox"),
  }),
  inside.addChildren([
    createRoute({
      getParentRoute: () => inside,
      path: "/",
      beforeLoad: () => requireAccount(),
      component: lazy(() => import("./features/portfolio/Portfolio"), "Portfolio"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/markets",
      component: lazy(() => import("./features/market/Markets"), "Markets"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/markets/$symbol",
      component: lazy(() => import("./features/market/Instrument"), "Instrument"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/news",
      component: lazy(() => import("./features/news/News"), "News"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/forecasts",
      component: lazy(() => import("./features/forecasts/Scoreboard"), "Scoreboard"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/orders",
      validateSearch: (search: Record<string, unknown>): { tab?: "open" | "all" | "cash" | "record" } => {
        const tab = search.tab;
        return tab === "open" || tab === "all" || tab === "cash" || tab === "record" ? { tab } : {};
      },
      component: lazy(() => import("./features/orders/Orders"), "Orders"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/performance",
      component: lazy(() => import("./features/portfolio/history/Performance"), "Performance"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/notifications",
      component: lazy(() => import("./features/notifications/Notifications"), "Notifications"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/security",
      validateSearch: (search: Record<string, unknown>): { linked?: string; error?: string } => ({
        linked: word(search.linked),
        error: word(search.error),
      }),
      component: lazy(() => import("./features/auth/security/Security"), "Security"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/security/authenticator",
      validateSearch: (search: Record<string, unknown>): { first?: boolean } =>
        search.first === true ? { first: true } : {},
      component: lazy(() => import("./features/auth/security/Authenticator"), "Authenticator"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/devices",
      component: lazy(() => import("./features/devices/Devices"), "Devices"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/desk/sign-ins",
      validateSearch: signInsSearch,
      component: lazy(() => import("./features/sign_ins/SignIns"), "SignIns"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/desk/accounts",
      validateSearch: (search: Record<string, unknown>): { state?: "locked" | "restricted" | "recovery" } => {
        const state = search.state;
        return state === "locked" || state === "restricted" || state === "recovery" ? { state } : {};
      },
      component: lazy(() => import("./features/auth/restriction/Accounts"), "Accounts"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/desk/audit-log",
      validateSearch: logSearch,
      component: lazy(() => import("./features/audit/log/AuditLog"), "AuditLog"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/desk/api-security",
      component: lazy(() => import("./features/traffic/ApiSecurity"), "ApiSecurity"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/desk/policies",
      component: lazy(() => import("./features/risk/policies/Policies"), "Policies"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/desk/policies/new",
      component: lazy(() => import("./features/risk/policies/Propose"), "Propose"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/desk/policies/$id",
      component: lazy(() => import("./features/risk/policies/Proposal"), "Proposal"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/desk/admin",
      validateSearch: (
        search: Record<string, unknown>,
      ): { tab?: "people" | "webhooks" | "assets" | "server" } => {
        const tab = search.tab;
        return tab === "people" || tab === "webhooks" || tab === "assets" || tab === "server" ? { tab } : {};
      },
      component: lazy(() => import("./features/administration/Administration"), "Administration"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/desk/begin",
      component: lazy(() => import("./features/demo/FirstRun"), "FirstRun"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/desk/review",
      validateSearch: (search: Record<string, unknown>): { shown?: "decided" | "all"; user?: string } => ({
        ...(search.shown === "decided" || search.shown === "all" ? { shown: search.shown } : {}),
        ...(typeof search.user === "string" ? { user: search.user } : {}),
      }),
      component: lazy(() => import("./features/reviews/Reviews"), "Reviews"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/desk/review/$id",
      component: lazy(() => import("./features/reviews/ReviewCase"), "ReviewCase"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/desk/incidents",
      component: lazy(() => import("./features/incidents/Incidents"), "Incidents"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/desk/incidents/$id",
      component: lazy(() => import("./features/incidents/Case"), "Case"),
    }),
    createRoute({
      getParentRoute: () => inside,
      path: "/profile",
      component: lazy(() => import("./features/profile/Profile"), "Profile"),
    }),
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  defaultPreload: "intent",
  scrollRestoration: true,
  defaultErrorComponent: Broken,
  defaultNotFoundComponent: NotFound,
});

watchForEnd((next) => void router.navigate({ to: "/sign-in", search: { next, ended: true } }));

function Broken({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  return <Failed what="this page" error={error} busy={false} again={again} />;
}

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
