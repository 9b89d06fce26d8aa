/** What is changed carries its version. */

/** The header that says on which version of a record a change was decided. */
export function ifMatch(record: { version: number }): { "If-Match": string } {
  return { "If-Match": `"${record.version}"` };
}
