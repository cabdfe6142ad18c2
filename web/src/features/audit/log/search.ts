// What of the log is shown, as the address says it.

export interface LogSearch {
  /** A kind such as `order.filled`, or a family such as `order.*`. */
  kind?: string;
  /** A person's id. */
  user?: string;
  /** Days of the reader's calendar, the last one included. */
  from?: string;
  to?: string;
  request?: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function logSearch(search: Record<string, unknown>): LogSearch {
  const day = (value: unknown) =>
    typeof value === "string" && DAY.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined;
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
  const { kind, user, from, to, request } = search;
  const known = { kind: text(kind), user: text(user), from: day(from), to: day(to), request: text(request) };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}

/** The same as the server is asked: instants, the end excluded. */
export function asked({ kind, user, from, to, request }: LogSearch) {
  return {
    ...(kind ? { kind } : {}),
    ...(user ? { user } : {}),
    ...(request ? { request_id: request } : {}),
    ...(from ? { from: midnight(from, 0) } : {}),
    ...(to ? { to: midnight(to, 1) } : {}),
  };
}

function midnight(day: string, later: number): string {
  const at = new Date(`${day}T00:00:00`);
  at.setDate(at.getDate() + later);
  return at.toISOString();
}
