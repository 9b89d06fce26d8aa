// How @hey-api/openapi-ts makes src/generated: a function for each operation, which gives its answer or throws.
import { readFileSync, writeFileSync } from "node:fs";

const document = new URL("../../docs/openapi.json", import.meta.url);
const types = JSON.parse(readFileSync(document))["x-problems"].map((problem) => `  | "${problem.type}"`);
writeFileSync(
  new URL("src/problem-types.ts", import.meta.url),
  `/** The types of problems that the system knew when this was made. */\nexport type ProblemType =\n${types.join("\n")};\n`,
);

export default {
  input: "../../docs/openapi.json",
  output: { path: "../../clients/typescript/src/generated", importFileExtension: ".js" },
  plugins: [
    { name: "@hey-api/client-fetch", throwOnError: true },
    "@hey-api/typescript",
    { name: "@hey-api/sdk", responseStyle: "data" },
  ],
};
