// The real program on a free port, with a data folder of its own that is gone afterwards.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export interface Server {
  /** `http://localhost:PORT`, which browsers take for a secure place. */
  url: string;
  /** The link with which the first administrator is made. */
  setupLink: string;
  /** Makes somebody of the staff, on the command line. */
  hire: (email: string, role: string, password: string) => Promise<void>;
  stop: () => Promise<void>;
}

const BINARY = process.env.STOCKADE_BIN ?? resolve(import.meta.dirname, "../../../target/debug/stockade");
const PATIENCE_MS = 30_000;

/** A certified OpenID Connect provider, which the server's stories use as well. */
const PROVIDER = resolve(import.meta.dirname, "../../../crates/server/tests/oidc-provider");

export async function startServer(): Promise<Server> {
  const port = await freePort();
  const data = mkdtempSync(join(tmpdir(), "stockade-e2e-"));
  const url = `http://localhost:${port}`;
  const callback = `${url}/api/v1/auth/oidc/acme/callback`;
  const provider = spawn("node", ["provider.mjs", callback], { cwd: PROVIDER });
  const issuer = await listen(provider).find(/http:\S+/);
  const env = {
    ...process.env,
    STOCKADE_DATA_DIR: data,
    STOCKADE_SERVER__BIND: `127.0.0.1:${port}`,
    STOCKADE_SERVER__PUBLIC_URL: url,
    // Stories sign in more often than people do.
    STOCKADE_RATE_LIMIT__SCALE: "100",
    STOCKADE_LOG__LEVEL: "error",
    STOCKADE_NEWS__FEEDS: "",
    // A provider that nobody answers for: its button is there, and leads back with a refusal.
    STOCKADE_OIDC__PROVIDERS: `github client_id=e2e,google issuer=http://127.0.0.1:9 client_id=e2e,acme issuer=${issuer} client_id=stockade`,
    STOCKADE_OIDC__CLIENT_SECRETS: "github:nobody-knows,google:nobody-knows,acme:secret of stockade",
    STOCKADE_OUTGOING__ALLOWED_NETWORKS: "127.0.0.0/8",
  };
  const child = spawn(BINARY, ["serve"], { cwd: data, env, stdio: ["ignore", "pipe", "pipe"] });
  const said = listen(child);
  await untilReady(url, child, said);
  const setupLink = await said.find(/http\S+\/setup\?token=\S+/);
  return {
    url,
    setupLink,
    hire: (email, role, password) => {
      const args = ["admin", "create", "--email", email, "--password-stdin", "--role", role];
      return run(spawn(BINARY, args, { cwd: data, env, stdio: ["pipe", "pipe", "pipe"] }), password);
    },
    stop: async () => {
      await Promise.all([ended(child), ended(provider)]);
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function listen(child: ChildProcess) {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (bytes: Buffer) => {
      text += bytes.toString();
    });
  }
  return {
    all: () => text,
    find: async (pattern: RegExp): Promise<string> => {
      const until = Date.now() + PATIENCE_MS;
      while (Date.now() < until) {
        const found = pattern.exec(text)?.[0];
        if (found) return found;
        await pause();
      }
      throw new Error(`the server did not say ${pattern}:\n${text}`);
    },
  };
}

async function untilReady(url: string, child: ChildProcess, said: { all: () => string }): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    if (child.exitCode !== null) break;
    const ready = await fetch(`${url}/health/ready`).catch(() => null);
    if (ready?.ok) return;
    await pause();
  }
  throw new Error(`the server does not serve:\n${said.all()}`);
}

/** Gives a command its line, and waits until it has done its work. */
function run(child: ChildProcess, line: string): Promise<void> {
  const said = listen(child);
  child.stdin?.end(`${line}\n`);
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("exit", (code) => (code === 0 ? done() : fail(new Error(said.all()))));
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null) return done();
    child.once("exit", () => done());
    child.kill("SIGTERM");
  });
}

export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === "object" ? done(address.port) : fail(new Error("no port")),
      );
    });
  });
}

function pause(): Promise<void> {
  return new Promise((done) => setTimeout(done, 50));
}
