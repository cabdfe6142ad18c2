// Signatures of financial requests: HMAC-SHA256 over METHOD, path with query, time, nonce and the body's SHA-256.
//
// The key is the session's. Its secret is imported once as a key that scripts can use but not read, and forgotten; the
// key lives in IndexedDB, so that tabs share it, until somebody signs out.

import { forgetKey, keepKey, keptKey, type StoredKey } from "./key-store";

export interface SessionKey {
  id: string;
  secret: string;
}

/** Asks the server for the session's key. */
export type AskForKey = () => Promise<SessionKey>;

const encoder = new TextEncoder();

/** Paths whose changes must be signed. */
const FINANCIAL = /^\/api\/v1\/(orders|cash|portfolio)(\/|\?|$)/;

/** Whether a request is one that the server wants signed. Looking at what an order would cost is not. */
export function mustBeSigned(method: string, path: string): boolean {
  return method !== "GET" && FINANCIAL.test(path) && !path.startsWith("/api/v1/orders/preview");
}

/** The headers that sign a request. `nonce` is a new UUID each time, `seconds` the Unix time. */
export async function signatureHeaders(
  key: StoredKey,
  request: { method: string; path: string; body: string },
  stamp: { nonce: string; seconds: number },
): Promise<Record<string, string>> {
  const { method, path, body } = request;
  const digest = hex(await crypto.subtle.digest("SHA-256", encoder.encode(body)));
  const text = [method, path, String(stamp.seconds), stamp.nonce, digest].join("\n");
  const signature = await crypto.subtle.sign("HMAC", key.key, encoder.encode(text));
  return {
    "X-Signature": hex(signature),
    "X-Timestamp": String(stamp.seconds),
    "X-Nonce": stamp.nonce,
    "X-Algorithm": "sha256",
    "X-Key-Id": key.id,
  };
}

/** The secret's characters as a key that can sign and nothing else. */
export async function importKey({ id, secret }: SessionKey): Promise<StoredKey> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
  return { id, key };
}

let asked: Promise<StoredKey> | null = null;

/** The session's key; asks the server once when there is none. */
export function sessionKey(ask: AskForKey): Promise<StoredKey> {
  asked ??= (async () => {
    const kept = await keptKey();
    if (kept) return kept;
    const key = await importKey(await ask());
    await keepKey(key);
    return key;
  })().catch((error: unknown) => {
    asked = null;
    throw error;
  });
  return asked;
}

/** Drops the key: it has ended, or its session has. */
export async function forgetSessionKey(): Promise<void> {
  asked = null;
  await forgetKey();
}

function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
