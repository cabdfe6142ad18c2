// Signatures against the vectors of the server's own tests, which come from a third implementation.

import { expect, test } from "vitest";
import { importKey, mustBeSigned, signatureHeaders } from "./signing";

const ID = "018f4e9a-7c1d-7b3e-9a55-0d5c2f1e4b6a";
const KEY = { id: ID, secret: "c2VjcmV0IG9mIHRoZSBleGFtcGxlLCAzMiBieXRlcyE" };
const STAMP = { nonce: ID, seconds: 1_780_315_200 };

test.each([
  [
    "POST",
    "/api/v1/portfolio/buy?x=1&y=%20",
    '{"symbol":"KO","qty":"2"}',
    "247f5f4a6592f4b94640baadc4c5e956cbcaf67ce9a0159412d4df20c7602ec9",
  ],
  ["DELETE", `/api/v1/orders/${ID}`, "", "e8342626f4441f4a213791d347aab73c4b97699b6480fe10c7003f708ad6807d"],
])("%s %s is signed as elsewhere", async (method, path, body, expected) => {
  const headers = await signatureHeaders(await importKey(KEY), { method, path, body }, STAMP);
  expect(headers["X-Signature"]).toBe(expected);
  expect(headers["X-Key-Id"]).toBe(ID);
  expect(headers["X-Timestamp"]).toBe("1780315200");
});

test("the secret cannot be read out of the key", async () => {
  const { key } = await importKey(KEY);
  expect(key.extractable).toBe(false);
  await expect(crypto.subtle.exportKey("raw", key)).rejects.toThrow();
});

test("only changes to money and orders are signed", () => {
  expect(mustBeSigned("POST", "/api/v1/orders")).toBe(true);
  expect(mustBeSigned("DELETE", "/api/v1/orders/1?x=2")).toBe(true);
  expect(mustBeSigned("POST", "/api/v1/cash/deposits")).toBe(true);
  expect(mustBeSigned("GET", "/api/v1/orders")).toBe(false);
  expect(mustBeSigned("POST", "/api/v1/orders/preview")).toBe(false);
  expect(mustBeSigned("POST", "/api/v1/cashless")).toBe(false);
});
