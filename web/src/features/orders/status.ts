// Where an order stands, in words.

interface Status {
  label: string;
  /** What that means, and what happens next. */
  means: string;
  color: string;
}

const STATUSES: Record<string, Status> = {
  pending_review: {
    label: "Held for review",
    means: "A person looks at it before it goes to the market. You need not do anything, and may cancel it.",
    color: "yellow",
  },
  accepted: { label: "Open", means: "It waits for its price. You may change or cancel it.", color: "brand" },
  partially_filled: {
    label: "Partly filled",
    means: "The rest waits for its price. You may change or cancel it.",
    color: "brand",
  },
  filled: { label: "Filled", means: "It is done.", color: "teal" },
  canceled: { label: "Canceled", means: "What it held was given back.", color: "gray" },
  expired: { label: "Expired", means: "Its time ran out; what it held was given back.", color: "gray" },
  replaced: { label: "Replaced", means: "Another order took its place.", color: "gray" },
  rejected: { label: "Rejected", means: "Nothing was bought or sold.", color: "red" },
};

export function statusOf(status: string): Status {
  return STATUSES[status] ?? { label: status, means: "", color: "gray" };
}

/** "It is unlike you: an amount over 2 times what is usual; more than 5 within an hour." */
export function reasonsInWords(reasons: readonly string[]): string {
  return reasons.length === 0
    ? "It is unlike what you usually do."
    : `It is unlike you: ${reasons.join("; ").replaceAll("for this person", "for you")}.`;
}

/** Whether it is at the market, and so may be replaced. */
export function isAtMarket(status: string): boolean {
  return status === "accepted" || status === "partially_filled";
}

/** Whether it may still be filled, and so be canceled. */
export function isOpen(status: string): boolean {
  return isAtMarket(status) || status === "pending_review";
}
