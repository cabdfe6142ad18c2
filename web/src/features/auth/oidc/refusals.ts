// Why a sign-in at a provider came to nothing. Only the code stands in the address; the words are ours.

import { Problem } from "../../../api/problem";

const WORDS: Record<string, string> = {
  "oidc.cancelled": "You said no at the provider, so nothing happened.",
  "oidc.state_invalid": "That sign-in began in another browser, has expired or was finished. Begin again.",
  "oidc.not_linked":
    "No account here is linked to that one. Sign in with your password and link it on your security page.",
  "oidc.not_verified": "What the provider said could not be verified. Begin again.",
  "oidc.provider_unavailable":
    "The provider does not answer as it should. Try again later, or sign in another way.",
  "oidc.unknown_provider": "Nobody signs in here with that provider\u2019s accounts.",
  "oidc.linked_elsewhere": "That account signs somebody else in here.",
  "oidc.already_linked": "An account of that provider is linked already. Take that link away first.",
  "rate_limit.exceeded": "That was tried too often. Wait a minute and begin again.",
  "session.ended": "You were signed out meanwhile. Sign in and link again.",
  "sign_in.failed": "This account cannot be signed in to now.",
};

const UNKNOWN = "That did not work. Try again, or sign in another way.";

/** What an address's `error` says; nothing when there is none. */
export function whyNot(code: string | undefined): Problem | null {
  if (code === undefined) return null;
  return new Problem(0, code, (Object.hasOwn(WORDS, code) ? WORDS[code] : undefined) ?? UNKNOWN);
}

const NAMES: Record<string, string> = { github: "GitHub", gitlab: "GitLab", linkedin: "LinkedIn" };

/** A provider as people write it. */
export function nameOf(provider: string): string {
  return NAMES[provider] ?? provider.charAt(0).toUpperCase() + provider.slice(1).replaceAll("-", " ");
}
