// What an authenticator app shows (RFC 6238): six digits, thirty seconds, HMAC-SHA1.

import { createHmac } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export function totp(secret: string, at = Date.now()): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const digest = createHmac("sha1", base32(secret)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** The code of the next half minute: a code counts once, so who needs a second one takes that. */
export function nextTotp(secret: string): string {
  return totp(secret, Date.now() + 30_000);
}

function base32(text: string): Buffer {
  const bits = Array.from(text.replaceAll(/[\s=]/g, "").toUpperCase(), (letter) =>
    ALPHABET.indexOf(letter).toString(2).padStart(5, "0"),
  ).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
