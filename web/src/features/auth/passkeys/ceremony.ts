// The browser's part of a passkey: it asks the device, and what the device answers goes to the server.

import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from "@simplewebauthn/browser";
import { Problem } from "../../../api/problem";

/** A credential as the API takes it; its description says no more than "an object". */
export type Credential = Record<string, never>;

export const passkeysWork = browserSupportsWebAuthn;

/** Lets the device sign with a passkey (WebAuthn Level 3 §5.1.4). */
export async function sign(options: unknown): Promise<Credential> {
  const optionsJSON = options as PublicKeyCredentialRequestOptionsJSON;
  return asked(() => startAuthentication({ optionsJSON }));
}

/** Lets the device make a passkey (WebAuthn Level 3 §5.1.3). */
export async function make(options: unknown): Promise<Credential> {
  const optionsJSON = options as PublicKeyCredentialCreationOptionsJSON;
  return asked(() => startRegistration({ optionsJSON }));
}

async function asked(ask: () => Promise<unknown>): Promise<Credential> {
  try {
    return (await ask()) as Credential;
  } catch (error) {
    throw refusal(error);
  }
}

/** A person who says no, or waits too long, looks alike to a page: the browser does not tell which. */
export function refusal(error: unknown): Problem {
  const name = error instanceof Error ? error.name : "";
  if (name === "InvalidStateError")
    return new Problem(0, "passkey.known", "this device already has a passkey of this account");
  if (name === "NotAllowedError" || name === "AbortError")
    return new Problem(0, "passkey.not_used", "no passkey was used; try again, or use another way");
  return new Problem(0, "passkey.failed", "the browser could not use a passkey here");
}
