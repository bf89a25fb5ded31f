// Hive Gateway over the composed supergraph: `hive-gateway supergraph`.
//
//   SUPERGRAPH         another supergraph than the composed one
//   PORT               where it listens (4000)
//   PORTAL_URL         the portal's GraphQL, instead of the address in the supergraph
//   ONE_STOP_SHOP_URL  the one-stop shop's
//   PORTAL_SUBSCRIPTIONS  "ws" for subscriptions at the portal over WebSockets; without it by server-sent events

import { defineConfig } from '@graphql-hive/gateway';

// What of a client's request the subgraphs are told: who asks, and in which language.
const FORWARDED = ['authorization', 'accept-language'];
const URLS = { portal: process.env.PORTAL_URL, one_stop_shop: process.env.ONE_STOP_SHOP_URL };

// All clients whose headers are the same share a WebSocket to the portal.
const OVER_SOCKETS = {
  subscriptions: {
    kind: 'ws',
    location: process.env.PORTAL_URL,
    headers: FORWARDED.map((each) => [each, `{context.headers['${each}']}`]),
  },
};
const OPTIONS = { portal: process.env.PORTAL_SUBSCRIPTIONS === 'ws' ? OVER_SOCKETS : {} };

export const gatewayConfig = defineConfig({
  supergraph: process.env.SUPERGRAPH || new URL('../../supergraph.graphql', import.meta.url).pathname,
  host: '127.0.0.1',
  port: Number(process.env.PORT || 4000),
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) =>
      Object.fromEntries(FORWARDED.map((each) => [each, request.headers.get(each)]).filter(([, value]) => value)),
  },
  transportEntries: Object.fromEntries(
    Object.entries(URLS)
      .filter(([, url]) => url)
      .map(([name, url]) => [name, { location: url, options: OPTIONS[name] ?? {} }]),
  ),
});
