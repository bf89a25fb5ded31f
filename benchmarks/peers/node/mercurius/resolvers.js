import { decode, encode } from './cursors.js';
import * as statements from './statements.js';

function page(organizations) {
  const last = organizations.at(-1);
  return { nodes: organizations, pageInfo: { endCursor: last ? encode(last.name, last.id) : null } };
}

function listed({ filter, first, after }) {
  if (filter?.text) return statements.organizationsByText(filter.text, first);
  return after
    ? statements.organizationsByNameAfter(first, ...decode(after))
    : statements.organizationsByName(first);
}

export const resolvers = {
  Query: {
    organization: async (_, { by }) => (await statements.organizationByCode(by.code))[0],

    organizations: async (_, args) => page(await listed(args)),

    async organizationsOnMap(_, { within: { west, south, east, north }, limit }) {
      const organizations = await statements.organizationsInBox(west, south, east, north, limit);
      return { organizations, leftOut: Math.max((organizations[0]?.found ?? 0) - limit, 0) };
    },

    async ranking(_, { among: { spheres, areas }, first }) {
      const rows = await statements.rankedOrganizations(spheres, areas, first);
      return { nodes: rows.map((row) => ({ organization: row, rank: row })) };
    },
  },

  Organization: {
    location: ({ latitude, longitude }) => (latitude === null ? null : { latitude, longitude }),
  },
};
