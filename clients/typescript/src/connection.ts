/** A client of the gateway that signs in by itself, tries again, and throws problems as errors. */
import { type Client, createClient } from "./generated/client/index.js";
import { asError } from "./problem.js";
import { type SignIn, signedIn } from "./sign-in.js";

/** The client that every operation takes: `listReviews({ client })`. */
export function connect(gateway: string, signIn: SignIn): Client {
  const client = createClient({ baseUrl: gateway, fetch: signedIn(signIn), throwOnError: true });
  client.interceptors.error.use(asError);
  return client;
}
