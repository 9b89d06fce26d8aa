/** A problem as an error. */
import type { Problem } from "./generated/index.js";
import type { ProblemType } from "./problem-types.js";

/** The system did not do what it was asked (RFC 9457); `problem` says why, and which fields were at fault. */
export class ProblemError extends Error {
  override name = "ProblemError";

  constructor(readonly problem: Problem) {
    const fields = (problem.errors ?? []).map((error) => `${error.field}: ${error.message}`);
    super([problem.title, problem.detail, ...fields].filter(Boolean).join("\n"));
  }

  /** Whether it is a problem of this type. */
  is(type: ProblemType): boolean {
    return this.problem.type === type;
  }
}

/** What an operation throws: a `ProblemError`, or whatever kept the answer from coming. */
export function asError(error: unknown): unknown {
  return error !== null && typeof error === "object" && "type" in error && "title" in error
    ? new ProblemError(error as Problem)
    : error;
}
