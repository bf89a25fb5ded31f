"""GraphQL over HTTP, health, and the page to write queries in."""
