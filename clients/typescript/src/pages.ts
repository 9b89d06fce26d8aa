/** Lists are read page by page. */
type Page<Item> = { items: Item[]; next: string | null };

/** Each item of a list: `every((cursor) => listReviews({ client, query: { cursor, chair_id: ["chair-1"] } }))`. */
export async function* every<Item>(read: (cursor?: string) => Promise<Page<Item>>): AsyncGenerator<Item> {
  let page = await read();
  yield* page.items;
  while (page.next !== null) {
    page = await read(page.next);
    yield* page.items;
  }
}
