// Subscribes as a front end would, and prints what it is told, a line of JSON for each answer.
//
// node hear.js <client> <address> <number of answers> <operation> <variables>
import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { createClient as overSse } from "graphql-sse";
import { createClient as overSockets } from "graphql-ws";
import WebSocket from "ws";

const [client, address, wanted, query, variables] = process.argv.slice(2);
const asked = { query, variables: JSON.parse(variables) };
const sockets = () => overSockets({ url: address.replace(/^http/, "ws"), webSocketImpl: WebSocket, lazy: true });

const ways = {
  "graphql-ws": (next) => sockets().subscribe(asked, { next, error: fail, complete: () => {} }),
  "graphql-sse": (next) => overSse({ url: address }).subscribe(asked, { next, error: fail, complete: () => {} }),
  apollo: (next) => {
    const link = query.startsWith("subscription") ? new GraphQLWsLink(sockets()) : new HttpLink({ uri: address });
    const apollo = new ApolloClient({ link, cache: new InMemoryCache() });
    if (link instanceof HttpLink) apollo.query({ query: gql(query), variables: asked.variables }).then(next, fail);
    else apollo.subscribe({ query: gql(query), variables: asked.variables }).subscribe({ next, error: fail });
  },
  urql: (next) => {
    const socket = sockets();
    const forwardSubscription = ({ query, variables }) => ({
      subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
    });
    const urql = new Client({
      url: address,
      preferGetMethod: false,
      exchanges: [fetchExchange, subscriptionExchange({ forwardSubscription })],
    });
    if (query.startsWith("subscription")) urql.subscription(query, asked.variables).subscribe(next);
    else urql.query(query, asked.variables).toPromise().then(next, fail);
  },
};

let told = 0;
ways[client]((answer) => {
  if (answer.error) fail(answer.error);
  console.log(JSON.stringify(answer.data));
  if (++told === Number(wanted)) process.exit(0);
});

function fail(error) {
  console.error(error);
  process.exit(1);
}
