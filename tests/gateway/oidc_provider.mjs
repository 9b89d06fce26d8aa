// A certified OpenID Connect server for tests that gives RFC 9068 access tokens: machines sign in with a secret, people
// on its own pages, from a front end that proves itself by PKCE. Arguments: the folder in which `oidc-provider` is
// installed, and a port. PEOPLE are the roles of each.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, port] = process.argv.slice(2);
const require = createRequire(join(folder, "package.json"));
const { default: Provider } = await import(pathToFileURL(require.resolve("oidc-provider")));

const people = JSON.parse(process.env.PEOPLE);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: "reporting",
      client_secret: process.env.CLIENT_SECRET,
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
    },
    {
      client_id: "front-end",
      application_type: "native",
      token_endpoint_auth_method: "none",
      redirect_uris: ["http://127.0.0.1/signed-in"],
      grant_types: ["authorization_code"],
      response_types: ["code"],
    },
  ],
  extraTokenClaims: (_context, token) => (token.accountId ? { roles: people[token.accountId] } : undefined),
  features: {
    devInteractions: { enabled: true },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_context, audience) => ({ audience, scope: "api", accessTokenFormat: "jwt" }),
    },
  },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
