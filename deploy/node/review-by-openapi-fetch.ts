// The short life of a review, by openapi-fetch on the types of openapi-typescript.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

type Problem = components["schemas"]["Problem"];

export async function life(gateway: string): Promise<string> {
  const chair = await signedIn(gateway, "chair");
  const support = await signedIn(gateway, "business_support");
  const path = { person_id: "P700003" };
  const starts_on = "2020-06-03";
  const episodes = [{ starts_on, legal_status: "C2" as const, placement: "U3" }];

  answer(
    await support.PUT("/v1/children/{person_id}", {
      params: { path },
      body: { given_name: "Ember", family_name: "Saltmarsh", born_on: "2010-02-03", area_id: "north" },
    }),
  );
  answer(
    await support.PUT("/v1/children/{person_id}/care", {
      params: { path },
      body: { periods_of_care: [{ starts_on, episodes }] },
    }),
  );
  const body = { person_ids: [path.person_id], planned_on: "2020-06-10", chair_id: "chair-01" };
  const planned = answer(await support.POST("/v1/reviews", { body }));
  const held = answer(
    await chair.POST("/v1/reviews/{reference}/hold", {
      params: { path: { reference: planned.reference }, header: { "If-Match": `"${planned.version}"` } },
      body: {
        held_on: "2020-06-10",
        children: [{ person_id: path.person_id, participation: "PN1", attended: true, seen_alone: true }],
      },
    }),
  );
  const known = answer(await chair.GET("/v1/reviews", { params: { query: { person_id: [path.person_id] } } }));
  return `${held.state} ${known.items.length}`;
}

async function signedIn(baseUrl: string, role: string) {
  const headers = { Accept: "application/json" };
  const granted = await fetch(`${baseUrl}/development/sign-in/${role}`, { headers });
  const { access_token } = (await granted.json()) as { access_token: string };
  // Lists are tables as well, for whom asks for them.
  type Answers = "application/json" | "application/problem+json";
  return createClient<paths, Answers>({ baseUrl, headers: { Authorization: `Bearer ${access_token}` } });
}

function answer<Data>(given: { data?: Data; error?: Problem }): Data {
  if (given.data === undefined) {
    throw new Error(JSON.stringify(given.error));
  }
  return given.data;
}
