"use strict";

// Every example opens as a tab. The headers are kept in memory only: a token is not to outlive the page.
const examples = JSON.parse(document.getElementById("examples").textContent);
const headers = JSON.stringify({ "Accept-Language": "en" }, null, 2);

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: "/graphql" }),
    defaultTabs: examples.map((query) => ({ query, headers })),
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
  }),
);
