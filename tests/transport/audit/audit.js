// Runs the audit suite of GraphQL over HTTP against the server at an address, and prints a line of JSON for each check.
import { auditServer } from "graphql-http";

for (const { id, name, status, reason } of await auditServer({ url: process.argv[2] })) {
  console.log(JSON.stringify({ id, name, status, reason }));
}
