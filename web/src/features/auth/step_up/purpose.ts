// What a request does, in words: the dialog that asks for a proof says what the proof is for.

const PURPOSES: readonly [method: string, path: RegExp, words: string][] = [
  ["POST", /^\/api\/v1\/profile\/reveal$/, "see your identity data in full"],
  ["GET", /^\/api\/v1\/profile\/export$/, "take out all your data"],
  ["DELETE", /^\/api\/v1\/profile$/, "erase your account for good"],
  ["POST", /^\/api\/v1\/auth\/passkeys\/register\//, "add a passkey"],
  ["DELETE", /^\/api\/v1\/auth\/passkeys\//, "remove a passkey"],
  ["POST", /^\/api\/v1\/auth\/2fa\/backup-codes$/, "make new backup codes"],
  ["POST", /^\/api\/v1\/auth\/email\/change$/, "move your account to another address"],
  ["POST", /^\/api\/v1\/auth\/oidc\/links\//, "add another way to sign in"],
  ["DELETE", /^\/api\/v1\/auth\/oidc\/links\//, "take away a way to sign in"],
  ["POST", /^\/api\/v1\/signing-keys/, "make a signing key"],
  ["POST", /^\/api\/v1\/api-keys/, "make an API key"],
  ["PATCH", /^\/api\/v1\/devices\//, "trust a device"],
  ["POST", /^\/api\/v1\/(orders|portfolio\/(buy|sell))$/, "place this order"],
  ["POST", /^\/api\/v1\/cash\/withdrawals/, "withdraw cash"],
];

export function purposeOf(method: string, path: string): string {
  const known = PURPOSES.find(([verb, form]) => verb === method && form.test(path));
  return known?.[2] ?? "do something that only you may do";
}
