/** What the journey expects, and what it waits for. */
import { ProblemError } from "../src/index.js";

const PATIENCE_SECONDS = 300;
// The directory reaches the services by events.
const NOT_KNOWN_YET = ["in_directory", "colleague_role"];

/** Say what is not as it should be. */
export function expectEqual(said: string, found: unknown, wanted: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    throw new Error(`Not so: ${said}. Wanted ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}.`);
  }
}

/** The first answer that is good. */
export async function until<Answer>(ask: () => Promise<Answer>, good: (answer: Answer) => boolean): Promise<Answer> {
  for (let second = 0; second < PATIENCE_SECONDS; second++) {
    const answer = await ask();
    if (good(answer)) {
      return answer;
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error("It did not happen in time.");
}

/** The answer once everybody who is named is known to the service. */
export async function onceKnown<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const answer = await until(
    () => ask().catch((error) => (isNotKnownYet(error) ? undefined : Promise.reject(error))),
    (found) => found !== undefined,
  );
  return answer!;
}

function isNotKnownYet(error: unknown): boolean {
  const errors = (error instanceof ProblemError && error.problem.errors) || [];
  return errors.some((one) => NOT_KNOWN_YET.includes(one.rule));
}
