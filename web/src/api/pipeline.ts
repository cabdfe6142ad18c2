// The way of a request: CSRF token, signature, and what a browser session does by itself when it is refused: a new access
// token, a new CSRF token, a new signing key, a step-up. Each is tried once; then the refusal stands.

import { newId } from "./ids";
import { Problem, problemOf } from "./problem";
import { forgetSessionKey, mustBeSigned, type SessionKey, sessionKey, signatureHeaders } from "./signing";
import { proofFor } from "./step-up";

/** A request as it is sent, possibly more than once. */
interface Sending {
  url: URL;
  method: string;
  headers: Headers;
  body: string;
  signal: AbortSignal;
}

type Send = (input: string, init: RequestInit) => Promise<Response>;

/** Requests that need no session, so that a 401 means what it says. */
const WITHOUT_SESSION =
  /^\/api\/v1\/(setup|auth\/(login|register|refresh|email\/(verify|resend|change\/confirm)|password\/(forgot|reset|strength)|not-me|sign-ins\/confirm|passkeys\/(login|2fa)|2fa\/backup-code))(?=[/?]|$)/;

const CSRF_COOKIE = /(?:^|;\s*)(?:__Host-)?stockade-csrf=([^;]+)/;

/** The clock and chance that signatures need, and the real `fetch`; tests bring their own. */
export interface World {
  send: Send;
  seconds: () => number;
  nonce: () => string;
  /** `document.cookie`: the CSRF token is the one cookie of ours that scripts may read. */
  cookies: () => string;
}

const BROWSER: World = {
  send: (input, init) => fetch(input, init),
  seconds: () => Math.floor(Date.now() / 1000),
  nonce: newId,
  cookies: () => document.cookie,
};

/** Called when the session has ended for good. */
let onSignedOut: () => void = () => {};

export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

export class Pipeline {
  private csrfIsStale = false;
  private refreshing: Promise<boolean> | null = null;

  constructor(private readonly world: World = BROWSER) {}

  /** Sends a request; throws a [`Problem`] unless it succeeds. */
  readonly fetch = async (request: Request): Promise<Response> => {
    const sending: Sending = {
      url: new URL(request.url),
      method: request.method,
      headers: new Headers(request.headers),
      body: request.method === "GET" ? "" : await request.text(),
      signal: request.signal,
    };
    const tried = new Set<string>();
    for (;;) {
      const response = await this.once(sending);
      if (response.ok) return response;
      const problem = await problemOf(response);
      const mended = await this.mend(sending, problem, tried);
      if (!mended) throw problem;
    }
  };

  /** Forgets what belongs to a session: it begins, or has ended. */
  async startOver(): Promise<void> {
    this.csrfIsStale = false;
    await forgetSessionKey();
  }

  private async once(sending: Sending): Promise<Response> {
    const { url, method, body, signal } = sending;
    const path = url.pathname + url.search;
    const headers = new Headers(sending.headers);
    const token = method === "GET" ? undefined : await this.csrfTokenFor(path);
    if (token !== undefined) headers.set("X-CSRF-Token", token);
    if (mustBeSigned(method, path)) {
      const stamp = { nonce: this.world.nonce(), seconds: this.world.seconds() };
      const key = await sessionKey(() => this.askForKey());
      const signed = await signatureHeaders(key, { method, path, body }, stamp);
      for (const [name, value] of Object.entries(signed)) headers.set(name, value);
    }
    const init: RequestInit = { method, headers, signal, credentials: "same-origin" };
    if (body !== "") init.body = body;
    try {
      return await this.world.send(path, init);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new Problem(0, "network", "the server cannot be reached");
    }
  }

  /** Whether it is worth sending the request again. */
  private async mend(sending: Sending, problem: Problem, tried: Set<string>): Promise<boolean> {
    const first = (what: string) => !tried.has(what) && tried.add(what) !== undefined;
    const path = sending.url.pathname;
    if (problem.code.startsWith("csrf.") && first("csrf")) {
      this.csrfIsStale = true;
      return true;
    }
    if (problem.code === "signature.unknown_key" && first("key")) {
      await forgetSessionKey();
      return true;
    }
    if (problem.code === "step_up.required" && first("step-up")) {
      const proof = await proofFor(problem, { method: sending.method, path });
      if (proof !== null) sending.headers.set("X-Step-Up", proof);
      return proof !== null;
    }
    const unknown = problem.status === 401 && problem.code.startsWith("token.");
    if (unknown && !WITHOUT_SESSION.test(path)) {
      if (first("refresh") && (await this.refresh())) return true;
      onSignedOut();
    }
    return false;
  }

  /** Turns the refresh cookie in; whoever asks meanwhile waits for the same answer. */
  private refresh(): Promise<boolean> {
    this.refreshing ??= this.post("/api/v1/auth/refresh?session=cookie", {})
      .then((response) => response.ok)
      .catch(() => false)
      .finally(() => {
        this.refreshing = null;
      });
    return this.refreshing;
  }

  private async askForKey(): Promise<SessionKey> {
    const headers = { "X-CSRF-Token": await this.csrfToken() };
    const response = await this.post("/api/v1/auth/session-key", headers);
    if (!response.ok) throw await problemOf(response);
    return (await response.json()) as SessionKey;
  }

  /** The token in the cookie; the server sets a new one when there is none, and a session to have one of. */
  private async csrfTokenFor(path: string): Promise<string | undefined> {
    const kept = CSRF_COOKIE.exec(this.world.cookies())?.[1];
    return WITHOUT_SESSION.test(path) && !this.csrfIsStale ? kept : this.csrfToken();
  }

  private async csrfToken(): Promise<string> {
    const kept = CSRF_COOKIE.exec(this.world.cookies())?.[1];
    if (kept !== undefined && !this.csrfIsStale) return kept;
    let response = await this.askForCsrf();
    if (response.status === 401 && (await this.refresh())) response = await this.askForCsrf();
    if (!response.ok) throw await problemOf(response);
    this.csrfIsStale = false;
    return ((await response.json()) as { token: string }).token;
  }

  private askForCsrf(): Promise<Response> {
    return this.world.send("/api/v1/auth/csrf", { credentials: "same-origin" });
  }

  private post(path: string, headers: Record<string, string>): Promise<Response> {
    return this.world.send(path, { method: "POST", headers, credentials: "same-origin" });
  }
}
