/** How one signs in: as anybody where the system runs for development, or as a machine with client credentials. */
import { send, withKey } from "./sending.js";

const NOT_SIGNED_IN = 401;
// A token is renewed before it ends, since a request takes a while as well.
const EARLY_SECONDS = 60;

export type Token = { access_token: string; expires_in?: number };

/** Gets an access token. A front end gives one that asks its own library for OpenID Connect. */
export type SignIn = () => Promise<Token>;

/** Signs in as the person of a role, where the system runs for development. */
export function developmentSignIn(gateway: string, role: string): SignIn {
  const headers = { Accept: "application/json" };
  return () => granted(new Request(`${gateway}/development/sign-in/${role}`, { headers }));
}

/** Signs a machine in at the council's sign-in service (OAuth 2.0, RFC 6749, section 4.4). */
export function clientCredentials(address: string, id: string, secret: string, more: Record<string, string> = {}): SignIn {
  const headers = { Authorization: `Basic ${btoa(`${id}:${secret}`)}` };
  const body = new URLSearchParams({ grant_type: "client_credentials", ...more });
  return () => granted(new Request(address, { method: "POST", headers, body }));
}

async function granted(request: Request): Promise<Token> {
  const response = await send(request);
  if (!response.ok) {
    throw new Error(`Nobody could sign in: ${response.status} ${await response.text()}`);
  }
  return (await response.json()) as Token;
}

/** A `fetch` that sends an access token, and gets the next one when that ends or is refused. */
export function signedIn(signIn: SignIn): typeof fetch {
  let token = "";
  let goodUntil = 0;

  async function renew(): Promise<void> {
    const next = await signIn();
    token = next.access_token;
    goodUntil = Date.now() + 1000 * ((next.expires_in ?? 0) - EARLY_SECONDS);
  }

  function signed(request: Request): Request {
    const copy = request.clone();
    copy.headers.set("Authorization", `Bearer ${token}`);
    return copy;
  }

  return async (input, init) => {
    const request = withKey(new Request(input, init));
    const hadAToken = Date.now() < goodUntil;
    if (!hadAToken) {
      await renew();
    }
    const response = await send(signed(request));
    if (response.status !== NOT_SIGNED_IN || !hadAToken) {
      return response;
    }
    await renew();
    return send(signed(request));
  };
}
