// The rules of the risk policy and what follows from them, in words. The policy is data: a rule that is not known here is
// shown under its own name.

const RULES: Record<string, string> = {
  unusual_hour: "Unusual hour",
  new_location: "New place",
  impossible_travel: "Impossible travel",
  failures: "Failures before",
  unknown_device: "Unknown device",
  changed_device: "Changed device",
  impossible_device_change: "Copied device",
  listed_address: "Listed address",
  watched: "Watched",
  improbable_features: "Unlike this person",
  unusual_amount: "Unusual amount",
  velocity: "Many in an hour",
  unusual_category: "Unusual kind",
  structuring: "Just under a limit",
  after_credential_change: "After a change of credentials",
  session_risk: "Risky sign-in behind it",
  listed_payee: "Listed payee",
  watched_payee: "Watched payee",
};

export function ruleName(code: string): string {
  return RULES[code] ?? capital(code.replaceAll("_", " "));
}

const ACTIONS: Record<string, string> = {
  allow: "Allowed",
  flag: "Shown as high risk",
  second_factor: "Second factor asked",
  confirm_by_mail: "Second factor and mail asked",
  hold: "Held for review",
  refuse: "Refused",
};

/** What followed by the policy. */
export function actionName(action: string): string {
  return ACTIONS[action] ?? capital(action.replaceAll("_", " "));
}

interface Fate {
  label: string;
  color: string;
}

const FATES: Record<string, Fate> = {
  done: { label: "Allowed", color: "gray" },
  challenged: { label: "Step-up", color: "yellow" },
  held: { label: "Held", color: "yellow" },
  refused: { label: "Blocked", color: "red" },
};

/** How it ended. */
export function fateOf(fate: string): Fate {
  return FATES[fate] ?? { label: capital(fate), color: "gray" };
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
