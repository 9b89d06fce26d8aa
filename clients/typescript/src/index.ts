/** Ask the API of the Independent Chairs service: sign in, ask, read page after page, and catch problems by type. */
export * from "./generated/index.js";
export type { Client } from "./generated/client/index.js";
export { connect } from "./connection.js";
export { every } from "./pages.js";
export { ifMatch } from "./versions.js";
export { ProblemError } from "./problem.js";
export type { ProblemType } from "./problem-types.js";
export { clientCredentials, developmentSignIn, type SignIn, type Token } from "./sign-in.js";
