// Compose the supergraph of both graphs, and print it.
//
//   node compose.js [--public]
//
//   --public  only what is tagged so: a contract graph without anything that takes a role

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  applyTagFilterOnSubgraphs,
  composeServices,
  transformSupergraphToPublicSchema,
} from '@theguild/federation-composition';
import { parse, print } from 'graphql';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SUBGRAPHS = [
  { name: 'portal', file: 'schema.graphql', url: 'http://localhost:8000/graphql' },
  { name: 'one_stop_shop', file: 'federation/one_stop_shop/schema.graphql', url: 'http://localhost:8001/graphql' },
];
const isPublic = process.argv.includes('--public');

// What the one-stop shop has is all public: the tag is the portal's.
const filter = { include: new Set(['public']), exclude: new Set() };
const subgraphs = SUBGRAPHS.map(({ name, file, url }) => ({ name, url, typeDefs: parse(readFileSync(ROOT + file, 'utf8')) }));
const [portal, ...others] = subgraphs;
const chosen = isPublic ? [...applyTagFilterOnSubgraphs([portal], filter), ...others] : subgraphs;
const { errors, supergraphSdl } = composeServices(chosen);
if (errors?.length) {
  errors.forEach((each) => console.error(each.message));
  process.exit(1);
}
console.log(isPublic ? print(transformSupergraphToPublicSchema(parse(supergraphSdl))) : supergraphSdl);
