import * as statements from './statements.js';

const loader = (load) => ({ loader: load, opts: { cache: false } });

/** The rows of each owner, in the owners' order. */
function grouped(owners, rows) {
  const groups = new Map(owners.map((owner) => [String(owner), []]));
  for (const row of rows) groups.get(String(row.owner)).push(row);
  return owners.map((owner) => groups.get(String(owner)));
}

/** Queries that share their arguments go to PostgreSQL together; answers keep the queries' order. */
async function together(queries, load) {
  const batches = Map.groupBy(queries.keys(), (place) => JSON.stringify(queries[place].params));
  const answers = new Array(queries.length);
  await Promise.all(
    [...batches.values()].map(async (places) => {
      const owners = places.map((place) => queries[place].obj);
      const found = await load(owners, queries[places[0]].params);
      places.forEach((place, number) => (answers[place] = found[number]));
    }),
  );
  return answers;
}

async function area(queries) {
  const ids = [...new Set(queries.map(({ obj }) => obj.areaId))];
  const byId = new Map((await statements.areas(ids)).map((row) => [row.id, row]));
  return queries.map(({ obj }) => byId.get(obj.areaId) ?? null);
}

async function spheres(queries) {
  const ids = queries.map(({ obj }) => obj.id);
  return grouped(ids, await statements.spheres(ids));
}

async function ratingsOf(ids, pool) {
  const byOwner = new Map((await statements.ratings(ids, pool)).map((row) => [row.organizationId, row]));
  return ids.map((id) => byOwner.get(Number(id)));
}

const rating = (queries) =>
  together(queries, (organizations, { scope, hierarchy }) =>
    ratingsOf(organizations.map(({ id }) => id), scope === 'OWN' ? 'OWN' : hierarchy),
  );

const children = (queries) =>
  together(queries, async (organizations, { hierarchy, first }) => {
    const ids = organizations.map(({ id }) => id);
    const groups = grouped(ids, await statements.children(ids, hierarchy, first));
    return groups.map((nodes) => ({ nodes, pageInfo: {} }));
  });

async function byCriterion(queries) {
  const ids = queries.map(({ obj }) => obj.organizationId);
  const rows = await statements.criterionRatings(ids, queries[0].obj.pool);
  return grouped(ids, rows.map((row) => ({ ...row, criterion: row })));
}

export const loaders = {
  Organization: { area: loader(area), spheres: loader(spheres), rating: loader(rating), children: loader(children) },
  RankingEntry: {
    rating: loader((queries) => ratingsOf(queries.map(({ obj }) => obj.organization.id), 'OWN')),
  },
  Rating: { byCriterion: loader(byCriterion) },
};
