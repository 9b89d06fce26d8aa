// The short life of a review, with each real answer checked by the schemas that hey-api makes for Zod.
import {
  connect,
  developmentSignIn,
  getCare,
  getHome,
  getReview,
  holdReview,
  ifMatch,
  listDeadlines,
  listReviews,
  planReview,
  putCare,
  putChild,
} from "../../clients/typescript/dist/src/index.js";
import * as zod from "./zod/zod.gen.js";

export async function life(gateway: string): Promise<string> {
  const chair = connect(gateway, developmentSignIn(gateway, "chair"));
  const support = connect(gateway, developmentSignIn(gateway, "business_support"));
  const path = { person_id: "P700004" };
  const starts_on = "2020-06-03";
  const episodes = [{ starts_on, legal_status: "C2" as const, placement: "U3" }];
  const child = { given_name: "Lark", family_name: "Saltmarsh", born_on: "2010-02-03", area_id: "north" };
  const care = { periods_of_care: [{ starts_on, episodes }] };
  zod.zPutChildResponse.parse(await putChild({ client: support, path, body: child }));
  zod.zPutCareResponse.parse(await putCare({ client: support, path, body: care }));
  zod.zGetCareResponse.parse(await getCare({ client: chair, path }));
  zod.zListDeadlinesResponse.parse(await listDeadlines({ client: chair, query: { person_id: [path.person_id] } }));

  const wanted = { person_ids: [path.person_id], planned_on: "2020-06-10", chair_id: "chair-01" };
  const planned = zod.zPlanReviewResponse.parse(await planReview({ client: support, body: wanted }));
  const reference = { reference: planned.reference };
  const part = { person_id: path.person_id, participation: "PN1" as const, attended: true, seen_alone: true };
  const body = { held_on: "2020-06-10", children: [part] };
  const held = await holdReview({ client: chair, path: reference, headers: ifMatch(planned), body });
  zod.zHoldReviewResponse.parse(held);
  const known = await listReviews({ client: chair, query: { person_id: [path.person_id] } });
  zod.zListReviewsResponse.parse(known);
  zod.zGetHomeResponse.parse(await getHome({ client: chair }));
  const review = zod.zGetReviewResponse.parse(await getReview({ client: chair, path: reference }));
  return `${review.state} ${known.items.length}`;
}
