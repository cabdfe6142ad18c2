// Signed requests of somebody's own program, for what the pages do not do.

import { createHash, createHmac, randomUUID } from "node:crypto";
import { type APIRequestContext, expect } from "@playwright/test";
import { PASSWORD } from "./people";

export interface Program {
  /** Sends a signed request; answers what came back. */
  send: (method: "POST" | "DELETE", path: string, body?: unknown) => Promise<Record<string, unknown>>;
}

/** Signs in as somebody without a browser. */
export async function programOf(
  request: APIRequestContext,
  address: string,
  password = PASSWORD,
): Promise<Program> {
  const told = await request.post("/api/v1/auth/login", { data: { email: address, password } });
  expect(told.status(), await told.text()).toBe(200);
  const { access_token } = (await told.json()) as { access_token: string };
  const authorization = `Bearer ${access_token}`;
  const made = await request.post("/api/v1/auth/session-key", { headers: { authorization } });
  const { id, secret } = (await made.json()) as { id: string; secret: string };
  const send: Program["send"] = async (method, path, body) => {
    const text = body === undefined ? "" : JSON.stringify(body);
    const [seconds, nonce] = [String(Math.floor(Date.now() / 1000)), randomUUID()];
    const digest = createHash("sha256").update(text).digest("hex");
    const signed = [method, path, seconds, nonce, digest].join("\n");
    const answer = await request.fetch(path, {
      method,
      ...(text === "" ? {} : { data: text }),
      headers: {
        authorization,
        "content-type": "application/json",
        "idempotency-key": nonce,
        "x-key-id": id,
        "x-timestamp": seconds,
        "x-nonce": nonce,
        "x-algorithm": "sha256",
        "x-signature": createHmac("sha256", secret).update(signed).digest("hex"),
      },
    });
    expect(answer.ok(), `${method} ${path}: ${await answer.text()}`).toBe(true);
    return (await answer.json()) as Record<string, unknown>;
  };
  return { send };
}
