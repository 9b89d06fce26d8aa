// How @hey-api/openapi-ts makes schemas for Zod, by which the tests check real answers.
export default {
  input: "../../docs/openapi.json",
  output: { path: "zod", importFileExtension: ".js" },
  plugins: ["zod"],
};
