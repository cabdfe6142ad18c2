// Buys one share with a signed request. Node 20 or newer and its own modules are enough; from 22.18 on Node runs this file
// as it is, before that it is compiled first (tsc, or any bundler).
//
//   STOCKADE_URL=http://localhost:8000 STOCKADE_API_KEY=stk_... \
//   STOCKADE_SIGNING_KEY_ID=... STOCKADE_SIGNING_SECRET=... node place_order.ts

import { createHash, createHmac, randomUUID } from "node:crypto";

interface Order {
  id: string;
  status: string;
}

/** The hex of X-Signature: HMAC-SHA256 over five lines, under the secret's characters as they stand. */
export function sign(
  secret: string,
  method: string,
  path: string,
  timestamp: string,
  nonce: string,
  body: string,
): string {
  const hash = createHash("sha256").update(body).digest("hex");
  const text = [method, path, timestamp, nonce, hash].join("\n");
  return createHmac("sha256", secret).update(text).digest("hex");
}

async function signedPost<T>(path: string, ask: unknown, idempotencyKey: string): Promise<T> {
  // The very bytes that are signed are sent: JSON rendered twice may differ.
  const body = JSON.stringify(ask);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = randomUUID();
  const answer = await fetch(setting("STOCKADE_URL") + path, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-Api-Key": setting("STOCKADE_API_KEY"),
      "X-Key-Id": setting("STOCKADE_SIGNING_KEY_ID"),
      "X-Algorithm": "sha256",
      "X-Timestamp": timestamp,
      "X-Nonce": nonce,
      "X-Signature": sign(setting("STOCKADE_SIGNING_SECRET"), "POST", path, timestamp, nonce, body),
      "Idempotency-Key": idempotencyKey,
    },
    body,
  });
  if (!answer.ok) {
    throw new Error(`${answer.status}: ${await answer.text()}`);
  }
  return (await answer.json()) as T;
}

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(`${name} is not set`);
  }
  return value;
}

const order = { symbol: "KO", side: "buy", qty: "1", type: "market", time_in_force: "day" };
// Kept until the answer is there: sent again with the same key, after a broken connection, it is still one order.
const placed = await signedPost<Order>("/api/v1/orders", order, randomUUID());
console.log(placed.id, placed.status);
