// Apollo's gateway with its server, over the composed supergraph.
//
//   SUPERGRAPH         another supergraph than the composed one
//   PORT               where it listens (4000)
//   PORTAL_URL         the portal's GraphQL, instead of the address in the supergraph
//   ONE_STOP_SHOP_URL  the one-stop shop's
//   PORTAL_ISSUER, PORTAL_AUDIENCE  whose access tokens are let through, and for whom they are issued
//   KEYS_PAUSE_SECONDS  for how long it does not look again for a key that is not published

import { readFileSync } from 'node:fs';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { parse, print, visit } from 'graphql';
import { verifier } from './tokens.js';

const SUPERGRAPH = process.env.SUPERGRAPH || new URL('../../supergraph.graphql', import.meta.url);
const URLS = { portal: process.env.PORTAL_URL, one_stop_shop: process.env.ONE_STOP_SHOP_URL };
// What of a client's request the subgraphs are told: who asks, and in which language.
const FORWARDED = ['authorization', 'accept-language'];
const SECURITY = ['authenticated', 'requiresScopes', 'policy'];

// This gateway refuses a supergraph with rules of security, as it enforces none. The portal enforces its own,
// whoever asks; so they are left out here.
function withoutSecurity(sdl) {
  const isSecurity = (node) => SECURITY.includes(node.name.value);
  const linksSecurity = (node) =>
    node.name.value === 'link' && SECURITY.some((each) => print(node).includes(`specs.apollo.dev/${each}/`));
  return print(
    visit(parse(sdl), {
      Directive: (node) => (isSecurity(node) || linksSecurity(node) ? null : undefined),
      DirectiveDefinition: (node) => (isSecurity(node) ? null : undefined),
    }),
  );
}

const refuseBad = verifier({
  issuer: process.env.PORTAL_ISSUER || 'http://localhost:8000',
  audience: process.env.PORTAL_AUDIENCE || 'rating-portal',
  pauseSeconds: Number(process.env.KEYS_PAUSE_SECONDS || 10),
});

class Subgraph extends RemoteGraphQLDataSource {
  willSendRequest({ request, context }) {
    for (const [name, value] of Object.entries(context.forwarded ?? {})) request.http.headers.set(name, value);
  }
}

const gateway = new ApolloGateway({
  supergraphSdl: withoutSecurity(readFileSync(SUPERGRAPH, 'utf8')),
  buildService: ({ name, url }) => new Subgraph({ url: URLS[name] || url }),
});
const server = new ApolloServer({ gateway, includeStacktraceInErrorResponses: false });
const { url } = await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: Number(process.env.PORT || 4000) },
  context: async ({ req }) => {
    await refuseBad(req.headers.authorization);
    return {
      forwarded: Object.fromEntries(FORWARDED.filter((each) => req.headers[each]).map((each) => [each, req.headers[each]])),
    };
  },
});
console.log(`Apollo's gateway listens at ${url}`);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.stop().then(() => process.exit(0)));
