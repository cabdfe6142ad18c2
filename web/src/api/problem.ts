// What went wrong, as one kind of error: the server's refusals (RFC 9457), and a server that cannot be reached.

export interface FieldError {
  field: string;
  detail: string;
}

/** A refusal with its stable code, or `network` when there was no answer. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    /** The HTTP status; 0 without an answer. */
    readonly status: number,
    readonly code: string,
    /** One sentence for a person. */
    readonly detail: string,
    readonly fields: readonly FieldError[] = [],
    readonly requestId: string | null = null,
    /** Whatever else the refusal carries, such as `operation` of a step-up. */
    readonly extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
  }

  /** What is wrong with one field of the request. */
  field(name: string): string | undefined {
    return this.fields.find((error) => error.field === name)?.detail;
  }
}

/** Reads the refusal out of an answer, whatever made it. */
export async function problemOf(response: Response): Promise<Problem> {
  const requestId = response.headers.get("x-request-id");
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  if (typeof body !== "object" || body === null || !("code" in body)) {
    const detail = `the server answered ${response.status} ${response.statusText}`.trim();
    return new Problem(response.status, "http", detail, [], requestId);
  }
  const { code, detail, errors, ...extra } = body as Record<string, unknown>;
  const fields = Array.isArray(errors) ? (errors as FieldError[]) : [];
  return new Problem(response.status, String(code), String(detail ?? ""), fields, requestId, extra);
}

/** Any thrown thing as a problem. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DOMException && error.name === "AbortError") {
    return new Problem(0, "aborted", "the request was given up");
  }
  return new Problem(0, "network", "the server cannot be reached");
}

/** A refusal's sentence as it stands on a page: with a capital and a full stop. */
export function sentence(problem: Problem): string {
  const text = problem.detail.trim();
  if (text === "") return "That did not work.";
  const capital = text[0]?.toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
