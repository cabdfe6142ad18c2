// Who is signed in, as the page knows it; how a session begins and ends here. The tokens are in cookies that no script reads.

import { redirect } from "@tanstack/react-router";
import { $api, api, pipeline, queries, type Schemas } from "../../api/client";
import { whenSignedOut } from "../../api/pipeline";
import { asProblem } from "../../api/problem";
import { homeOf } from "../../ui/home";

export type User = Schemas["UserView"];

/** Says that there may be a session, so that a stranger's first page asks the server nothing. It is no secret. */
const HINT = "stockade-session";

export const meOptions = $api.queryOptions("get", "/api/v1/auth/me", undefined, { staleTime: 60_000 });

/** Signed in; called before anything else is asked of the server. */
export async function begin(user: User): Promise<void> {
  queries.clear();
  await pipeline.startOver();
  localStorage.setItem(HINT, "1");
  queries.setQueryData(meOptions.queryKey, user);
}

/** Before leaving for a provider, which sends one back signed in, or not. */
export function expectSession(): void {
  localStorage.setItem(HINT, "1");
}

/** Signs out here, even when the server cannot be told. */
export async function end(): Promise<void> {
  try {
    await api.POST("/api/v1/auth/logout", {});
  } finally {
    await forget();
  }
}

export async function forget(): Promise<void> {
  localStorage.removeItem(HINT);
  queries.clear();
  await pipeline.startOver();
}

/** For routes of people who are signed in; others are asked to, and brought back. */
export async function requireUser(here: string): Promise<User> {
  const away = () => redirect({ to: "/sign-in", search: here === "/" ? {} : { next: here } });
  if (localStorage.getItem(HINT) === null) throw away();
  try {
    return await queries.ensureQueryData(meOptions);
  } catch (error) {
    if (asProblem(error).status !== 401) throw error;
    localStorage.removeItem(HINT);
    throw away();
  }
}

/** For the portfolio, which staff do not have: they begin at their own place. */
export async function requireAccount(): Promise<void> {
  const home = homeOf((await queries.ensureQueryData(meOptions)).role);
  if (home !== "/") throw redirect({ to: home });
}

/** The signed-in user of a screen inside the shell. */
export function useUser(): User {
  const { data } = $api.useQuery("get", "/api/v1/auth/me", undefined, { staleTime: 60_000 });
  if (!data) throw new Error("this screen is for people who are signed in");
  return data;
}

/** Whether the person works on cases of the desk, as `security/access.rs` has it; the server has the last word. */
export function useMayWork(): boolean {
  const { role } = useUser();
  return role === "analyst" || role === "admin";
}

/** When the session ends by itself, the page starts over at the sign-in and comes back afterwards. */
export function watchForEnd(go: (next: string) => void): void {
  whenSignedOut(() => {
    if (localStorage.getItem(HINT) === null) return;
    localStorage.removeItem(HINT);
    go(location.pathname + location.search);
  });
}

/** Only a path of our own is worth going to after a sign-in. */
export function safeNext(next: string | undefined): string {
  return next?.startsWith("/") && !next.startsWith("//") && !next.startsWith("/\\") ? next : "/";
}
