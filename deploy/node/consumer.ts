// A front end's use of the generated types, frozen: a change that breaks this file breaks somebody's front end.
import type { components, operations, paths } from "./api.js";

type Escalation = components["schemas"]["EscalationOut"];
type Problem = components["schemas"]["Problem"];

export function line(escalation: Escalation): string {
  const owner: string = escalation.owner_id;
  const due: string = escalation.due_on;
  const theme: string = escalation.theme ?? escalation.reason ?? "";
  const children: number = escalation.person_ids.length;
  return `${escalation.reference} ${owner} ${due} ${theme} ${children}`;
}

type Listed = paths["/v1/escalations"]["get"]["responses"]["200"]["content"]["application/json"];

export function next(page: Listed): string | null {
  return page.items.length > 0 ? page.next : null;
}

export const wanted: operations["raise_escalation"]["requestBody"]["content"]["application/json"] = {
  kind: "conference_contribution",
  reason: "no_report_no_apologies",
  person_ids: ["P100001"],
  agency_id: "police",
  agency_role: "police-officer",
  area_id: "north",
};

export function explain(problem: Problem): string {
  const fields = (problem.errors ?? []).map((error) => `${error.field}: ${error.message}`);
  return [problem.title, problem.detail ?? "", ...fields].join("\n");
}

export function rate(figures: components["schemas"]["EscalationFiguresOut"]): number | null {
  const total = figures.rows.find((row) => row.key === null);
  return total?.response_rate ?? null;
}
