// The way of a request, against a server that is written down here.

import { expect, test, vi } from "vitest";
import { Pipeline, type World } from "./pipeline";
import { Problem } from "./problem";
import { provideStepUp } from "./step-up";

type Answer = [status: number, body?: unknown];

interface Sent {
  path: string;
  method: string;
  headers: Headers;
}

function world(answers: Record<string, Answer[]>, cookies = "a=b; stockade-csrf=c5rf"): [World, Sent[]] {
  const sent: Sent[] = [];
  let nonces = 0;
  const send = async (path: string, init: RequestInit) => {
    const method = init.method ?? "GET";
    sent.push({ path, method, headers: new Headers(init.headers) });
    const [status, body] = answers[`${method} ${path}`]?.shift() ?? [
      404,
      { code: "route.unknown", detail: "nothing" },
    ];
    return new Response(status === 204 ? null : JSON.stringify(body ?? {}), { status });
  };
  return [
    { send, seconds: () => 1_780_315_200, nonce: () => `nonce-${++nonces}`, cookies: () => cookies },
    sent,
  ];
}

const ask = (method: string, path: string, body?: string) =>
  new Request(`http://localhost${path}`, { method, ...(body === undefined ? {} : { body }) });

const KEY: Answer = [201, { id: "key-1", secret: "not much of one" }];

test("an expired access token is renewed once, for all who wait", async () => {
  const expired: Answer = [401, { code: "token.expired", detail: "expired" }];
  const [there, sent] = world({
    "GET /api/v1/cash": [expired, expired, [200], [200]],
    "POST /api/v1/auth/refresh?session=cookie": [[200]],
  });
  const pipeline = new Pipeline(there);
  await Promise.all([pipeline.fetch(ask("GET", "/api/v1/cash")), pipeline.fetch(ask("GET", "/api/v1/cash"))]);
  expect(sent.filter(({ path }) => path.includes("refresh"))).toHaveLength(1);
});

test("a wrong password is a refusal and no expired session", async () => {
  const [there, sent] = world({
    "POST /api/v1/auth/login": [[401, { code: "sign_in.failed", detail: "wrong" }]],
  });
  const refused = new Pipeline(there).fetch(ask("POST", "/api/v1/auth/login", "{}"));
  await expect(refused).rejects.toMatchObject({ code: "sign_in.failed", status: 401 });
  expect(sent).toHaveLength(1);
});

test("changes carry the CSRF token, and get another when it is stale", async () => {
  const [there, sent] = world({
    "POST /api/v1/notes": [[403, { code: "csrf.invalid", detail: "stale" }], [204]],
    "GET /api/v1/auth/csrf": [[200, { token: "fresh" }]],
  });
  await new Pipeline(there).fetch(ask("POST", "/api/v1/notes", "{}"));
  expect(sent.map(({ headers }) => headers.get("x-csrf-token"))).toEqual(["c5rf", null, "fresh"]);
});

test("a step-up's proof goes out with the same request, signed anew", async () => {
  const [there, sent] = world({
    "POST /api/v1/auth/session-key": [KEY],
    "POST /api/v1/orders": [
      [403, { code: "step_up.required", detail: "confirm", operation: "order.place", methods: ["totp"] }],
      [201, { id: "1" }],
    ],
  });
  const dialog = vi.fn(async () => "the-proof");
  const away = provideStepUp(dialog);
  const pipeline = new Pipeline(there);
  await pipeline.fetch(ask("POST", "/api/v1/orders", '{"symbol":"KO"}'));
  away();
  expect(dialog).toHaveBeenCalledWith({
    operation: "order.place",
    methods: ["totp"],
    method: "POST",
    path: "/api/v1/orders",
  });
  const [first, second] = sent.filter(({ path }) => path === "/api/v1/orders");
  expect(first?.headers.get("x-step-up")).toBeNull();
  expect(second?.headers.get("x-step-up")).toBe("the-proof");
  expect(first?.headers.get("x-nonce")).not.toBe(second?.headers.get("x-nonce"));
  await pipeline.startOver();
});

test("thinking better of a step-up leaves the refusal", async () => {
  const [there] = world({
    "POST /api/v1/notes": [
      [403, { code: "step_up.required", detail: "confirm", operation: "x", methods: [] }],
    ],
  });
  const away = provideStepUp(async () => null);
  await expect(new Pipeline(there).fetch(ask("POST", "/api/v1/notes", "{}"))).rejects.toBeInstanceOf(Problem);
  away();
});

test("a key that ended is replaced", async () => {
  const [there, sent] = world({
    "POST /api/v1/auth/session-key": [KEY, [201, { id: "key-2", secret: "another" }]],
    "POST /api/v1/orders": [
      [401, { code: "signature.unknown_key", detail: "ended" }],
      [201, { id: "1" }],
    ],
  });
  const pipeline = new Pipeline(there);
  await pipeline.fetch(ask("POST", "/api/v1/orders", "{}"));
  const keys = sent
    .filter(({ path }) => path === "/api/v1/orders")
    .map(({ headers }) => headers.get("x-key-id"));
  expect(keys).toEqual(["key-1", "key-2"]);
  await pipeline.startOver();
});

test("a server that cannot be reached is one kind of problem", async () => {
  const [there] = world({});
  const broken = { ...there, send: () => Promise.reject(new TypeError("failed to fetch")) };
  await expect(new Pipeline(broken).fetch(ask("GET", "/api/v1/cash"))).rejects.toMatchObject({
    code: "network",
    status: 0,
  });
});

test("a stranger's request asks for no session's token", async () => {
  const [there, sent] = world(
    {
      "POST /api/v1/auth/email/resend": [[202]],
      "POST /api/v1/setup": [[201]],
      "POST /api/v1/auth/2fa/backup-code?session=cookie": [[200]],
    },
    "",
  );
  const pipeline = new Pipeline(there);
  await pipeline.fetch(ask("POST", "/api/v1/auth/email/resend", "{}"));
  await pipeline.fetch(ask("POST", "/api/v1/setup", "{}"));
  await pipeline.fetch(ask("POST", "/api/v1/auth/2fa/backup-code?session=cookie", "{}"));
  expect(sent).toHaveLength(3);
});

test("the codes of a signed-in person need their session's token", async () => {
  const [there, sent] = world({ "POST /api/v1/auth/2fa/backup-codes": [[200]] });
  await new Pipeline(there).fetch(ask("POST", "/api/v1/auth/2fa/backup-codes", "{}"));
  expect(sent[0]?.headers.get("x-csrf-token")).toBe("c5rf");
});

test("two requests that need a proof ask one after the other, and say what for", async () => {
  const required: Answer = [
    403,
    { code: "step_up.required", detail: "confirm", operation: "x", methods: [] },
  ];
  const [there] = world({
    "POST /api/v1/profile/reveal": [required, [200]],
    "GET /api/v1/profile/export": [required, [200]],
  });
  const asked: string[] = [];
  let open = 0;
  const remove = provideStepUp(async ({ method, path }) => {
    open += 1;
    expect(open).toBe(1);
    asked.push(`${method} ${path}`);
    await Promise.resolve();
    open -= 1;
    return "proof";
  });
  const pipeline = new Pipeline(there);
  await Promise.all([
    pipeline.fetch(ask("POST", "/api/v1/profile/reveal", "{}")),
    pipeline.fetch(ask("GET", "/api/v1/profile/export")),
  ]);
  remove();
  expect(asked.sort()).toEqual(["GET /api/v1/profile/export", "POST /api/v1/profile/reveal"]);
});
