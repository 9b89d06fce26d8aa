/** The life of a child, a review, a conference and an escalation, in two chapters: the second begins in July. */
import {
  agreeToDecision,
  answerEscalations,
  closeConference,
  connect,
  decideProposals,
  developmentSignIn,
  every,
  getConference,
  getEscalation,
  getProtection,
  holdConference,
  holdReview,
  ifMatch,
  type InviteToConferenceIn,
  inviteToConference,
  listEscalations,
  listMessages,
  listMissingReports,
  planConference,
  planReview,
  ProblemError,
  putCare,
  putChild,
  putSection47Enquiry,
  recordDecisions,
  resolveEscalation,
} from "../src/index.js";
import { expectEqual, onceKnown, until } from "./expectations.js";

const child = "P700002";
const today = "2020-06-10";

const professionals: InviteToConferenceIn[] = [
  professional("childrens-social-care", "social-worker", "Wren Ravensby", false),
  professional("community-health", "health-visitor", "Orla Dunmarsh", false),
  professional("education", "safeguarding-lead", "Nye Coldstone", false),
  professional("housing", "housing-officer", "Kerr Fallowby", true),
];

function professional(agency_id: string, agency_role: string, name: string, report_expected: boolean): InviteToConferenceIn {
  return { invited_as: "professional", agency_id, agency_role, name, report_expected };
}

/** Wednesday 10 June 2020: the child's review and conference are planned and held, and one report is missing. */
export async function meetings(gateway: string): Promise<string> {
  const chair = connect(gateway, developmentSignIn(gateway, "chair"));
  const support = connect(gateway, developmentSignIn(gateway, "business_support"));
  const manager = connect(gateway, developmentSignIn(gateway, "social_work_manager"));

  // The case-management system registers a child, who came into care last week.
  const path = { person_id: child };
  const identity = { given_name: "Plantedgiven", family_name: "Plantedfamily", born_on: "2012-02-03", area_id: "north" };
  await onceKnown(() => putChild({ client: support, path, body: { ...identity, manager_id: "swm-1" } }));
  const episodes = [{ starts_on: "2020-06-03", legal_status: "V2" as const, placement: "U3" }];
  const care = { periods_of_care: [{ starts_on: "2020-06-03", episodes }] };
  await onceKnown(() => putCare({ client: support, path, body: care }));

  // Sent again on a version that is not the present one, it is refused.
  const stale = await putCare({ client: support, path, body: { periods_of_care: [] }, headers: { "If-Match": '"9"' } })
    .then(() => "taken", (error) => error instanceof ProblemError && error.is("/problems/version-stale"));
  expectEqual("a change of an old version is refused", stale, true);

  // The first review is planned and held, its decisions are recorded, and the manager agrees.
  const planned = { person_ids: [child], planned_on: today, chair_id: "chair-01" };
  const review = await onceKnown(() => planReview({ client: support, body: planned }));
  const held = await holdReview({
    client: chair,
    path: { reference: review.reference },
    headers: ifMatch(review),
    body: { held_on: today, children: [{ person_id: child, participation: "PN1", attended: true, seen_alone: true }] },
  });
  const [decision] = await recordDecisions({
    client: chair,
    path: { reference: review.reference, person_id: child },
    headers: ifMatch(held),
    body: { decisions: [{ decision: "She sees her grandmother each week.", owner: "The social worker" }] },
  });
  const agreed = await agreeToDecision({
    client: manager,
    path: { decision_id: decision!.id },
    headers: ifMatch(decision!),
  });
  expectEqual("the manager agreed", agreed.responded_on, today);

  // An enquiry began last week. It leads to a conference, to which two professionals are invited.
  const enquiry = { person_id: child, started_on: "2020-06-03", strategy_discussion_on: "2020-06-03" };
  await putSection47Enquiry({ client: support, path: { request_id: "E2" }, body: enquiry });
  const conference = await onceKnown(() => planConference({ client: support, body: planned }));
  const reference = conference.reference;
  const invitations = await inviteToConference({
    client: support,
    path: { reference },
    headers: ifMatch(conference),
    body: { invitations: professionals },
  });

  // It is held without the housing officer, whose report is missing, and a plan is made.
  const missing = await listMissingReports({ client: chair });
  expectEqual("one report is missing", missing.items.map((row) => row.agency_role), ["housing-officer"]);
  await holdConference({
    client: chair,
    path: { reference },
    headers: ifMatch(await getConference({ client: chair, path: { reference } })),
    body: {
      held_on: today,
      children: [{ person_id: child, participation: "PN6", outcome: "plan_made", category: "NEG" }],
      attendance: invitations.map((invited) => ({
        invitation_id: invited.id,
        attendance: invited.agency_role === "housing-officer" ? "neither" : "attended",
      })),
    },
  });
  const protection = await getProtection({ client: chair, path });
  expectEqual("the child is on a plan", protection.plans.map((plan) => plan.starts_on), [today]);

  // It is closed; the chair confirms the escalation that this proposes, and it is raised.
  const closing = await getConference({ client: chair, path: { reference } });
  const proposals = await closeConference({ client: chair, path: { reference }, headers: ifMatch(closing) });
  const decisions = proposals.map((proposal) => ({ proposal_id: proposal.id, confirm: true }));
  await decideProposals({ client: chair, path: { reference }, body: { decisions } });
  const [raised] = await until(
    () => listEscalations({ client: chair, query: { meeting_reference: [reference] } }).then((page) => page.items),
    (found) => found.length === 1,
  );
  return raised!.reference;
}

/** Wednesday 1 July 2020: the quarter is over, so that the officer is asked; they answer, and the chair closes it. */
export async function escalation(gateway: string, reference: string): Promise<void> {
  const chair = connect(gateway, developmentSignIn(gateway, "chair"));
  const manager = connect(gateway, developmentSignIn(gateway, "team_manager"));

  // The quarterly email went out.
  const query = { schedule: ["send_quarterly_escalations"], recipient_id: ["officer-housing"] };
  await until(() => listMessages({ client: manager, query }), (page) => page.items.length === 1);

  // The officer answers by telephone, and the chair records it.
  const path = { reference };
  await answerEscalations({
    client: chair,
    body: { references: [reference], choice: "dealt_with", on_behalf_of: "officer-housing" },
  });
  const answered = await getEscalation({ client: chair, path });
  expectEqual("it is answered", answered.state, "answered");

  // The chair is content, and closes it.
  const resolution = "Reports now go to the team's own address.";
  const closed = await resolveEscalation({ client: chair, path, headers: ifMatch(answered), body: { resolution } });
  expectEqual("it is closed", closed.state, "resolved");
  for await (const open of every((cursor) => listEscalations({ client: chair, query: { cursor, state: ["open"] } }))) {
    expectEqual("nothing is left open", open.reference, undefined);
  }
}
