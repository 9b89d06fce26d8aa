/** Requests that got no answer, or were put off, are sent again where that can do no harm. */
const TRIES = 4;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
const NOT_NOW = new Set([429, 502, 503, 504]);
const KEY = "Idempotency-Key";
// These operations refuse a key: what they do is not one step.
const KEEPS_NO_KEY = /\/schedules\//;

/** Sends reads, and what has an idempotency key, up to four times; anything else once. */
export async function send(request: Request): Promise<Response> {
  const harmless = ["GET", "HEAD"].includes(request.method) || request.headers.has(KEY);
  for (let tried = 1; harmless && tried < TRIES; tried++) {
    const response = await fetch(request.clone()).catch(lost);
    if (response && !NOT_NOW.has(response.status)) {
      return response;
    }
    await pause(told(response) ?? FIRST_WAIT * 2 ** (tried - 1));
  }
  return fetch(request);
}

/** The request, with an idempotency key if it is a POST that may have one. */
export function withKey(request: Request): Request {
  if (request.method === "POST" && !KEEPS_NO_KEY.test(request.url) && !request.headers.has(KEY)) {
    request.headers.set(KEY, crypto.randomUUID());
  }
  return request;
}

/** Nothing, if no answer came; what the caller called off stays called off. */
function lost(error: unknown): undefined {
  if (!(error instanceof TypeError)) {
    throw error;
  }
}

/** For how many milliseconds the system asked to be left alone. */
function told(response: Response | undefined): number | undefined {
  const seconds = response?.headers.get("Retry-After") ?? "";
  return /^\d+$/.test(seconds) ? Math.min(1000 * Number(seconds), LONGEST_WAIT) : undefined;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
